// The page: what was baked in is painted first; then every choice is asked of the engine, and what it answers shown.

const FULL = 1024;
const LEVELS = [16, 64, 256, FULL];
const SCOUTED = 32;
const REST_MS = 900; // before a screen reader is told
const SETTLE_MS = 150; // before the options are scouted
const LINK_MS = 250; // browsers allow some hundred changes of an address a minute

let baked = null;
let worker = null;
let scout = null;
let latest = 0;
let scouted = 0; // what the options were last tried from
let notice = ""; // said with the next result
const arrived = location.hash; // the link by which the reader came
let device = null; // none: one near the median
const jobs = new Map(); // what was asked, by its number

// What must come once the hand is at rest.
const timers = {};
function later(name, wait, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, wait);
}

const say = (text) => {
  $("fault").textContent = text;
};

// --- asking ---

function ask() {
  latest += 1;
  const job = { id: latest, state: { now: copied(state.now), base: copied(state.base) }, asked: performance.now() };
  jobs.set(latest, job);
  document.body.dataset.latest = latest;
  for (const helper of [scout, worker]) helper?.postMessage({ kind: "rest" });
  clearHints();
  syncControls();
  later("link", LINK_MS, writeLink);
  const opened = bakedResult(job.state);
  if (opened) show(opened, job);
  else worker?.postMessage({ kind: "want", id: latest, now: request(state.now), base: request(state.base) });
}

// The opening was computed when the page was made.
function bakedResult(arms) {
  const first = opening();
  const now = baked.opening.now.at(-1);
  if (!now || !same(arms.now, first.now) || !same(arms.base, first.base)) return null;
  return { level: now.devices, now, base: baked.opening.base.at(-1), opened: baked.opening.now_open };
}

// Once for what is set, when its curve is sharp enough to stay and the hand has come to rest. Where the worker that
// sharpens has nothing left to do, it helps.
function askScout() {
  if (!scout || scouted === latest || result?.id !== latest || result.level < 64) return;
  scouted = latest;
  if ($("day-card").open) askDay();
  const helpers = result.level >= FULL ? [scout, worker] : [scout];
  const list = candidates();
  const now = request(state.now);
  helpers.forEach((helper, i) => {
    helper.postMessage({ kind: "scout", id: latest, now, list: list.filter((_, place) => place % helpers.length === i) });
  });
  document.body.dataset.scouting = helpers.length;
}

function askDay() {
  const narrow = $("day").clientWidth < 600;
  scout?.postMessage({ kind: "day", id: latest, arm: request(state.now), device, narrow });
}

// --- hearing ---

function heard({ data }) {
  if (data.kind === "ready") ready(data.module);
  else if (data.kind === "unable") unable(data.text);
  else if (data.kind === "examined") examined(data);
  else if (data.kind === "result") show(data, jobs.get(data.id));
  else if (data.kind === "fault" && data.id === latest) say(data.text);
  else if (data.kind === "hint" || data.kind === "hinted") scoutHeard({ data });
  else if (data.kind === "trap") say(`The engine stopped and was started again: ${data.text}`);
}

function scoutHeard({ data }) {
  if (data.kind === "unable") scout = null;
  if (data.id !== latest) return;
  if (data.kind === "day") paintDay(data);
  else if (data.kind === "hinted") hinted();
  else if (data.kind === "hint") {
    hints.set(data.name, data);
    paintHint(data.name);
    later("scatter", 60, paintScatter);
  }
}

// All that were sent out are back.
function hinted() {
  document.body.dataset.scouting -= 1;
  if (+document.body.dataset.scouting === 0) document.body.dataset.hinted = latest;
}

function show(found, job) {
  if (!job || (result && (job.id < result.id || (job.id === result.id && found.level <= result.level)))) return;
  if (found.now.apart && job.id === latest) return becomesItsBaseline(found.now.apart);
  if (job.id !== result?.id) {
    say(notice);
    notice = "";
  }
  for (const id of jobs.keys()) if (id < job.id) jobs.delete(id);
  result = { ...found, id: job.id, state: job.state, different: !same(job.state.now, job.state.base) };
  paint();
  Object.assign(document.body.dataset, { shown: job.id, level: found.level, after: Math.round(performance.now() - job.asked) });
  later("live", REST_MS, announce);
  if (job.id === latest && scouted !== latest) later("scout", SETTLE_MS, askScout);
}

// Fleets of another shape cannot be paired phone by phone: a scenario that meets another world is its own baseline.
function becomesItsBaseline(why) {
  state.base = copied(state.now);
  notice = `${why.replaceAll("`", "")}. What is set now has become its own baseline.`;
  ask();
}

// --- the engine ---

function boot() {
  if (!("WebAssembly" in self && "DecompressionStream" in self)) return unable("this browser is too old");
  const text = $("engine").textContent.trim();
  worker = engineWorker(heard);
  worker?.postMessage({ kind: "boot", text });
}

function engineWorker(onmessage) {
  try {
    const address = URL.createObjectURL(new Blob([$("worker").textContent], { type: "text/javascript" }));
    const made = new Worker(address);
    made.onmessage = onmessage;
    made.onerror = (event) => unable(event.message ?? "the worker was refused");
    return made;
  } catch (error) {
    unable(String(error.message ?? error));
    return null;
  }
}

// The module that one worker compiled serves the other too.
function ready(module) {
  scout = engineWorker(scoutHeard);
  scout?.postMessage({ kind: "boot", module });
  document.body.dataset.engine = "ready";
  if (arrived.length > 1) followLink(arrived);
  else if (result?.id === latest) askScout();
  else ask();
}

