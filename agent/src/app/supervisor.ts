import { Worker } from "node:worker_threads";
import type { SensorEvent } from "../dissect/event.ts";
import type { FromSensor, SensorSettings, SensorTelemetry } from "./sensor-message.ts";

export interface SupervisorHooks {
  event(event: SensorEvent): void;
  telemetry(telemetry: SensorTelemetry): void;
  /** The sensor delivers, or no more (with the reason in words). */
  state(up: boolean, reason: string): void;
  /** A source cannot be used; the service goes on trying. */
  failed(code: string, message: string): void;
  warning(message: string): void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** A sensor that ran this long was healthy: the next restart is quick again. */
const HEALTHY_MS = 60_000;
const STOP_MS = 1500;
/** A sensor speaks every second; one that has been silent this long hangs, and is ended to be started anew. */
const SILENT_MS = 15_000;

/** Keeps a sensor worker running: starts it, restarts it with growing pauses when it dies, stops it in order. */
export class SensorSupervisor {
  readonly #settings: Omit<SensorSettings, "handled">;
  readonly #hooks: SupervisorHooks;
  #worker: Worker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  restarts = 0;

  constructor(settings: Omit<SensorSettings, "handled">, hooks: SupervisorHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
  }

  start(): void {
    this.#startedMs = Date.now();
    const handled = new Int32Array(new SharedArrayBuffer(4));
    const settings: SensorSettings = { ...this.#settings, handled: handled.buffer };
    const worker = new Worker(new URL("./sensor-worker.ts", import.meta.url), { workerData: settings, name: "sensor" });
    this.#worker = worker;
    let failure = "";
    let ended = false;
    let watchdog = setTimeout(() => {}, 0);
    const isAlive = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        failure = `the sensor has not answered for ${SILENT_MS / 1000} s`;
        this.#hooks.warning(`${failure}; it is started anew`);
        void worker.terminate();
      }, SILENT_MS);
    };
    isAlive();
    worker.on("message", (message: FromSensor) => {
      isAlive();
      switch (message.type) {
        case "events":
          try {
            for (const event of message.batch) this.#hooks.event(event);
          } finally {
            Atomics.add(handled, 0, 1);
            Atomics.notify(handled, 0);
          }
          break;
        case "telemetry":
          this.#hooks.telemetry(message.telemetry);
          break;
        case "warning":
          this.#hooks.warning(message.message);
          break;
        case "ready":
          this.#hooks.state(true, "");
          break;
        case "failed":
          failure = message.message;
          this.#hooks.failed(message.code, message.message);
          void worker.terminate();
          break;
        case "ended":
          ended = true;
          this.#hooks.state(false, failure || "the capture file has ended");
          break;
      }
    });
    worker.on("error", (error: Error) => {
      failure = error.message.split("\n")[0] ?? "";
      this.#hooks.warning(`the sensor stopped: ${failure}`);
    });
    worker.on("exit", () => {
      clearTimeout(watchdog);
      if (this.#worker === worker) this.#worker = undefined;
      if (this.#stopping || ended) return;
      this.#hooks.state(false, failure || "the sensor stopped");
      this.#restartLater();
    });
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
