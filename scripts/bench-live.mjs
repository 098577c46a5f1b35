// npm run bench:live [-- options]: packets over a virtual cable into the live source, counted to the last one: sent = received + dropped.
// Makes two network namespaces of its own with a cable between them, and removes them. Needs root, iproute2, tcpreplay and tcpdump or dumpcap.
//   --seconds N       how long each run sends (default 10)
//   --mbit N          rate of the mix, Mbit/s (default 1000)
//   --pps N           rate of the smallest packets, packets/s (default 1000000; wants the sender of ../shared/tools/bench and a C compiler)
//   --ways LIST       default tcpdump,dumpcap,af-packet (those that are here)
//   --stages LIST     capture (frames are counted), sensor (the agent's sensor thread; events are counted); default both
//   --mix FILE        classic pcap to send at --mbit (default: a mix of ../shared/corpus, else the sample home)
//   --only mix|small  one of the two loads
//   --json FILE       also write all figures
//   --receive JSON    the receiving side in this process: what the benchmark starts
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { helpFromHeader } from "./lib/header-help.mjs";
import { runReceiver } from "./lib/live-receiver.mjs";
import { LiveRig, missingForLive } from "./lib/live-rig.mjs";
import { mixCapture, senderFor, smallCapture } from "./lib/live-traffic.mjs";

helpFromHeader(import.meta.url);
const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    mbit: { type: "string", default: "1000" },
    pps: { type: "string", default: "1000000" },
    ways: { type: "string", default: "tcpdump,dumpcap,af-packet" },
    stages: { type: "string", default: "capture,sensor" },
    mix: { type: "string" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    receive: { type: "string" },
  },
});

if (options.receive !== undefined) await runReceiver(JSON.parse(options.receive));
else await bench();

async function bench() {
  const missing = missingForLive();
  if (missing !== "") {
    console.log(`skipped: ${missing}`);
    return;
  }
  const seconds = positive("seconds");
  const loads = [];
  if (options.only !== "small") {
    const capture = options.mix ?? (await mixCapture());
    loads.push({
      name: `mix at ${options.mbit} Mbit/s`,
      sender: senderFor(capture, { mbit: positive("mbit"), seconds }),
    });
  }
  if (options.only !== "mix") {
    const sender = senderFor(await smallCapture(), { pps: positive("pps"), seconds });
    loads.push({ name: `60 octets at ${options.pps} packets/s`, sender });
  }
  const rig = new LiveRig();
  const rows = [];
  try {
    rig.up();
    for (const { name, sender } of loads)
      for (const stage of options.stages.split(","))
        for (const way of options.ways.split(",")) {
          const row = { load: name, stage, way, ...(await rig.run({ way, stage, sender, seconds })) };
          rows.push(row);
          if (row.note) console.log(`${name}, ${way}: ${row.note}`);
        }
  } finally {
    rig.down();
  }
  show(rows.filter(({ note }) => !note));
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ at: new Date().toISOString(), seconds, rows }, null, 1)}\n`);
  process.exitCode = rows.some(({ unaccounted }) => unaccounted) ? 1 : 0;
}

function positive(name) {
  const value = Number(options[name]);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`bench:live: --${name} wants a number above 0`);
  process.exit(2);
}

function show(rows) {
  const head = [
    "load",
    "stage",
    "way",
    "sent",
    "received",
    "dropped",
    "lost %",
    "missing",
    "kpps",
    "our cores",
    "us a packet",
    "program's",
  ];
  const lines = rows.map((row) => [
    row.load,
    row.stage,
    row.way,
    row.sent,
    row.received,
    row.dropped,
    ((100 * row.dropped) / row.sent).toFixed(3),
    row.unaccounted,
    (row.sent / row.sendSeconds / 1000).toFixed(0),
    (row.cpuSeconds / row.sendSeconds).toFixed(2),
    ((1e6 * row.cpuSeconds) / Math.max(1, row.received)).toFixed(2),
    ((1e6 * row.programSeconds) / Math.max(1, row.received)).toFixed(2),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => String(line[i]).length)));
  for (const line of [head, ...lines])
    console.log(
      line.map((cell, i) => (i < 3 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join("  "),
    );
}
