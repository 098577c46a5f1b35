// npm run bench:prefilter -- [options] [CAPTURE.pcap…]: what looking for many literals costs, an octet of payload, beside a plain Aho-Corasick automaton.
//   --patterns LIST   how many patterns (default 1000,5000,20000)
//   --file FILE       take them from a file: one a line in hexadecimal digits; cut to each number of --patterns
//   --short N         add N patterns each of 2, 3 and 4 octets, half of them cut from the generated payload, half random (default 0)
//   --train CAPTURE   choose words by the first half of this capture's payload too
//   --rounds N        rounds; the least is shown (default 5)
//   --no-automaton    leave the Aho-Corasick automaton out: it takes long to build
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { seededRandom } from "../agent/src/demo/frames/random.ts";
import { Hits } from "../agent/src/signatures/prefilter/hits.ts";
import { openPrefilters } from "../agent/src/signatures/prefilter/open.ts";
import { buildTables } from "../agent/src/signatures/prefilter/tables.ts";
import { WordModel } from "../agent/src/signatures/prefilter/word-model.ts";
import { AhoCorasick } from "./lib/aho-corasick.mjs";
import { helpFromHeader } from "./lib/header-help.mjs";
import { capturePayload, samplePatterns, samplePayload } from "./lib/prefilter-samples.mjs";

const PAYLOAD = 8 << 20;
/** Of an octet of the capture that is learned from, beside what is typical. */
const TRAINED_WEIGHT = 0.05;
const WORST_SLICE = 1460;
const WORST_SLICES = 500;
/** Patterns that are tried for the payload that costs most. */
const WORST_TRIES = 4000;
helpFromHeader(import.meta.url);
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    patterns: { type: "string", default: "1000,5000,20000" },
    file: { type: "string" },
    short: { type: "string", default: "0" },
    train: { type: "string" },
    rounds: { type: "string", default: "5" },
    "no-automaton": { type: "boolean", default: false },
  },
});

const payloads = [["generated payload", samplePayload(PAYLOAD)]];
for (const path of positionals) payloads.push([basename(path), await capturePayload(path)]);
const model = WordModel.typical();
if (options.train) {
  const { octets } = await capturePayload(options.train);
  model.add(octets, 0, octets.length >> 1, TRAINED_WEIGHT);
}
console.log(`${cpus()[0]?.model ?? "unknown"}, Node ${process.version}; CPU time, least of ${options.rounds} rounds`);
for (const [name, { octets, starts }] of payloads)
  console.log(`${name}: ${(octets.length / 1e6).toFixed(1)} MB in ${starts.length - 1} slices`);
for (const count of options.patterns.split(",").map(Number)) bench(patternsFor(count));

function patternsFor(count) {
  const listed = options.file ? readFileSync(options.file, "latin1").trim().split("\n").slice(0, count) : undefined;
  const patterns =
    listed?.map((line, id) => ({ id, octets: new Uint8Array(Buffer.from(line, "hex")) })) ?? samplePatterns(count);
  const text = samplePayload(1 << 16).octets;
  const random = seededRandom(5);
  for (let i = 0; i < Number(options.short) * 3; i++) {
    const length = 2 + (i % 3);
    const at = random.int(0, text.length - length);
    patterns.push({ id: patterns.length, octets: i % 2 === 0 ? text.slice(at, at + length) : random.octets(length) });
  }
  return patterns;
}

function bench(patterns) {
  const start = process.cpuUsage();
  const tables = buildTables(patterns, { seed: 1, model });
  const seconds = cpuNs(start) / 1e9;
  const size = `${(tables.block.length / 1e6).toFixed(1)} MB, fullest bucket ${tables.longestChain}`;
  console.log(`\n${patterns.length} patterns: built in ${seconds.toFixed(2)} s, ${size}`);
  const hits = new Hits(patterns.length);
  const windowOctets = Math.max(...payloads.map(([, { octets }]) => octets.length));
  for (const engine of ["wasm", "typescript"]) {
    const set = openPrefilters([tables], { windowOctets, engine });
    if (set.engine !== engine) {
      console.log(`  ${engine}: not here`);
      continue;
    }
    const [prefilter] = set.prefilters;
    const scan = (buf, off, end) => {
      prefilter.scan(buf, off, end, hits);
      return hits.count;
    };
    for (const [name, payload] of payloads) {
      set.window.set(payload.octets);
      show(engine === "wasm" ? "wasm, in its memory" : engine, name, payload, set.window, scan);
      if (engine === "wasm") show("wasm, copied", name, payload, payload.octets, scan);
    }
    showWorst(engine, prefilter, patterns, hits);
  }
  if (options["no-automaton"]) return;
  const before = process.cpuUsage();
  const automaton = new AhoCorasick(patterns);
  console.log(
    `  Aho-Corasick: built in ${(cpuNs(before) / 1e9).toFixed(2)} s, ${(automaton.octets / 1e6).toFixed(0)} MB`,
  );
  for (const [name, payload] of payloads)
    show("Aho-Corasick", name, payload, payload.octets, (buf, off, end) => automaton.scan(buf, off, end));
}

function show(engine, name, { octets, starts }, buf, scan) {
  let found = 0;
  const ns = least(() => {
    found = 0;
    for (let i = 1; i < starts.length; i++) found += scan(buf, starts[i - 1], starts[i]);
  });
  line(engine, name, ns / octets.length, `${found} hits`);
}

/** Payload from which the filter gains nothing: one pattern, cut by its last octet, again and again; the one whose words have most entries. */
function showWorst(engine, prefilter, patterns, hits) {
  const slice = new Uint8Array(WORST_SLICE);
  const fill = (octets) => {
    for (let i = 0; i < slice.length; i++) slice[i] = octets[i % Math.max(1, octets.length - 1)];
  };
  let worst = patterns[0];
  let most = -1;
  const step = Math.max(1, Math.floor(patterns.length / WORST_TRIES));
  for (let i = 0; i < patterns.length; i += step) {
    fill(patterns[i].octets);
    prefilter.scan(slice, 0, slice.length, hits);
    if (hits.work > most) {
      most = hits.work;
      worst = patterns[i];
    }
  }
  fill(worst.octets);
  let isWhole = true;
  const ns = least(() => {
    for (let i = 0; i < WORST_SLICES; i++) isWhole = prefilter.scan(slice, 0, slice.length, hits);
  });
  const work = `${(most / WORST_SLICE).toFixed(1)} entries an octet, ${isWhole ? "scanned to its end" : "cut short"}`;
  line(engine, "worst payload", ns / WORST_SLICES / WORST_SLICE, work);
}

function least(run) {
  run();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < Number(options.rounds); round++) {
    const start = process.cpuUsage();
    run();
    best = Math.min(best, cpuNs(start));
  }
  return best;
}

function cpuNs(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

function line(engine, name, ns, note) {
  const speed = `${ns.toFixed(2).padStart(7)} ns/octet ${(8 / ns).toFixed(2).padStart(7)} Gbit/s`;
  console.log(`  ${engine.padEnd(20)}${name.padEnd(24)}${speed}  ${note}`);
}
