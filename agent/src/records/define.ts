import type { CaptureCounters } from "../capture/define.ts";
import type { SensorEvent, SensorEventMap } from "../dissect/event.ts";
import type { LearnedNames } from "../dissect/learned-names.ts";

/** Where the events go that another program's records are turned into: what the sensor makes of packets, without the packets. */
export interface RecordSink {
  /** Events of one record, in their order. They are handed on together: nothing that waits for time may come between them. */
  take(events: readonly SensorEvent[]): void;
}

/** What a source of records may use. */
export interface RecordContext {
  /** One line for a person. */
  warn(message: string): void;
  /** True for an address of the home networks. */
  isHome(ip: string): boolean;
  /** Seed of made-up flow ids, 32 bits. */
  readonly seed: number;
  /** Host names that clients were told for addresses, of all inputs together. */
  readonly names: LearnedNames;
}

/**
 * A running or finished source of records. Of its counters `packets` are records taken, `kernelDrops` records lost on the way as their
 * sender's own numbers show, `invalid` what could not be read.
 */
export interface RecordSource {
  readonly counters: CaptureCounters;
  /** Hands on records until `signal` aborts. Rejects with AgentError when the input cannot be had. */
  run(sink: RecordSink, signal: AbortSignal): Promise<void>;
}

/** A detection that an input cannot serve, or in part only. */
export interface Limit {
  readonly works: "no" | "partly";
  /** Half a sentence: "records carry no sizes of messages". */
  readonly why: string;
}

/** A kind of records, named in the configuration by `type`. One file in records/inputs each. */
export interface RecordSourceKind<Config> {
  readonly type: string;
  /** In words, for logs and tables ("Suricata's log"). */
  readonly label: string;
  /** Events that its records can make. What a detection listens to and is not here, it does not hear of. */
  readonly events: readonly (keyof SensorEventMap)[];
  /** Detections that hear of what they need, but not all of it, by id. */
  readonly limits: Readonly<Record<string, Limit>>;
  /** Checks the configuration; throws AgentError naming the key at fault. */
  parse(config: Readonly<Record<string, unknown>>): Config;
  open(config: Config, context: RecordContext): RecordSource;
}

export const defineRecordSource = <Config>(kind: RecordSourceKind<Config>): RecordSourceKind<Config> => kind;
