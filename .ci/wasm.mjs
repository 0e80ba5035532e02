// What `.ci/wasm` asks of an engine.
//
//   node wasm.mjs strip IN OUT                             leaves out what only tools read
//   node wasm.mjs names < SCENARIOS.json                   the names of the bundled scenarios
//   node wasm.mjs compare ENGINE.gz DEVICES NATIVE OUT     holds its fingerprints and books against NATIVE, and writes OUT

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const [what, ...args] = process.argv.slice(2);
({ strip, names, compare })[what](...args);

// A module is a head of eight bytes, then sections: a kind, a length of seven bits a byte, and so many bytes.
function strip(from, to) {
  const bytes = readFileSync(from);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    let [next, length] = [at + 1, 0];
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[next++];
      length += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    if (bytes[at] !== 0) kept.push(bytes.subarray(at, next + length));
    at = next + length;
  }
  writeFileSync(to, Buffer.concat(kept));
}

function names() {
  console.log(JSON.parse(readFileSync(0)).scenarios.map((scenario) => scenario.name).join("\n"));
}

function instance(file) {
  const module = new WebAssembly.Module(gunzipSync(readFileSync(file)));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`the engine called ${name}`);
    };
  }
  const engine = new WebAssembly.Instance(module, imports).exports;
  engine.init();
  return engine;
}

function ask(engine, request) {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const place = engine.alloc(bytes.length);
  new Uint8Array(engine.memory.buffer, place, bytes.length).set(bytes);
  engine.call(place, bytes.length);
  const answer = JSON.parse(Buffer.from(engine.memory.buffer, engine.out_ptr(), engine.out_len()).toString());
  if (answer.fault) throw new Error(answer.fault);
  return answer;
}

function compare(file, devices, native, out) {
  const engine = instance(file);
  const lines = readFileSync(native, "utf8").trim().split("\n").map((line) => line.split(" "));
  const prints = Object.fromEntries(lines.map(([scenario, fingerprint, books]) => [scenario, { fingerprint, books }]));
  for (const [scenario, known] of Object.entries(prints)) {
    const { session } = ask(engine, { do: "open", scenario });
    ask(engine, { do: "step", session, devices: Number(devices) });
    const found = ask(engine, { do: "snap", session });
    ask(engine, { do: "close", session });
    for (const print of ["fingerprint", "books"]) {
      if (found[print] !== known[print]) throw new Error(`${scenario}: ${print} ${found[print]} in the engine, ${known[print]} in the program`);
    }
  }
  const { version } = ask(engine, { do: "catalogue" });
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  writeFileSync(out, `${JSON.stringify({ version, sha256, devices: Number(devices), prints }, null, 2)}\n`);
}
