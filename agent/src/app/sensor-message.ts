import type { SensorEvent } from "../dissect/event.ts";

/** What a sensor worker is started with. */
export interface SensorSettings {
  /** Entries of `sources`; null for the sample home. */
  sources: readonly Readonly<Record<string, unknown>>[] | null;
  demo: { seed: number } | null;
  /** Where sources stand, for messages ("lanwarden.yaml"). */
  place: string;
  seed: number;
  maxFlows: number;
  /** One Int32: batches handled by the main thread. */
  handled: SharedArrayBuffer;
}

/** Once a second. All but `flows` only grow. */
export interface SensorTelemetry {
  packets: number;
  bytes: number;
  kernelDrops: number;
  invalid: number;
  droppedEvents: number;
  /** Live flows. */
  flows: number;
  /** Time of the newest packet, microseconds; 0 before the first. */
  lastPacketUs: number;
  /**
   * Time as the sensor has it: the clock on a live link, packet time where a capture is caught up with or replayed. What is decided by time
   * (quiet times, decay) goes by this, or hours that are being caught up would be over before their packets came.
   */
  nowUs: number;
}

export type FromSensor =
  | { type: "events"; batch: SensorEvent[] }
  | { type: "telemetry"; telemetry: SensorTelemetry }
  | { type: "warning"; message: string }
  /** Sources are open and deliver. */
  | { type: "ready" }
  /** A source cannot be used at all; the message says the mend. */
  | { type: "failed"; code: string; message: string }
  /** All sources have ended (files). */
  | { type: "ended" };

export type ToSensor = { type: "stop" };
