import { performance } from "node:perf_hooks";
import { parentPort, workerData } from "node:worker_threads";
import type { FrameSink } from "../capture/define.ts";
import { parseNetwork } from "../core/ip.ts";
import { NetworkList } from "../core/network-list.ts";
import { LearnedNames } from "../dissect/learned-names.ts";
import { Sensor } from "../dissect/sensor.ts";
import { DeviceWatch } from "../flow/device-watch.ts";
import { DuplicateFilter } from "../flow/duplicate-filter.ts";
import { DemoSource } from "./demo-source.ts";
import { EventBatches } from "./event-batches.ts";
import { EventPacker } from "./event-parcel.ts";
import { OVERLOAD_TEXTS, Overload } from "./overload.ts";
import type { FromSensor, SensorSettings, ToSensor } from "./sensor-message.ts";
import { SourceRunner } from "./source-runner.ts";
import { goesByClock, isLiveTap, openSource, type Records, sourceName } from "./sources.ts";
import { TapCheck } from "./tap-check.ts";

const TELEMETRY_MS = 1000;
const WATCH_MS = 250;

/** The sensor's thread: capture, decode, flows and dissectors; posts batches of events. Holds no state that may not be lost. */
function start(settings: SensorSettings, port: NonNullable<typeof parentPort>): void {
  const post = (message: FromSensor): void => port.postMessage(message);
  const abort = new AbortController();
  const isLive = settings.sources?.some(goesByClock) ?? false;
  const packer = new EventPacker();
  const batches = new EventBatches(
    (batch) => post({ type: "events", parcel: packer.pack(batch) }),
    new Int32Array(settings.handled),
    !isLive,
  );
  let lastPacketUs = 0;
  let hasEnded = false;
  const home = settings.home.map(parseNetwork);
  const watch = new DeviceWatch(home);
  const duplicates = duplicateFilter(settings);
  const { seed, maxFlows } = settings;
  const sensor = new Sensor(
    { seed, maxFlows, updateSeconds: 2, watch, ...(duplicates === undefined ? {} : { duplicates }) },
    batches,
  );
  const sink: FrameSink = {
    frame(buf, off, end, wireLength, linkType, atUs) {
      lastPacketUs = atUs;
      sensor.frame(buf, off, end, wireLength, linkType, atUs);
      check?.observer?.frame(buf, off, end, wireLength, linkType, atUs);
    },
    flush() {
      sensor.flush();
    },
  };

  const demo = settings.demo === null ? undefined : new DemoSource(settings.demo);
  const warn = (message: string): void => post({ type: "warning", message });
  const homeList = new NetworkList(home);
  const records: Records = {
    sink: {
      take(events) {
        for (const { atUs } of events) if (atUs > lastPacketUs) lastPacketUs = atUs;
        batches.emitTogether(events);
      },
    },
    context: { warn, isHome: (ip) => homeList.has(ip), seed: settings.seed, names: new LearnedNames() },
  };
  const runners = openAll(settings, demo, post, records);
  const sum = (name: "packets" | "kernelDrops" | "invalid"): number =>
    runners.reduce((total, runner) => total + runner.count(name), 0);
  // Records that were lost on their way here are no packets that came too fast.
  const isTap = (settings.sources ?? []).map(isLiveTap);
  const packetDrops = (): number =>
    runners.reduce((total, runner, i) => total + (isTap[i] ? runner.count("kernelDrops") : 0), 0);
  const overload = new Overload();
  let dropsBefore = 0;
  let cpuBefore = process.threadCpuUsage();
  let beforeMs = performance.now();
  const watchLoad = (): void => {
    const drops = packetDrops();
    const nowMs = performance.now();
    // Not the event loop's own figure: sources wait for more packets within a turn of it.
    const { user, system } = process.threadCpuUsage(cpuBefore);
    const busy = (user + system) / 1000 / (nowMs - beforeMs);
    // A replay is as fast as it can be: only a live link can be too much.
    if (isTap.includes(true) && overload.take({ drops: drops - dropsBefore, busy })) {
      sensor.setDetail(overload.step);
      post({ type: "warning", message: OVERLOAD_TEXTS[overload.step] });
    }
    dropsBefore = drops;
    cpuBefore = process.threadCpuUsage();
    beforeMs = nowMs;
  };
  const check = tapCheck(settings, packetDrops, post);
  const tell = (): void => {
    // On a quiet link time moves on without packets, but never ahead of a replay that runs in its own time.
    const byClock = isLive || hasEnded;
    if (byClock) sensor.advance(Date.now() * 1000);
    const counted = sensor.counters;
    post({
      type: "telemetry",
      telemetry: {
        atMs: Date.now(),
        packets: sum("packets"),
        bytes: counted.bytes - (duplicates?.octets ?? 0),
        kernelDrops: sum("kernelDrops"),
        invalid: sum("invalid") + counted.decode.invalid,
        ...(duplicates === undefined ? {} : { duplicates: duplicates.packets }),
        droppedEvents: batches.droppedFlows + batches.droppedObservations,
        detail: overload.step,
        elephantsCut: counted.flows.elephantsCut,
        flowsThinned: counted.flows.flowsThinned + counted.flows.startsThinned,
        flows: counted.flows.live,
        lastPacketUs,
        nowUs: byClock ? Date.now() * 1000 : lastPacketUs,
      },
    });
  };
  const telemetry = setInterval(() => {
    watchLoad();
    // In need, what can wait waits.
    if (overload.step > 0) check?.stop();
    else check?.tick(performance.now());
    tell();
  }, TELEMETRY_MS);

  const watching = setInterval(() => {
    if (!watch.isIdle) post({ type: "watched", reports: watch.reports(), nowMs: Date.now() });
  }, WATCH_MS);
  const end = (): void => {
    clearInterval(telemetry);
    clearInterval(watching);
    check?.stop();
    // Capture programs tell their last losses when they end.
    tell();
    port.close();
  };

  port.on("message", (message: ToSensor) => {
    if (message.type !== "stop") {
      if (message.type === "watch") watch.set(message.targets);
      else demo?.block(message.macs);
      return;
    }
    abort.abort();
    if (hasEnded) end();
  });
  // A rejection is a fault of the program: it ends this thread, and the supervisor starts a new one.
  void Promise.all(
    runners.map((runner, i) =>
      runner.run(duplicates === undefined ? sink : tapSink(sink, duplicates, i), abort.signal),
    ),
  ).then(() => {
    // Nothing more comes: flows that are open would else be told minutes later, when they expire.
    sensor.flush();
    sensor.finish();
    batches.flush();
    hasEnded = true;
    if (!abort.signal.aborted) post({ type: "ended" });
    else end();
  });
}

