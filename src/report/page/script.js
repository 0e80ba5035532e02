"use strict";
// The page is complete without this script, which only adds what it takes a script to do.
for (const extra of document.querySelectorAll("[data-extra]")) extra.hidden = false;

// Copies the command, or selects it where the browser keeps the clipboard to itself.
const copy = document.getElementById("copy");
copy?.addEventListener("click", async () => {
  const command = document.querySelector("#command code");
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(command.textContent);
    said.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(command);
    said.textContent = "The browser allows no copying here. The command is selected: press Ctrl+C or ⌘C.";
  }
});

for (const button of document.querySelectorAll("[data-save]")) {
  button.addEventListener("click", () => {
    const picture = new XMLSerializer().serializeToString(button.closest("figure").querySelector("svg"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
    link.download = button.dataset.save;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
}

// On paper nobody can open a scenario.
const opened = [];
addEventListener("beforeprint", () => {
  if (!document.getElementById("print-all")?.checked) return;
  for (const part of document.querySelectorAll("#scenarios details:not([open])")) {
    part.open = true;
    opened.push(part);
  }
});
addEventListener("afterprint", () => {
  for (const part of opened.splice(0)) part.open = false;
});

// Shows the assumptions that rest on what was chosen and contain every word that is sought.
const search = document.getElementById("search");
const tags = [...document.querySelectorAll("button[data-tag]")];
const bases = [...document.querySelectorAll("tbody[data-tag]")];
const filter = () => {
  const chosen = tags.find((tag) => tag.getAttribute("aria-pressed") === "true").dataset.tag;
  const words = search.value.toLowerCase().split(/\s+/);
  let all = 0, shown = 0;
  for (const basis of bases) {
    const wanted = chosen === "" || basis.dataset.tag === chosen;
    let left = 0;
    for (const row of basis.querySelectorAll("tr:not(.group)")) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(wanted && words.every((word) => text.includes(word)));
      left += row.hidden ? 0 : 1;
      all += 1;
    }
    basis.hidden = left === 0;
    shown += left;
  }
  document.getElementById("found").textContent = shown === all ? "" : `${shown} of ${all} numbers are shown.`;
};
for (const tag of tags) {
  tag.addEventListener("click", () => {
    for (const other of tags) other.setAttribute("aria-pressed", other === tag);
    filter();
  });
}
search?.addEventListener("input", filter);
