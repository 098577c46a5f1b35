import { Worker } from "node:worker_threads";
import type { TapReport } from "@lanwarden/contract/doctor";
import type { SensorEvent } from "../dissect/event.ts";
import type { WatchReport, WatchTarget } from "../flow/device-watch.ts";
import { unpackEvents } from "./event-parcel.ts";
import type { FromSensor, SensorSettings, SensorTelemetry, SourceState, ToSensor } from "./sensor-message.ts";

export interface SupervisorHooks {
  event(event: SensorEvent): void;
  telemetry(telemetry: SensorTelemetry): void;
  /** A source of the configuration delivers, fails (with the reason in words) or has ended. */
  source(index: number, state: SourceState, reason: string): void;
  /** The sensor died; a new one follows. */
  sensorGone(reason: string): void;
  /** An event could not be handled: a fault of the program. The others go on. */
  fault(error: unknown): void;
  warning(message: string): void;
  /** What a look at a live tap came to: soon after the start, then every hour. */
  tapSeen?(report: TapReport): void;
  /** What was seen of the watched devices. */
  watched?(reports: readonly WatchReport[], nowMs: number): void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A sensor that ran this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 60_000;
const STOP_MS = 1500;
/** A sensor speaks every second; one that has been silent this long hangs, and is ended to be started anew. */
const SILENT_MS = 15_000;

/** What of a worker thread is used here; tests give their own. */
export type SensorThread = Pick<Worker, "on" | "once" | "postMessage" | "terminate">;

const startThread = (settings: SensorSettings): SensorThread =>
  new Worker(new URL("./sensor-worker.ts", import.meta.url), { workerData: settings, name: "sensor" });

/** Keeps a sensor worker running: starts it, restarts it with growing pauses when it dies or hangs, stops it in order. */
export class SensorSupervisor {
  readonly #settings: Omit<SensorSettings, "handled">;
  readonly #hooks: SupervisorHooks;
  readonly #startThread: (settings: SensorSettings) => SensorThread;
  #worker: SensorThread | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  /** Captures have been read to their end: to start anew would play them twice. */
  #hasEnded = false;
  #targets: readonly WatchTarget[] = [];
  #blocked: readonly string[] = [];
  restarts = 0;

  constructor(settings: Omit<SensorSettings, "handled">, hooks: SupervisorHooks, thread = startThread) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#startThread = thread;
  }

  start(): void {
    this.#startedMs = Date.now();
    const handled = new Int32Array(new SharedArrayBuffer(4));
    const worker = this.#startThread({ ...this.#settings, handled: handled.buffer });
    this.#worker = worker;
    if (this.#targets.length > 0) this.watch(this.#targets);
    if (this.#blocked.length > 0) this.block(this.#blocked);
    let failure = "the sensor stopped";
    let watchdog: NodeJS.Timeout | undefined;
    const isAlive = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        failure = `the sensor has not answered for ${SILENT_MS / 1000} s`;
        void worker.terminate();
      }, SILENT_MS);
    };
    isAlive();
    worker.on("message", (message: FromSensor) => {
      isAlive();
      this.#take(message, handled);
    });
    worker.on("error", (error: unknown) => {
      failure = `the sensor stopped: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`;
      this.#hooks.fault(error);
    });
    worker.on("exit", () => {
      clearTimeout(watchdog);
      if (this.#worker === worker) this.#worker = undefined;
      if (this.#stopping || this.#hasEnded) return;
      this.#hooks.warning(`${failure}; it is started anew`);
      this.#hooks.sensorGone(failure);
      this.#restartLater();
    });
  }

  #take(message: FromSensor, handled: Int32Array<SharedArrayBuffer>): void {
    switch (message.type) {
      case "events":
        for (const event of unpackEvents(message.parcel)) this.#handle(event);
        Atomics.add(handled, 0, 1);
        Atomics.notify(handled, 0);
        break;
      case "telemetry":
        this.#hooks.telemetry(message.telemetry);
        break;
      case "warning":
        this.#hooks.warning(message.message);
        break;
      case "source":
        this.#hooks.source(message.source, message.state, message.reason);
        break;
      case "tap":
        this.#hooks.tapSeen?.(message.report);
        break;
      case "watched":
        this.#hooks.watched?.(message.reports, message.nowMs);
        break;
      case "ended":
        this.#hasEnded = true;
        break;
    }
  }

  #handle(event: SensorEvent): void {
    try {
      this.#hooks.event(event);
    } catch (error) {
      this.#hooks.fault(error);
    }
  }

  /** Which devices the sensor looks at closely; a sensor that is started anew is told again. */
  watch(targets: readonly WatchTarget[]): void {
    this.#targets = targets;
    this.#worker?.postMessage({ type: "watch", targets } satisfies ToSensor);
  }

  /** Sample home only: devices whose frames are no longer carried. */
  block(macs: readonly string[]): void {
    this.#blocked = macs;
    this.#worker?.postMessage({ type: "block", macs } satisfies ToSensor);
  }

  #restartLater(): void {
    if (Date.now() - this.#startedMs > HEALTHY_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#timer = setTimeout(() => {
      this.restarts++;
      this.start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Asks the sensor to finish; ends it by force when it does not within 1.5 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (!worker) return;
    const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.postMessage({ type: "stop" });
    const force = setTimeout(() => void worker.terminate(), STOP_MS);
    await gone;
    clearTimeout(force);
  }
}