/** Only links are looked at: a capture that is played shows what it shows. */
function tapCheck(
  { sources, home, seed }: SensorSettings,
  kernelDrops: () => number,
  post: (message: FromSensor) => void,
): TapCheck | undefined {
  // Records show no packets: there is nothing of a tap to look at.
  if (sources === null || !sources.every(goesByClock) || !sources.some(isLiveTap)) return undefined;
  // Other kinds name an interface of another machine, or one that carries the copies and not the home.
  const name = sources.find(({ type }) => type === "interface")?.interface as string | undefined;
  return new TapCheck(
    {
      home: home.map(parseNetwork),
      seed,
      name: sources.map(sourceName).join(", "),
      interface: name,
      kernelDrops,
      tell: (report) => post({ type: "tap", report }),
    },
    performance.now(),
  );
}

/** Nothing is looked at, and nothing spent, where but one tap delivers. */
function duplicateFilter({ sources, deduplicate, seed }: SensorSettings): DuplicateFilter | undefined {
  const taps = sources?.filter((entry) => isLiveTap(entry) || entry.type === "folder").length ?? 0;
  const isOn = deduplicate === "on" || (deduplicate === "auto" && taps > 1);
  return isOn ? new DuplicateFilter(seed, deduplicate === "on") : undefined;
}

/** Tells the filter whose packet comes. */
const tapSink = (sink: FrameSink, duplicates: DuplicateFilter, source: number): FrameSink => ({
  frame(buf, off, end, wireLength, linkType, atUs) {
    duplicates.source = source;
    sink.frame(buf, off, end, wireLength, linkType, atUs);
  },
  flush() {
    sink.flush();
  },
});

function openAll(
  settings: SensorSettings,
  demo: DemoSource | undefined,
  post: (message: FromSensor) => void,
  records: Records,
): SourceRunner[] {
  const told = (source: number) => (state: "starting" | "up" | "failed" | "ended", reason: string) =>
    post({ type: "source", source, state, reason });
  if (demo) return [new SourceRunner(() => demo, told(0))];
  const { warn } = records.context;
  return (settings.sources ?? []).map((entry, i) => {
    const place = `${settings.place}: sources[${i}]`;
    return new SourceRunner(() => openSource(entry, place, { warn }, records), told(i));
  });
}

if (parentPort) start(workerData as SensorSettings, parentPort);
