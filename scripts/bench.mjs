// npm run bench [-- options] [CAPTURE.pcap…]: what Lanwarden costs beside ndpiReader and Suricata, on one core, in turn.
//   --rounds N        rounds; medians are shown (default 3)
//   --cpu N           core (default the last); "any" pins to none
//   --only TEXT       programs whose name contains TEXT
//   --json FILE       also write all figures
//   --profile         write CPU profiles of our programs over each capture into data/bench/profiles/ and name the functions that cost most
//   --stage sensor F  the sensor alone over capture F, in this process: what the benchmark starts
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { enableCompileCache } from "node:module";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { isInstalled, measure, median, pcapTotals, suricataCommand } from "./lib/bench-measure.mjs";
import { helpFromHeader } from "./lib/header-help.mjs";

const HISTORY = "data/bench";
/** Functions shown of a profile. */
const HOTTEST = 15;
helpFromHeader(import.meta.url);
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    cpu: { type: "string" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    profile: { type: "boolean", default: false },
    stage: { type: "string" },
  },
});

if (options.stage === "sensor") await runSensor(positionals[0]);
else if (options.stage !== undefined) fail(`--stage ${options.stage}: there is only "sensor"`);
else await bench();

/** Reads the capture and dissects it; events are counted and thrown away. */
async function runSensor(path) {
  enableCompileCache();
  const { Sensor } = await import("../agent/src/dissect/sensor.ts");
  const { readCaptureFile } = await import("../agent/src/capture/read-file.ts");
  const { newCounters } = await import("../agent/src/capture/define.ts");
  let events = 0;
  const sensor = new Sensor({ seed: 1 }, { emit: () => void events++ });
  await readCaptureFile(path, sensor, newCounters(), { warn: (message) => console.error(message) });
  sensor.finish();
  const { packets, flows } = sensor.counters;
  console.log(JSON.stringify({ packets, events, flows: flows.created }));
}

async function bench() {
  const rounds = Number(options.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) fail("--rounds wants a whole number from 1");
  const made = (await import("./lib/bench-captures.mjs")).benchCaptures();
  const tiny = made.pop();
  const captures = positionals.length > 0 ? positionals : made;
  if (options.profile) return profile(captures);
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-bench-run-"));
  const programs = programsHere(folder).filter(({ name }) => name.includes(options.only));
  const cpu = pinnedCore();
  const results = captures.map((capture) => benchCapture(capture, tiny, programs, rounds, cpu));
  rmSync(folder, { recursive: true, force: true });
  const record = {
    at: new Date().toISOString(),
    commit: spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).stdout.trim(),
    machine: { model: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), node: process.version },
    rounds,
    cpu: cpu ?? null,
    results,
  };
  mkdirSync(HISTORY, { recursive: true });
  appendFileSync(join(HISTORY, "history.jsonl"), `${JSON.stringify(record)}\n`);
  if (options.json) writeFileSync(options.json, `${JSON.stringify(record, null, 1)}\n`);
}

function programsHere(folder) {
  // As the first line of agent/bin/lanwarden.mjs has it.
  const node = [process.execPath, "--conditions=source", "--max-semi-space-size=8", "--heap-growing-percent=60"];
  const programs = [
    { name: "lanwarden sensor", command: (file) => [...node, "scripts/bench.mjs", "--stage", "sensor", file] },
    {
      name: "lanwarden analyze",
      command: (file) => [...node, "agent/bin/lanwarden.mjs", "analyze", "--no-progress", file],
    },
  ];
  if (isInstalled("ndpiReader"))
    programs.push({ name: "ndpiReader", command: (file) => ["ndpiReader", "-i", file, "-q"] });
  else console.log("ndpiReader is not installed (Debian: libndpi-bin): no comparison with it");
  if (isInstalled("suricata")) programs.push({ name: "suricata, no rules", command: suricataCommand(folder) });
  else console.log("suricata is not installed: no comparison with it");
  return programs;
}

function pinnedCore() {
  if (options.cpu === "any") return undefined;
  if (isInstalled("taskset")) return Number(options.cpu ?? availableParallelism() - 1);
  console.log("taskset is not installed (Debian: util-linux): programs are not pinned to a core");
  return undefined;
}

