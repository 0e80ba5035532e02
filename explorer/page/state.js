// What is set: two arms, of which one decides on `now` while `base` stays; and how a link and a command line write it.
//
// An arm is a scenario with keys set over it. A *decision* moves one arm, the *world* moves both: else a change of the
// world would pass for an effect of the decision, and the pairing of the two arms would be lost.

const OWN = "~own"; // the name, in an arm and in a link, of the scenario that the reader brought
const LONGEST_LINK = 24000;
const LONGEST_TEXT = 8000;
const LONGEST_CARRIED = 20000; // the same text as it is written in a link, where a letter may take four

let catalogue = { scenarios: [], controls: [], limits: [] };
let start = { scenario: null, set: [] };
let own = null; // { name, text, values }
let state = { now: { scenario: null, sets: {} }, base: { scenario: null, sets: {} }, within: null };

const copied = (arm) => ({ scenario: arm.scenario, sets: { ...arm.sets } });
const scenarioOf = (arm) => (arm.scenario === OWN ? own : catalogue.scenarios.find((s) => s.name === arm.scenario));
const scenarioValue = (arm, key) => scenarioOf(arm)?.values?.[key];
const valueOf = (arm, key) => arm.sets[key] ?? scenarioValue(arm, key);
const controlOf = (key) => catalogue.controls.find((control) => control.key === key);
const limitOf = (name) => catalogue.limits.find((limit) => limit.name === name);
const offered = (control) => (control.kind === "choice" ? control.options.map((option) => option.set) : control.steps);

// Whether a control means anything in this arm: the class of a key that is nowhere stored does not.
const applies = ({ needs }, arm) => !needs || (needs.values ?? [needs.value]).includes(valueOf(arm, needs.key));

function setIn(arm, key, value) {
  if (value === scenarioValue(arm, key)) delete arm.sets[key];
  else arm.sets[key] = value;
}

function decide(control, value, of = state) {
  setIn(of.now, control.key, value);
  if (control.role === "world") setIn(of.base, control.key, value);
}

// What would be set if this one value were another.
function supposing(control, value) {
  const other = { now: copied(state.now), base: copied(state.base) };
  decide(control, value, other);
  return other;
}

// The world of `now` in `base` too, as far as there are controls for it.
function alignWorld() {
  for (const control of catalogue.controls) {
    const value = valueOf(state.now, control.key);
    if (control.role === "world" && value !== undefined) setIn(state.base, control.key, value);
  }
}

// The keys of an arm in a fixed order, so that one setting has one spelling, one place in the cache and one command.
function settings(arm) {
  const rank = (key) => catalogue.controls.findIndex((control) => control.key === key);
  return Object.keys(arm.sets)
    .filter((key) => !controlOf(key) || applies(controlOf(key), arm))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((key) => [key, arm.sets[key]]);
}

function request(arm) {
  const set = settings(arm).map(([key, value]) => `${key}=${value}`);
  return arm.scenario === OWN ? { scenario: null, text: own.text, set } : { scenario: arm.scenario, text: null, set };
}

const same = (a, b) => JSON.stringify(request(a)) === JSON.stringify(request(b));

// The opening: what the page was made for. Its keys that are no control's stay set.
function opening() {
  const now = { scenario: start.scenario ?? OWN, sets: {} };
  const base = { scenario: now.scenario, sets: {} };
  for (const assignment of start.set) {
    const [key, value] = parted(assignment, "=");
    if (controlOf(key)) decide(controlOf(key), value, { now, base });
    else now.sets[key] = base.sets[key] = value;
  }
  return { now, base, within: neutralLimit() };
}

// The middle of the times one may ask about: none is favoured because a setting happens to equal it.
const neutralLimit = () => catalogue.limits[Math.floor(catalogue.limits.length / 2)]?.name;

const parted = (text, by) => {
  const at = text.indexOf(by);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + by.length)];
};

// --- links ---

const armLink = (arm) =>
  [arm.scenario, ...settings(arm).map(([key, value]) => `${key}~${value}`)].map(encodeURIComponent).join(",");