// Where the engine is forbidden, as in many a mail preview, the opening stays readable, and says why it stands still.
function unable(why) {
  worker = null;
  document.body.dataset.engine = "none";
  for (const input of document.querySelectorAll("#settings input, #settings select, #settings textarea, #settings button")) input.disabled = true;
  say(`The engine cannot run here (${why}). What you see was computed beforehand; open the file in a browser to change it.`);
}

// --- choices ---

function choose({ control, value, limit }) {
  if (limit) {
    state.within = limit;
    syncControls();
    paint();
    paintHints();
    later("link", LINK_MS, writeLink);
    later("live", REST_MS, announce);
    return;
  }
  decide(control, value);
  ask();
}

function chooseScenario(name) {
  state.now = { scenario: name, sets: {} };
  alignWorld();
  ask();
}

const announce = () => {
  $("live").textContent = $("sentence").textContent;
};

function hold() {
  state.base = copied(state.now);
  ask();
}

function reset() {
  const within = state.within;
  state = { ...opening(), within };
  device = null;
  ask();
}

// --- a scenario of one's own ---

let examining = null; // what to do with the scenario that the worker was given to read

function examine(text, then) {
  examining = { text, then };
  worker?.postMessage({ kind: "examine", text });
}

function examined({ opened, fault }) {
  const { text, then } = examining ?? {};
  $("own-fault").textContent = fault ?? "";
  $("own-text").setAttribute("aria-invalid", String(fault !== undefined));
  if (fault !== undefined) return;
  own = { name: opened.name, text, values: opened.values, question: "" };
  fillScenarios();
  if (then === "use") {
    state.now = { scenario: OWN, sets: {} };
    state.base = { scenario: OWN, sets: {} };
    $("own").open = false;
  } else if (then.state) {
    state = then.state;
  }
  ask();
}

async function readFile(file) {
  if (!file) return;
  if (file.size > 1e6) return ($("own-fault").textContent = "This file is larger than a scenario can be.");
  $("own-text").value = await file.text();
  examine($("own-text").value, "use");
}

// --- the link ---

// Not before the link by which the reader came was followed.
function writeLink() {
  if (document.body.dataset.engine !== "ready") return;
  try {
    history.replaceState(null, "", link());
  } catch {
    // A frame of another origin may not change its address; nothing depends on it.
  }
}

function followLink(fragment) {
  const read = linked(fragment);
  notice = read.ignored ? "Part of this link was not understood and is left out." : "";
  const usesOwn = [read.state.now, read.state.base].some((arm) => arm.scenario === OWN);
  if (usesOwn && read.text) return examine(read.text, { state: read.state });
  if (usesOwn && !own) {
    notice = "This link was made with a scenario of its writer's own, which it does not carry.";
    read.state = opening();
  }
  state = read.state;
  ask();
}

// --- taking along ---

const takings = {
  run: () => $("run").textContent,
  compare: () => $("compare").textContent,
  // The engine opens a scenario with no phones, and takes as many as are shown.
  scenario: () => (result?.opened?.effective ?? "").replace(/^devices = 0$/m, `devices = ${result?.level}`),
  link: () => location.href.split("#")[0] + link(),
};

async function copy(what) {
  const text = takings[what]();
  const lacks = what === "link" ? linkLacks() : "";
  try {
    await navigator.clipboard.writeText(text);
    $("copied").textContent = copiedBut(lacks);
  } catch {
    copyByHand(text, lacks);
  }
  // What has to be acted upon stays until something else is copied.
  if (lacks) clearTimeout(timers.copied);
  else later("copied", 2500, () => ($("copied").textContent = ""));
}

const copiedBut = (lacks) => `Copied${lacks || "."}`;

// Where the clipboard is closed to the page the text is selected for the reader to copy.
function copyByHand(text, lacks) {
  const area = made("textarea", { class: "sr", "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  document.body.append(area);
  area.select();
  $("copied").textContent = document.execCommand("copy") ? copiedBut(lacks) : "The clipboard is closed to this page.";
  area.remove();
}

// --- beginning ---

function listen() {
  $("scenario").addEventListener("change", (event) => chooseScenario(event.target.value));
  $("hold").addEventListener("click", hold);
  $("reset").addEventListener("click", reset);
  $("own-read").addEventListener("click", () => examine($("own-text").value, "use"));
  $("own-file").addEventListener("change", (event) => readFile(event.target.files[0]));
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button.dataset.copy));
  $("day-card").addEventListener("toggle", () => $("day-card").open && askDay());
  $("device").addEventListener("input", (event) => pickDevice(Math.trunc(+event.target.value)));
  $("typical").addEventListener("click", () => pickDevice(null));
  $("chart").addEventListener("pointermove", readCurve);
  $("chart").addEventListener("pointerleave", () => ($("reading").textContent = NEUTRAL));
  addEventListener("hashchange", () => followLink(location.hash));
  addEventListener("resize", () => later("resize", 80, resized));
  addEventListener("beforeprint", paint);
}

function pickDevice(number) {
  device = Number.isInteger(number) ? Math.min(SCOUTED - 1, Math.max(0, number)) : null;
  askDay();
}

function resized() {
  if (!result) return;
  paint();
  paintHints();
}

function begin() {
  baked = JSON.parse($("baked").textContent);
  ({ catalogue, start } = baked);
  if (start.scenario === null) own = { name: start.name, text: start.text, values: start.values, question: "" };
  $("still").hidden = true;
  $("app").hidden = false;
  fillScenarios();
  buildControls(choose);
  listen();
  $("reading").textContent = NEUTRAL;
  $("day-card").open = matchMedia("(min-width: 901px)").matches;
  state = opening();
  ask();
  performance.mark("opening");
  document.addEventListener("DOMContentLoaded", boot);
}

begin();
