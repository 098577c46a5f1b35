import { parentPort, workerData } from "node:worker_threads";
import type { CaptureCounters, Source } from "../capture/define.ts";
import { AgentError } from "../core/errors.ts";
import { Sensor } from "../dissect/sensor.ts";
import { DemoSource } from "./demo-source.ts";
import { EventBatches } from "./event-batches.ts";
import type { FromSensor, SensorSettings, ToSensor } from "./sensor-message.ts";
import { openSource } from "./sources.ts";

const TELEMETRY_MS = 1000;

/** The sensor's thread: capture, decode, flows and dissectors; posts batches of events. Holds no state that may not be lost. */
function start(settings: SensorSettings, port: NonNullable<typeof parentPort>): void {
  const post = (message: FromSensor): void => port.postMessage(message);
  const abort = new AbortController();
  const isLive = settings.sources?.some((source) => source.type !== "file") ?? false;
  const batches = new EventBatches(
    (batch) => post({ type: "events", batch }),
    new Int32Array(settings.handled),
    !isLive,
  );
  let lastPacketUs = 0;
  let hasEnded = false;
  const sensor = new Sensor({ seed: settings.seed, maxFlows: settings.maxFlows, updateSeconds: 2 }, batches);
  const sink = {
    frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
      lastPacketUs = atUs;
      sensor.frame(buf, off, end, wireLength, linkType, atUs);
    },
    flush(): void {
      sensor.flush();
    },
  };

  const sources = openAll(settings, (message) => post({ type: "warning", message }));
  const telemetry = setInterval(() => {
    // On a quiet link time moves on without packets, but never ahead of a replay that runs in its own time.
    if (isLive || hasEnded) sensor.advance(Date.now() * 1000);
    const sum = (pick: (counters: CaptureCounters) => number): number =>
      sources.reduce((total, source) => total + pick(source.counters), 0);
    const counted = sensor.counters;
    post({
      type: "telemetry",
      telemetry: {
        packets: sum((counters) => counters.packets),
        bytes: counted.bytes,
        kernelDrops: sum((counters) => counters.kernelDrops),
        invalid: sum((counters) => counters.invalid) + counted.decode.invalid,
        droppedEvents: batches.droppedFlows + batches.droppedObservations,
        flows: counted.flows.live,
        lastPacketUs,
        nowUs: isLive || hasEnded ? Date.now() * 1000 : lastPacketUs,
      },
    });
  }, TELEMETRY_MS);

  port.on("message", (message: ToSensor) => {
    if (message.type === "stop") abort.abort();
  });
  post({ type: "ready" });
  void Promise.allSettled(sources.map((source) => source.run(sink, abort.signal))).then((results) => {
    for (const result of results) if (result.status === "rejected" && !abort.signal.aborted) fail(post, result.reason);
    sensor.flush();
    if (abort.signal.aborted) sensor.finish();
    batches.flush();
    if (abort.signal.aborted) {
      clearInterval(telemetry);
      port.close();
    } else {
      hasEnded = true;
      post({ type: "ended" });
    }
  });
}

function openAll(settings: SensorSettings, warn: (message: string) => void): Source[] {
  if (settings.demo) return [new DemoSource(settings.demo)];
  return (settings.sources ?? []).map((entry, i) => openSource(entry, `${settings.place}: sources[${i}]`, { warn }));
}

function fail(post: (message: FromSensor) => void, error: unknown): void {
  if (error instanceof AgentError) post({ type: "failed", code: error.code, message: error.message });
  else throw error;
}

if (parentPort) {
  try {
    start(workerData as SensorSettings, parentPort);
  } catch (error) {
    fail((message) => parentPort?.postMessage(message), error);
  }
}
