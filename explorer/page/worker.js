"use strict";
// The engine, kept warm. Two of these run: one sharpens what is set, the other scouts what every option would do.
//
// The newest wish wins, but a first level that has begun is finished: else a drag of sixty changes a second would
// show nothing. Later levels give way between slices. The worker is never terminated: a new one would compile anew.

const LEVELS = [16, 64, 256, 1024];
const FEW = [16, 32]; // on which options are tried
const SLICE_MS = 12;
const FIRST_MS = 60; // what the first level of one arm may take
const REMEMBERED = 60;

class Fault extends Error {}
class Trap extends Error {}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
let module = null;
let engine = null;
let held = {}; // the open sessions, by their part
let wanted = null;
let scouting = null;
let picture = null;
let running = false;
let pace = 0; // milliseconds a phone, of late
let first = null; // the first level, once it is known how fast this machine is
const remembered = new Map();

// --- the engine ---

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const raw = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  return WebAssembly.compile(await raw.arrayBuffer());
}

function begin() {
  const imports = {};
  for (const wish of WebAssembly.Module.imports(module)) {
    (imports[wish.module] ??= {})[wish.name] = () => {
      throw new Error(`the engine called ${wish.name}`);
    };
  }
  engine = new WebAssembly.Instance(module, imports).exports;
  engine.init();
  held = {};
}

// The view is made anew each time: memory that grew has left the old one behind.
const said = () => decoder.decode(new Uint8Array(engine.memory.buffer, engine.out_ptr() >>> 0, engine.out_len() >>> 0));

function ask(question) {
  let answer;
  try {
    const bytes = encoder.encode(JSON.stringify(question));
    const at = engine.alloc(bytes.length) >>> 0;
    new Uint8Array(engine.memory.buffer, at, bytes.length).set(bytes);
    engine.call(at, bytes.length);
    answer = JSON.parse(said());
  } catch (error) {
    const words = lastWords();
    begin(); // after a trap nothing that the instance holds can be relied on
    remembered.clear();
    throw new Trap(words || String(error));
  }
  if (answer.fault !== undefined) throw new Fault(answer.fault);
  return answer;
}

function lastWords() {
  try {
    return said().trim();
  } catch {
    return "";
  }
}

// --- sessions ---

function open(request) {
  return { key: JSON.stringify(request), done: 0, snaps: {}, opened: ask({ do: "open", ...request }) };
}

function close(arm) {
  if (arm && Object.values(held).every((other) => other !== arm)) ask({ do: "close", session: arm.opened.session });
}

function hold(part, request) {
  if (held[part]?.key === JSON.stringify(request)) return held[part];
  const old = held[part];
  delete held[part];
  close(old);
  const twin = Object.values(held).find((arm) => arm.key === JSON.stringify(request));
  return (held[part] = twin ?? open(request));
}

// A message to oneself lets those of the page in; a timer would wait four milliseconds.
const channel = new MessageChannel();
let resume = null;
channel.port1.onmessage = () => resume();
const breathe = () =>
  new Promise((resolve) => {
    resume = resolve;
    channel.port2.postMessage(0);
  });

async function reach(arm, devices, stale) {
  while (arm.done < devices) {
    const began = performance.now();
    const before = arm.done;
    do {
      arm.done = ask({ do: "step", session: arm.opened.session, devices: 1 }).done;
    } while (arm.done < devices && performance.now() - began < SLICE_MS);
    const each = (performance.now() - began) / (arm.done - before);
    pace = pace ? pace + 0.2 * (each - pace) : each;
    if (arm.done < devices) {
      await breathe();
      if (stale()) return false;
    }
  }
  return true;
}

const snap = (arm, base) => ask({ do: "snap", session: arm.opened.session, base: base ? base.opened.session : null });

// A snapshot of an arm that goes on growing is taken as it passes, and kept: it cannot be taken later.
async function passed(arm, devices, stale) {
  if (!arm.snaps[devices]) {
    if (!(await reach(arm, devices, stale))) return null;
    arm.snaps[devices] = snap(arm, null);
  }
  return arm.snaps[devices];
}

const plain = ({ session, ...opened }) => opened;

// --- what is set, sharpened ---