function link() {
  const parts = [`now=${armLink(state.now)}`, `base=${armLink(state.base)}`, `within=${state.within}`];
  if (needsText() && !isTooLong()) parts.push(`own=${armoured(own.text)}`);
  return "#" + parts.join("&");
}

// Whether something is shown that neither the page nor a bundled scenario has.
const needsText = () => [state.now, state.base].some((arm) => arm.scenario === OWN) && own.text !== start.text;
const isTooLong = () => own.text.length > LONGEST_TEXT || armoured(own.text).length > LONGEST_CARRIED;

// What a link lacks, for who is about to send it; nothing where it lacks nothing.
const linkLacks = () =>
  needsText() && isTooLong()
    ? `, but without your scenario: its text has ${own.text.length.toLocaleString("en")} letters, and a link carries ${LONGEST_TEXT.toLocaleString("en")} at most. Send the file with it.`
    : "";

const armoured = (text) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const disarmed = (text) =>
  new TextDecoder("utf-8", { fatal: true }).decode(
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)),
  );

// Reads a link that anybody may have written: only what the page itself offers is taken, the rest is counted.
function linked(fragment) {
  const read = { state: opening(), text: null, ignored: 0 };
  const parts = fragment.length > LONGEST_LINK ? ["too long"] : fragment.replace(/^#/, "").split("&").filter(Boolean);
  for (const part of parts) {
    const [name, value] = parted(part, "=");
    try {
      if (name === "own") read.text = disarmed(value).slice(0, LONGEST_TEXT);
      else if (name === "within" && limitOf(value)) read.state.within = value;
      else if (name === "now" || name === "base") read.ignored += readArm(read.state, name, value);
      else read.ignored += 1;
    } catch {
      read.ignored += 1;
    }
  }
  return read;
}

function readArm(into, name, written) {
  const [scenario, ...assignments] = written.split(",").map(decodeURIComponent);
  if (scenario !== OWN && !catalogue.scenarios.some((bundled) => bundled.name === scenario)) return 1;
  const arm = { scenario, sets: {} };
  let ignored = 0;
  for (const assignment of assignments) {
    const [key, value] = parted(assignment, "~");
    const control = controlOf(key);
    if (control ? offered(control).includes(value) : start.set.includes(`${key}=${value}`)) arm.sets[key] = value;
    else ignored += 1;
  }
  into[name] = arm;
  return ignored;
}

// --- command lines ---

const fileName = () => (own.name.replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "") || "mine") + ".toml";
const named = (arm) => (arm.scenario === OWN ? fileName() : arm.scenario);
const flags = (flag, pairs) => pairs.flatMap(([key, value]) => [flag, quoted(`${key}=${value}`)]);

const runCommand = (arm, devices) =>
  ["bgsim run", named(arm), ...flags("--set", settings(arm)), "--devices", devices].join(" ");

// The comparison of base with now as a command, or why one line cannot say it.
function comparison({ now, base }, devices) {
  if (same(now, base)) return { why: "Nothing differs from the baseline yet: there is nothing to compare." };
  const [ours, theirs] = [settings(now), settings(base)];
  if (now.scenario === base.scenario) {
    const keys = [...new Set([...ours, ...theirs].map(([key]) => key))];
    const valueIn = (pairs, arm, key) => pairs.find((pair) => pair[0] === key)?.[1] ?? scenarioValue(arm, key);
    const changed = keys
      .map((key) => [key, valueIn(ours, now, key)])
      .filter(([key, value]) => value !== valueIn(theirs, base, key));
    const unsaid = changed.filter(([, value]) => value === undefined).map(([key]) => key);
    if (unsaid.length) return { why: `One line cannot compare these: ${unsaid.join(", ")} is set in the baseline and has no value of its own now.` };
    return { line: ["bgsim compare", named(base), ...flags("--set", theirs), ...flags("--set-b", changed), "--devices", devices].join(" ") };
  }
  if (JSON.stringify(ours) !== JSON.stringify(theirs)) {
    return { why: "One line cannot compare these: they are two scenarios, and not the same keys are set in both. Run each by its own command, or copy each as a scenario." };
  }
  return { line: ["bgsim compare", named(base), named(now), ...flags("--set", ours), "--devices", devices].join(" ") };
}
