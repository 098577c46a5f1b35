// npm run soak -- CAPTURE.pcap [-- options]: lets the agent watch a looping capture for long, and says whether memory and response stay as they were.
//   --minutes N   how long (default 60)
//   --speed N     times the speed of the capture (default 1)
//   --warm-up N   minutes left out at the beginning: tables and caches fill (default 10)
//   --json FILE   also write all samples
// Fails when the mean memory of the last tenth differs by more than 5 % from that of the first tenth after the warm-up, or when the main thread
// waited for 100 ms or longer.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { helpFromHeader } from "./lib/header-help.mjs";

const SAMPLE_SECONDS = 10;
const DRIFT = 0.05;
helpFromHeader(import.meta.url);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "60" },
    speed: { type: "string", default: "1" },
    "warm-up": { type: "string", default: "10" },
    json: { type: "string" },
  },
});
const [capture] = positionals;
if (capture === undefined) {
  console.error("give a capture to loop over");
  process.exit(2);
}
process.exitCode = await soak(resolve(capture));

async function soak(path) {
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-soak-"));
  const port = await freePort();
  const config = join(folder, "lanwarden.yaml");
  const source = { type: "file", path, speed: Number(values.speed), loop: true };
  writeFileSync(config, JSON.stringify({ data: "./data", sources: [source], http: { listen: `127.0.0.1:${port}` } }));
  const agent = spawn(process.execPath, ["--conditions=source", "agent/bin/lanwarden.mjs", "run", "--config", config], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const samples = [];
  const end = Date.now() + Number(values.minutes) * 60_000;
  try {
    while (Date.now() < end && agent.exitCode === null) {
      await pause(SAMPLE_SECONDS * 1000);
      const sample = await sampleOf(folder, port).catch(() => undefined);
      if (sample === undefined) continue;
      samples.push(sample);
      if (samples.length % 30 === 0) console.log(line(sample));
    }
  } finally {
    agent.kill("SIGTERM");
    await new Promise((done) => (agent.exitCode === null ? agent.once("exit", done) : done()));
    rmSync(folder, { recursive: true, force: true });
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(samples));
  return judge(samples);
}

function judge(samples) {
  const steady = samples.slice((Number(values["warm-up"]) * 60) / SAMPLE_SECONDS);
  const tenth = Math.max(1, Math.floor(steady.length / 10));
  if (steady.length < 2 * tenth || tenth < 2) {
    console.log("too short to judge");
    return 1;
  }
  const mean = (list) => list.reduce((sum, { rss }) => sum + rss, 0) / list.length;
  const before = mean(steady.slice(0, tenth));
  const after = mean(steady.slice(-tenth));
  const drift = after / before - 1;
  const stalls = steady.at(-1).stalls - steady[0].stalls;
  const packets = steady.at(-1).packets - steady[0].packets;
  console.log(
    `${(packets / 1e6).toFixed(1)} million packets in ${((steady.length * SAMPLE_SECONDS) / 60).toFixed(0)} minutes after the warm-up`,
  );
  console.log(`memory ${mib(before)} MiB at first, ${mib(after)} MiB at last: ${(drift * 100).toFixed(1)} %`);
  console.log(`seconds with a wait of 100 ms or longer in the main thread: ${stalls}`);
  return Math.abs(drift) <= DRIFT && stalls === 0 ? 0 : 1;
}

async function sampleOf(folder, port) {
  const token = readFileSync(join(folder, "data/admin-token"), "utf8").trim();
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const value = (name) => Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]);
  return {
    at: Date.now(),
    rss: value("process_resident_memory_bytes"),
    packets: value("lanwarden_packets_total"),
    flows: value("lanwarden_flows"),
    stalls: value("lanwarden_event_loop_stalls_total"),
    delay: value("lanwarden_event_loop_delay_seconds"),
  };
}

function mib(octets) {
  return (octets / 1_048_576).toFixed(0);
}

function line({ rss, packets, flows, stalls }) {
  return `${mib(rss)} MiB, ${(packets / 1e6).toFixed(1)} million packets, ${flows} flows, ${stalls} stalls`;
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
