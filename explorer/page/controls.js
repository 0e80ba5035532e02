// The controls: made from what the keys declare, kept in step with what is set, and with what each option would do
// from here beneath it.

const $ = (id) => document.getElementById(id);
const idOf = (key) => key.replace(/\W+/g, "-");
const hintName = (control, value) => `${control.key}\n${value}`;
const SAMPLED = 6; // stops of a slider that are scouted

let hints = new Map(); // by hintName: { here, there } as the scout found them
let chosen = () => {};

function buildControls(onChoice) {
  chosen = onChoice;
  for (const control of catalogue.controls) {
    $(control.role === "world" ? "world" : "decisions").append(buildControl(control));
  }
  $("limits").replaceChildren(
    ...catalogue.limits.map((limit) =>
      radio("limit", limit.name, limit.label, () => chosen({ limit: limit.name })),
    ),
  );
}

function buildControl(control) {
  const id = idOf(control.key);
  const says = made("p", { class: "says note", id: `says-${id}`, hidden: true }, ...about(control));
  const more = made(
    "button",
    { type: "button", class: "about", "aria-expanded": "false", "aria-controls": says.id, "aria-label": `About ${control.label}: ${control.tag ?? ""}`, title: `${control.key}: ${control.says ?? ""}` },
    control.tag || "about",
  );
  more.addEventListener("click", () => {
    says.hidden = !says.hidden;
    more.setAttribute("aria-expanded", String(!says.hidden));
  });
  const head = made("div", { class: "head" }, made("span", { class: "name", id: `name-${id}` }, control.label), more);
  const body = control.kind === "choice" ? segments(control, id) : slider(control, id, head);
  return made("div", { class: "control", id: `control-${id}` }, head, says, ...body);
}

function about({ key, says, tag, source, plausible }) {
  const basis = [tag, plausible && `plausible ${plausible}`, source].filter(Boolean).join("; ");
  return [`${says ?? ""}${basis ? ` (${basis})` : ""} `, made("code", {}, key)];
}

function radio(group, value, text, onchange, ...more) {
  return made("label", {}, made("input", { type: "radio", name: group, value, onchange }), made("span", {}, text), ...more);
}

function segments(control, id) {
  const options = control.options.map((option) =>
    radio(id, option.set, option.label, () => chosen({ control, value: option.set }), made("small", { "data-hint": hintName(control, option.set) })),
  );
  const wordy = control.options.some((option) => option.label.length > 20);
  const columns = wordy ? 2 : ({ 1: 1, 2: 2, 4: 2, 5: 5 }[options.length] ?? 3);
  return [made("div", { class: `segments of-${columns}`, role: "radiogroup", "aria-labelledby": `name-${id}` }, ...options)];
}

function slider(control, id, head) {
  head.insertBefore(made("output", { id: `value-${id}`, for: `range-${id}` }), head.lastChild);
  const range = made("input", {
    type: "range", id: `range-${id}`, min: 0, max: control.steps.length - 1, step: 1,
    "aria-labelledby": `name-${id}`, "aria-describedby": `over-${id}`,
    oninput: (event) => chosen({ control, value: control.steps[event.target.value] }),
  });
  const spark = drawn("svg", { class: "spark-plot", id: `spark-${id}`, "aria-hidden": "true" });
  const ends = made("div", { class: "ends note" }, made("span", {}, stepLabel(control, 0)), made("span", { class: "over", id: `over-${id}` }), made("span", {}, stepLabel(control, control.steps.length - 1)));
  return [made("div", { class: "slider" }, made("span", { class: "tick", id: `tick-${id}`, title: "the baseline" }), range), spark, ends];
}

const stepLabel = (control, index) => control.labels?.[index] ?? spoken(control.steps[index]);

function valueLabel(control, value) {
  if (control.kind === "choice") return control.options.find((option) => option.set === value)?.label ?? spoken(value);
  const index = control.steps.indexOf(value);
  return index < 0 ? spoken(value) : stepLabel(control, index);
}

// How a value is said in the sentence, such as "the key in the device keychain".
function half(control, value) {
  if (control.kind === "number") return control.half.replace("{}", valueLabel(control, value).replaceAll(" ", NB));
  return control.options.find((option) => option.set === value)?.half ?? `${control.label.toLowerCase()} ${spoken(value)}`;
}

// The stop that lies nearest to a value that is none.
function nearestStep(control, value) {
  const exact = control.steps.indexOf(value);
  if (exact >= 0 || value === undefined) return Math.max(0, exact);
  const sizes = control.steps.map(size);
  const near = sizes.map((step) => Math.abs(step - size(value)));
  return Math.max(0, near.indexOf(Math.min(...near)));
}

function size(value) {
  const units = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86400 };
  const parts = [...String(value).matchAll(/([\d.]+)(ms|[smhd])?/g)];
  return parts.reduce((sum, [, number, unit]) => sum + number * (units[unit] ?? 1), 0);
}

// --- in step with what is set ---

function syncControls() {
  for (const control of catalogue.controls) syncControl(control);
  for (const input of $("limits").querySelectorAll("input")) input.checked = input.value === state.within;
  const scenario = scenarioOf(state.now);
  $("scenario").value = state.now.scenario;
  $("question").textContent = (scenario?.question ?? "").replaceAll("`", "");
  $("hold").disabled = same(state.now, state.base);
}