async function sharpen(wish) {
  const began = performance.now();
  const newer = () => wanted !== null;
  const key = JSON.stringify([wish.now, wish.base]);
  const results = remembered.get(key) ?? {};
  remembered.delete(key);
  remembered.set(key, results);
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value);
  for (const level of Object.keys(results)) {
    postMessage({ kind: "result", id: wish.id, ...results[level], cached: true });
  }
  if (results[LEVELS.at(-1)]) return;
  let base = hold("base", wish.base);
  let now = hold("now", wish.now);
  for (const level of [...(first ? [first] : [4, 8]), ...LEVELS]) {
    if (results[level]) continue;
    const stale = level <= (first ?? 8) ? () => false : newer;
    // An arm that has passed this level without a snapshot of it begins again.
    if (base.done > level && !base.snaps[level]) base = again("base", wish.base);
    if (now !== base && now.done > level) now = again("now", wish.now);
    const ghost = await passed(base, level, stale);
    if (!ghost) return;
    if (now !== base && !(await reach(now, level, stale))) return;
    const seen = now === base ? ghost : snap(now, base);
    results[level] = { level, now: seen, base: ghost, opened: plain(now.opened), openedBase: plain(base.opened) };
    postMessage({ kind: "result", id: wish.id, ...results[level], ms: performance.now() - began });
    if (newer()) return;
    if (level === LEVELS[0]) first ??= pace * 8 <= FIRST_MS ? 8 : 4;
    await breathe();
    if (newer()) return;
  }
}

function again(part, request) {
  const old = held[part];
  delete held[part];
  close(old);
  return (held[part] = open(request));
}

// --- what every option would do from here ---

// Each candidate is paired with what is set now on the same few phones. Where its world has a fleet of another shape
// there is no pairing, and only its figures are told.
async function scout(job) {
  if (!job.list.length) return;
  const stale = () => scouting !== null || picture !== null || wanted !== null;
  const now = hold("here", job.now);
  for (const devices of FEW) if (!(await passed(now, devices, stale))) return;
  while (job.list.length) {
    const { name, request, devices } = job.list[0];
    const key = JSON.stringify([job.now, request, devices]);
    let found = remembered.get(key);
    if (!found) {
      try {
        const there = open(request);
        try {
          if (!(await reach(there, devices, stale))) return;
          found = briefly(snap(there, now));
        } finally {
          close(there);
        }
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        found = { fault: error.message };
      }
      remembered.set(key, found);
      if (remembered.size > 20 * REMEMBERED) remembered.delete(remembered.keys().next().value);
    }
    job.list.shift();
    postMessage({ kind: "hint", id: job.id, name, here: briefly(now.snaps[devices]), there: found });
    await breathe();
    if (stale()) return;
  }
  postMessage({ kind: "hinted", id: job.id });
}

const briefly = ({ limits, price, devices }) => ({ limits, price, devices });

async function draw(job) {
  const now = hold("here", job.arm);
  for (const devices of FEW) if (!(await passed(now, devices, () => picture !== null))) return;
  const day = ask({ do: "day", session: now.opened.session, device: job.device, narrow: job.narrow });
  postMessage({ kind: "day", id: job.id, ...day });
}

// --- messages ---

async function loop() {
  if (running) return;
  running = true;
  while (wanted || picture || scouting) {
    const [job, work] = wanted ? [wanted, sharpen] : picture ? [picture, draw] : [scouting, scout];
    if (work === sharpen) wanted = null;
    else if (work === draw) picture = null;
    else scouting = null;
    try {
      await work(job);
      // A picture asked for in between puts the scout off; something else that is set ends what it did.
      if (work === scout && job.list.length && !scouting && !wanted) scouting = job;
    } catch (error) {
      if (error instanceof Fault) postMessage({ kind: "fault", id: job.id, text: error.message });
      else if (error instanceof Trap) postMessage({ kind: "trap", id: job.id, text: error.message });
      else throw error;
    }
  }
  running = false;
}

async function boot(data) {
  try {
    module = data.module ?? (await unpack(data.text));
    begin();
    postMessage({ kind: "ready", module });
    loop();
  } catch (error) {
    postMessage({ kind: "unable", text: String(error.message ?? error) });
  }
}

// A scenario that the reader brought is opened once to learn its name and values, or its fault.
function examine({ text, id }) {
  try {
    const read = open({ scenario: null, text, set: [] });
    close(read);
    postMessage({ kind: "examined", id, opened: plain(read.opened) });
  } catch (error) {
    postMessage({ kind: "examined", id, fault: error.message });
  }
}

onmessage = ({ data }) => {
  if (data.kind === "boot") boot(data);
  else if (data.kind === "examine") examine(data);
  else if (data.kind === "want") wanted = data;
  else if (data.kind === "scout") scouting = data;
  else if (data.kind === "day") picture = data;
  else if (data.kind === "rest") scouting = { list: [] };
  if (engine) loop();
};
