import type { TapReport } from "@lanwarden/contract/doctor";
import type { WatchReport, WatchTarget } from "../flow/device-watch.ts";
import type { EventParcel } from "./event-parcel.ts";
import type { DetailStep } from "./overload.ts";

/** What a sensor worker is started with. */
export interface SensorSettings {
  /** Entries of `sources`; null for the sample home. */
  sources: readonly Readonly<Record<string, unknown>>[] | null;
  demo: { seed: number } | null;
  /** Where sources stand, for messages ("lanwarden.yaml"). */
  place: string;
  seed: number;
  maxFlows: number;
  /** Whether packets are looked at that two taps deliver, or one tap twice: auto = with several taps, between them. */
  deduplicate: "auto" | "on" | "off";
  /** The home's networks, as in the configuration. */
  home: readonly string[];
  /** One Int32: batches handled by the main thread. */
  handled: SharedArrayBuffer;
}

/** Once a second. Counts only grow while a sensor lives. */
export interface SensorTelemetry {
  /** Wall time of the count, milliseconds since 1970. */
  atMs: number;
  packets: number;
  bytes: number;
  kernelDrops: number;
  invalid: number;
  /** Packets left out because another tap had delivered them; absent where nobody looks. */
  duplicates?: number;
  droppedEvents: number;
  /** Overload: how far detail is given up at present, large flows and new flows that were only counted. */
  detail: DetailStep;
  elephantsCut: number;
  flowsThinned: number;
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

/**
 * Life of a source: `starting` until its first packet, or until it has run for a moment without complaint; `failed`: it cannot be used at
 * present and is tried again; `ended`: a capture file has been read to its end.
 */
export type SourceState = "starting" | "up" | "failed" | "ended";

export type FromSensor =
  | { type: "events"; parcel: EventParcel }
  | { type: "telemetry"; telemetry: SensorTelemetry }
  | { type: "warning"; message: string }
  /** Four times a second while devices are watched. `nowMs`: wall time of the report; times in it are the packets'. */
  | { type: "watched"; reports: readonly WatchReport[]; nowMs: number }
  /** `source`: index in the configuration. `reason`: in words with the mend, when it failed. */
  | { type: "source"; source: number; state: SourceState; reason: string }
  /** What a look at the tap came to. */
  | { type: "tap"; report: TapReport }
  /** All sources have ended (files) and all that they made has been sent; telemetry goes on, since time does. */
  | { type: "ended" };

export type ToSensor =
  | { type: "stop" }
  | { type: "watch"; targets: readonly WatchTarget[] }
  /** The sample home's router shuts these MACs off, and nobody else. */
  | { type: "block"; macs: readonly string[] };