function syncControl(control) {
  const id = idOf(control.key);
  const box = $(`control-${id}`);
  const value = valueOf(state.now, control.key);
  const before = valueOf(state.base, control.key);
  box.hidden = !applies(control, state.now);
  box.classList.toggle("changed", value !== before && value !== undefined);
  if (control.kind === "choice") {
    for (const input of box.querySelectorAll("input")) {
      input.checked = input.value === value;
      input.parentElement.classList.toggle("was", input.value === before && value !== before);
    }
    return;
  }
  const range = $(`range-${id}`);
  const index = nearestStep(control, value);
  if (+range.value !== index) range.value = index;
  const words = value === undefined ? "" : valueLabel(control, value);
  range.setAttribute("aria-valuetext", words);
  range.style.setProperty("--part", index / (control.steps.length - 1));
  $(`value-${id}`).textContent = words;
  const tick = $(`tick-${id}`);
  tick.style.setProperty("--part", nearestStep(control, before) / (control.steps.length - 1));
}

function fillScenarios() {
  const mine = own ? [made("option", { value: OWN }, `${own.name} (yours)`)] : [];
  $("scenario").replaceChildren(...mine, ...catalogue.scenarios.map(({ name }) => made("option", { value: name }, name)));
}

// --- what each option would do from here ---

const visible = () => catalogue.controls.filter((control) => applies(control, state.now));
const sampled = (steps) => {
  const last = steps.length - 1;
  const count = Math.min(steps.length, SAMPLED);
  return [...new Set(Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1 || 1))))].map((i) => steps[i]);
};

// Decisions before the world, options before sliders: in the order in which one looks. What one decides is tried on
// more phones than what only gives the shape of a slider or of the world.
function candidates() {
  const rank = (control) => (control.role === "world") * 2 + (control.kind === "number");
  return visible()
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((control) =>
      (control.kind === "choice" ? offered(control) : sampled(control.steps))
        .filter((value) => value !== valueOf(state.now, control.key))
        .map((value) => ({
          name: hintName(control, value),
          request: request(supposing(control, value).now),
          devices: rank(control) === 0 ? SCOUTED : SCOUTED / 2,
        })),
    );
}

function clearHints() {
  hints = new Map();
  document.querySelectorAll("[data-hint]").forEach((element) => element.replaceChildren());
  document.querySelectorAll(".spark-plot").forEach((svg) => svg.classList.add("old"));
  document.querySelectorAll(".over").forEach((element) => element.classList.add("old"));
}

// What a scouted setting adds: points of mail told in time and hours of the key in reach.
function gained({ here, there }) {
  if (!there.limits) return null;
  const at = (snap) => snap.limits.find((limit) => limit.name === state.within);
  const [before, after] = [at(here), at(there)];
  const points = known(after.difference?.value) ? after.difference.value : after.told - before.told;
  const sure = !after.difference || !known(after.difference.low) || after.difference.low > 0 || after.difference.high < 0;
  return { share: after.told, points, sure, more: there.price.exposure_hours.value - here.price.exposure_hours.value };
}

function paintHint(name) {
  const [key, value] = parted(name, "\n");
  const control = controlOf(key);
  if (control?.kind === "number") return paintSpark(control);
  const element = document.querySelector(`[data-hint="${CSS.escape(name)}"]`);
  const hint = hints.get(name);
  if (!element || !hint) return;
  const gain = gained(hint);
  if (!gain) return element.replaceChildren(made("span", { title: hint.there.fault ?? "" }, "not here"));
  const points = !gain.sure || Math.abs(gain.points) < 0.005 ? "≈" : `${signed(100 * gain.points, 0)}${NB}pt`;
  const price = Math.abs(gain.more) >= 0.05 ? [" ", made("span", { class: "price" }, `${signed(gain.more, 1)}${NB}h`)] : [];
  element.replaceChildren(made("span", {}, points), ...price);
  element.title = `${signed(100 * gain.points, 1)} points of mail told within ${limitOf(state.within).label}; key in reach ${signed(gain.more, 1)} h a day (${hint.there.devices} phones)`;
}

function paintSpark(control) {
  const id = idOf(control.key);
  const last = control.steps.length - 1;
  const found = control.steps
    .map((step, index) => [index / last, hints.get(hintName(control, step))])
    .filter(([, hint]) => hint?.there.limits)
    .map(([place, hint]) => [place, gained(hint).share]);
  const any = hints.values().next().value;
  const here = any?.here.limits.find((limit) => limit.name === state.within).told;
  if (known(here)) found.push([nearestStep(control, valueOf(state.now, control.key)) / last, here]);
  if (found.length < 3) return;
  found.sort((a, b) => a[0] - b[0]);
  const svg = $(`spark-${id}`);
  svg.classList.remove("old");
  sliderPicture(svg, found);
  const shares = found.map((point) => point[1]);
  const over = $(`over-${id}`);
  over.classList.remove("old");
  over.textContent = `${between(Math.min(...shares), Math.max(...shares), (share) => Math.round(100 * share))}${NB}% within ${limitOf(state.within).label}`;
}

function paintHints() {
  for (const name of hints.keys()) paintHint(name);
}
