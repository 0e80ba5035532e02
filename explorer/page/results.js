// A result on the page: the sentence, the figures beside the pictures, the commands. All of it is of one result and of
// the settings that it was asked with, which in a drag are no longer those of the controls.

let result = null; // { level, now, base, opened, state, different } as `show` of page.js put it together

const toldOf = (snap) => snap.limits.find((limit) => limit.name === state.within) ?? {};
const strong = (text, name = null) => made("b", { class: name }, text);
const aside = (text) => (text ? made("span", {}, " ", made("small", {}, `(${text})`)) : "");
const WARNING = "Warning: ";
const points = (share) => (100 * share).toFixed(0);
const finePoints = (share) => (100 * share).toFixed(1);

function paint() {
  if (!result) return;
  paintSentence();
  paintCurve();
  paintLevels();
  causesPicture($("causes"), result.now.causes, result.base.causes, result.different);
  paintMean();
  paintPrice();
  paintCommands();
  paintTables();
  paintRests();
}

// --- the sentence ---

function paintSentence() {
  const { now, base, different } = result;
  const limit = limitOf(state.within);
  const here = toldOf(now);
  const there = toldOf(base);
  const widths = [widthOf(here), different ? widthOf(there) : 0];
  const width = known(...widths) ? Math.max(...widths) : null;
  const share = [strong(percent(here.told, width)), ` of new mail is told within ${limit.label.replace(" ", NB)}`, aside(between(here.low, here.high, points) && `95${NB}%: ${between(here.low, here.high, points)}`)];
  const parts = [lead(), ...share, ...(different ? difference(here, percent(there.told, width)) : []), ". ", ...median(), ...exposure()];
  $("sentence").replaceChildren(...parts);
}

const nameOf = (arm) => (arm.scenario === OWN ? own.name : arm.scenario);

// What differs from the baseline, in the half sentences that the keys declare.
function lead() {
  const { state: arms, different } = result;
  if (!different) return settings(arms.now).length ? "As the baseline has it, " : `As ${nameOf(arms.now)} stands, `;
  const differs = catalogue.controls
    .filter((control) => applies(control, arms.now) && valueOf(arms.now, control.key) !== valueOf(arms.base, control.key))
    .filter((control) => valueOf(arms.now, control.key) !== undefined)
    .map((control) => half(control, valueOf(arms.now, control.key)));
  if (differs.length && arms.now.scenario === arms.base.scenario) return `With ${listed(differs)}, `;
  return `As in ${nameOf(arms.now)}${differs.length ? `, with ${listed(differs, 2)}` : ""}, `;
}

function difference(here, was) {
  const { value, low, high } = here.difference ?? {};
  if (!known(value)) return [`, against ${was} in the baseline`];
  if (known(low, high) && low <= 0 && high >= 0) {
    return [`, against ${was} in the baseline: `, strong(`no difference that ${result.level} phones can show`), aside(`${between(low, high, (share) => signed(100 * share, 1))} points`)];
  }
  const fine = known(low, high) && high - low < 0.02;
  if (Math.abs(value) < (fine ? 0.0005 : 0.005)) return [", as in the baseline", aside(between(low, high, (share) => signed(100 * share, 1)))];
  const write = (share) => signed(100 * share, fine ? 1 : 0);
  return [`, ${value > 0 ? "up" : "down"} from ${was}: `, strong(`${signed(100 * value, fine ? 1 : 0)}${NB}points`), aside(between(low, high, write))];
}

function median() {
  const { now, base, different } = result;
  if (!known(now.median.seconds)) return ["Less than half of it is told in the time measured. "];
  const was = different ? ` (baseline ${duration(base.median.seconds)})` : "";
  return ["Half of it is told within ", strong(duration(now.median.seconds)), was, ". "];
}

function exposure() {
  const { value, low, high } = result.now.price.exposure_hours;
  if (value < 0.05) return ["The price: none; a locked phone never has the key in reach."];
  const was = result.different ? `baseline ${hours(result.base.price.exposure_hours.value)}` : "";
  const within = [between(low, high, (number) => number.toFixed(1)), was].filter(Boolean).join("; ");
  return ["The price: on a locked phone the key is in reach ", strong(`${hours(value)}${NB}hours a day`, "price"), aside(within), "."];
}

// --- the curve ---