function benchCapture(capture, tiny, programs, rounds, cpu) {
  const totals = pcapTotals(capture);
  if (!totals) fail(`${capture}: the benchmark wants classic pcap files: editcap -F pcap IN OUT makes one`);
  const runs = new Map(programs.map(({ name }) => [name, []]));
  const starts = new Map(programs.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of programs) {
      const start = measure(command(tiny), cpu);
      const run = measure(command(capture), cpu);
      if (start) starts.get(name).push(start.cpuSeconds);
      if (run) runs.get(name).push(run);
    }
  }
  const rows = programs
    .filter(({ name }) => runs.get(name).length > 0 && starts.get(name).length > 0)
    .map(({ name }) => figures(name, runs.get(name), starts.get(name), totals));
  const result = {
    capture: basename(capture),
    fileBytes: statSync(capture).size,
    ...totals,
    rows,
    ratios: ratios(rows),
  };
  show(result);
  return result;
}

function figures(name, runs, starts, { packets, bytes }) {
  const cpuSeconds = median(runs.map((run) => run.cpuSeconds));
  return {
    name,
    cpuSeconds,
    startSeconds: median(starts),
    wallSeconds: median(runs.map((run) => run.wallSeconds)),
    packetsPerSecond: packets / cpuSeconds,
    gigabitsPerSecond: (bytes * 8) / cpuSeconds / 1e9,
    peakMiB: median(runs.map((run) => run.peakMiB)),
    runs,
  };
}

/** CPU of ours over that of each peer, round by round, the median of them: noise of the machine meets both. */
function ratios(rows) {
  const [ours, peers] = [
    rows.filter(({ name }) => name.startsWith("lanwarden")),
    rows.filter(({ name }) => !name.startsWith("lanwarden")),
  ];
  return ours.flatMap((own) =>
    peers.map((peer) => {
      const pairs = Math.min(own.runs.length, peer.runs.length);
      const whole = Array.from({ length: pairs }, (_, i) => own.runs[i].cpuSeconds / peer.runs[i].cpuSeconds);
      const work = (row) => Math.max(0.01, row.cpuSeconds - row.startSeconds);
      return { ours: own.name, peer: peer.name, whole: median(whole), withoutStart: work(own) / work(peer) };
    }),
  );
}

function show(result) {
  const size = `${result.packets.toLocaleString("en")} packets, ${(result.bytes / 1e6).toFixed(0)} MB on the wire`;
  console.log(`\n${result.capture}: ${size}`);
  const head = ["program", "CPU s", "of it start", "packets/s", "Gbit/s", "peak MiB"];
  const lines = result.rows.map((row) => [
    row.name,
    row.cpuSeconds.toFixed(2),
    row.startSeconds.toFixed(2),
    Math.round(row.packetsPerSecond).toLocaleString("en"),
    row.gigabitsPerSecond.toFixed(2),
    row.peakMiB > 0 ? row.peakMiB.toFixed(0) : "-",
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i].length)));
  for (const line of [head, ...lines])
    console.log(line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "));
  for (const { ours, peer, whole, withoutStart } of result.ratios)
    console.log(`${ours} takes ${whole.toFixed(2)} of ${peer}'s CPU (${withoutStart.toFixed(2)} without start-up)`);
}

/** Profiles each of our programs over each capture. */
function profile(captures) {
  const folder = join(HISTORY, "profiles");
  mkdirSync(folder, { recursive: true });
  const ours = programsHere("").filter(({ name }) => name.startsWith("lanwarden") && name.includes(options.only));
  for (const capture of captures) {
    for (const { name, command } of ours) {
      const file = `${basename(capture)}.${name.split(" ").pop()}.cpuprofile`;
      const [node, ...args] = command(capture);
      const flags = ["--cpu-prof", `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${file}`];
      const { status } = spawnSync(node, [...flags, ...args], { stdio: ["ignore", "ignore", "inherit"] });
      if (status !== 0 || !readdirSync(folder).includes(file)) fail(`${capture}: could not be profiled`);
      console.log(`\n${join(folder, file)} (open it in the DevTools of Chromium, tab Performance):`);
      showHottest(JSON.parse(readFileSync(join(folder, file), "utf8")));
    }
  }
}

/** The functions in which most time was spent, callees not counted. */
function showHottest({ nodes, samples, timeDeltas }) {
  const nameOf = new Map();
  for (const { id, callFrame } of nodes) {
    const place = callFrame.url === "" ? "" : ` ${callFrame.url.split("/src/").pop()}:${callFrame.lineNumber + 1}`;
    nameOf.set(id, `${callFrame.functionName || "(anonymous)"}${place}`);
  }
  const own = new Map();
  for (const [i, id] of samples.entries()) own.set(nameOf.get(id), (own.get(nameOf.get(id)) ?? 0) + timeDeltas[i]);
  const total = [...own.values()].reduce((sum, us) => sum + us, 0);
  for (const [where, us] of [...own].sort((a, b) => b[1] - a[1]).slice(0, HOTTEST))
    console.log(`${((100 * us) / total).toFixed(1).padStart(5)} %  ${where}`);
}

function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}