function paintCurve() {
  const { now, base, different } = result;
  const limit = limitOf(state.within);
  const [nowAt, baseAt] = [toldOf(now).told, toldOf(base).told];
  glide($("chart"), { now: now.curve, base: base.curve, nowAt, baseAt, seconds: limit.seconds, different });
  const against = different ? `; baseline ${percent(baseAt)}` : "";
  $("chart").setAttribute("aria-label", `Share of new mail told, over time. Within ${limit.label}: ${percent(nowAt)}${against}. The figures stand in the table below.`);
  const gain = different && known(nowAt, baseAt) ? ` (${signed(100 * (nowAt - baseAt), 0)}${NB}pt)` : "";
  $("mini").replaceChildren(strong(percent(nowAt)), ` in ${limit.label}${gain} · key `, strong(`${hours(now.price.exposure_hours.value)}${NB}h/day`, "price"));
}

function paintLevels() {
  const { level } = result;
  const chips = LEVELS.map((step) => made("span", { class: step <= level ? "level on" : "level" }, counted(step)));
  const word = level < 64 ? " rough, sharpening" : level < FULL && worker ? " sharpening" : "";
  $("levels").replaceChildren("phones ", ...chips, word);
}

// The curve speaks first: the time that it begins with must not pass for the one that matters.
const NEUTRAL = "Ask within any time: an hour is only where it starts.";

// What both curves are at the time under the pointer.
function readCurve(event) {
  const svg = $("chart");
  const p = plane(svg);
  const seconds = p.seconds(((event.clientX - svg.getBoundingClientRect().left) * p.width) / svg.clientWidth);
  if (!result || seconds < AXIS[0][0] || seconds > AXIS.at(-1)[0]) return ($("reading").textContent = NEUTRAL);
  const [here, low, high] = [1, 2, 3].map((column) => shareAt(result.now.curve, seconds, column));
  const range = between(low, high, points);
  const was = result.different ? `, baseline ${percent(shareAt(result.base.curve, seconds))}` : "";
  $("reading").textContent = `within ${duration(seconds)}: ${percent(here)}${range ? ` (${range})` : ""}${was}`;
}

// --- causes and price ---

function paintMean() {
  const wait = (snap) => snap.causes.reduce((sum, cause) => sum + cause.seconds, 0);
  const was = result.different ? `, in the baseline ${duration(wait(result.base))}` : "";
  $("mean").textContent = `Told mail waits ${duration(wait(result.now))} in the mean${was}.`;
}

function paintPrice() {
  const { exposure_hours: reach, process_hours: memory, keychain_hours: keychain, energy_mah: energy, server_reads_mail, key_leaves } = result.now.price;
  const before = result.base.price;
  const was = (now, then, unit) => (result.different && now.toFixed(1) !== then.toFixed(1) ? ` (baseline ${then.toFixed(1)}${unit})` : "");
  $("price").replaceChildren(made("b", {}, `${hours(reach.value)}${NB}h`), " a day the key is in reach of who holds the locked phone", aside(between(reach.low, reach.high, (value) => value.toFixed(1))));
  const notes = [];
  if (reach.value >= 0.05) notes.push(`Of it ${memory.value.toFixed(1)}${NB}h in the memory of a living process, ${keychain.value.toFixed(1)}${NB}h readable in the keychain.`);
  notes.push(`In the background ${energy.value.toFixed(1)}${NB}mAh a day${was(energy.value, before.energy_mah.value, "")}.`);
  if (server_reads_mail?.value > 0) notes.push("A server reads the mail.");
  if (key_leaves?.value > 0) notes.push("The key leaves the phone.");
  $("price-note").textContent = notes.join(" ");
  const warnings = (result.now.sentences ?? []).filter((said) => said.startsWith(WARNING));
  $("warnings").replaceChildren(...warnings.map((said) => made("li", {}, said.slice(WARNING.length))));
  paintScatter();
}

function paintScatter() {
  const here = { kind: "now", name: "now", share: toldOf(result.now).told, hours: result.now.price.exposure_hours.value };
  const there = { kind: "ghost", name: "baseline", share: toldOf(result.base).told, hours: result.base.price.exposure_hours.value };
  const marks = [here, ...(result.different ? [there] : []), ...(result.id === latest ? optionPoints() : [])].filter((point) => known(point.share, point.hours));
  if (marks.length) pricePicture($("scatter"), marks, limitOf(state.within).label);
  const named = marks.filter((mark) => mark.gain === undefined).map((mark) => `${mark.name}: ${percent(mark.share)} for ${hours(mark.hours)} h a day`);
  $("scatter").setAttribute("aria-label", `Share told within ${limitOf(state.within).label} against hours a day the key is in reach. ${named.join("; ")}. What each option would do stands under it.`);
}

// Each option lies from where we are as far as its few phones lie from themselves: the figures of 32 phones beside
// those of 1,024 would differ for that alone.
function optionPoints() {
  const found = [];
  for (const [name, hint] of hints) {
    const [key, value] = parted(name, "\n");
    const control = controlOf(key);
    const gain = gained(hint);
    if (control.role !== "decision" || !gain) continue;
    const share = Math.min(1, Math.max(0, toldOf(result.now).told + gain.points));
    const price = Math.min(24, Math.max(0, result.now.price.exposure_hours.value + gain.more));
    const title = `${control.label}: ${valueLabel(control, value)}. ${percent(share)} for ${hours(price)} h a day`;
    const kind = control.kind === "choice" ? "option" : "stop";
    found.push({ kind, name: valueLabel(control, value), title, share, hours: price, gain: gain.points });
  }
  return found;
}

// --- what one takes along ---

function paintCommands() {
  const { line, why } = comparison(result.state, result.level);
  $("run").textContent = runCommand(result.state.now, result.level);
  $("compare").textContent = line ?? "";
  $("compare").hidden = !line;
  $("compare-why").textContent = why ?? "";
  $("compare-copy").disabled = !line;
  const mine = [result.state.now, result.state.base].some((arm) => arm.scenario === OWN);
  $("take-note").textContent = `These commands give the same figures, to the last digit${mine ? `, where your scenario is saved as ${fileName()}` : ""}.`;
  $("fingerprint").textContent = result.now.fingerprint;
  $("books").textContent = result.now.books;
  $("phones").textContent = counted(result.level);
}

function paintTables() {
  const { now, base, different } = result;
  const head = (...texts) => made("thead", {}, made("tr", {}, ...texts.map((text) => made("th", { scope: "col" }, text))));
  const row = (name, ...cells) => made("tr", {}, made("th", { scope: "row" }, name), ...cells.map((cell) => made("td", {}, cell)));
  const columns = (name, unit) => head(name, "now", unit, ...(different ? ["baseline", "difference", unit] : []));
  const limits = now.limits.map((limit, i) => {
    const gap = limit.difference ?? {};
    const paired = [finePoints(base.limits[i].told), known(gap.value) ? signed(100 * gap.value, 1) : "", between(gap.low, gap.high, (share) => signed(100 * share, 1))];
    return row(limitOf(limit.name)?.label ?? limit.name, finePoints(limit.told), between(limit.low, limit.high, finePoints), ...(different ? paired : []));
  });
  $("figures").replaceChildren(made("caption", {}, "Told within, per cent"), columns("within", "95 %"), made("tbody", {}, ...limits));
  const prices = [["key in reach while locked, h", "exposure_hours"], ["of it in memory, h", "process_hours"], ["in the keychain, h", "keychain_hours"], ["background energy, mAh", "energy_mah"]];
  const one = (value) => value.toFixed(1);
  const priced = prices.map(([name, key]) => row(name, one(now.price[key].value), between(now.price[key].low, now.price[key].high, one), ...(different ? [one(base.price[key].value)] : [])));
  $("prices").replaceChildren(made("caption", {}, "The price"), head("a day", "now", "95 %", ...(different ? ["baseline"] : [])), made("tbody", {}, ...priced));
}

function paintRests() {
  const sentences = (result.now.sentences ?? []).filter((said) => !said.startsWith(WARNING));
  const said = [...new Set([...sentences, ...(result.opened?.notes ?? [])])];
  $("rests").replaceChildren(...said.map((text) => made("li", {}, text)));
  $("rests-card").hidden = !said.length;
}

// --- one day ---

// The picture is parsed as a document of its own; what it may do there the page's policy has decided.
function paintDay({ svg, device: number, date, list }) {
  const parsed = new DOMParser().parseFromString(svg.replace(/<style>[^]*?<\/style>/g, ""), "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return;
  const wide = $("day").clientWidth < 0.7 * parsed.getAttribute("width");
  $("day").classList.toggle("wide", wide);
  $("day").tabIndex = wide ? 0 : -1;
  parsed.removeAttribute("width");
  parsed.removeAttribute("height");
  $("day").replaceChildren(document.importNode(parsed, true));
  if (document.activeElement !== $("device")) $("device").value = number;
  $("day-date").textContent = date ?? "";
  $("day-list").replaceChildren(...(list ?? []).map((line) => made("li", {}, line)));
}
