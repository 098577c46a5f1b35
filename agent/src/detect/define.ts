import type { Incident, Party } from "@lanwarden/contract/incident";
import type { Direction, IncidentKind, Severity } from "@lanwarden/contract/kinds";
import type { FlowRef, SensorEvent, SensorEventMap } from "../dissect/event.ts";
import type { Attempt } from "./attempts.ts";

/** What a detection says when its threshold is crossed. Grouping into incidents, suppression and notification are the engine's. */
export interface Finding {
  readonly kind?: IncidentKind;
  readonly severity?: Severity;
  /** 0 to 1. */
  readonly confidence: number;
  readonly attacker: Party | null;
  readonly victim: Party | null;
  readonly direction: Direction;
  readonly role?: "source" | "victim" | "reflector";
  /** The home device concerned, by address or MAC. Default: attacker when it is at home and direction is not inbound, else victim. */
  readonly subject?: Party;
  /** Title in plain words; `{device}` is replaced by the device's name when shown. */
  readonly title: string;
  /** Sentences with the numbers against the thresholds. */
  readonly why: readonly string[];
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
  readonly flow?: FlowRef;
  readonly flowIds?: readonly number[];
  readonly atUs: number;
  /** Further splits incidents of the same kind, device and direction (pool, service); default: the peer group. */
  readonly group?: string;
  readonly advice?: readonly string[];
}

/** What a detection may ask while it works. */
export interface DetectContext {
  /** True for an address of the home networks. */
  isHome(ip: string): boolean;
  /** True for a multicast, broadcast or unspecified address. */
  isGroup(ip: string): boolean;
  direction(attackerIp: string, victimIp: string): Direction;
  /** Address of the gateway, when known. */
  gatewayIp(): string | undefined;
  /** Name that a DNS answer gave this client for the address, newest; undefined when none was seen. */
  nameOf(clientIp: string, ip: string): string | undefined;
  /** True if the user declared the device at this address a miner. */
  isSanctionedMiner(ip: string): boolean;
  /** Two-letter country code of a public address, when known. */
  country(ip: string): string | undefined;
  /** True if a loud finding (medium or worse) said in the last hour of packet time that this outside host attacks this home host. */
  isKnownAttack(attackerIp: string, victimIp: string): boolean;
  raise(finding: Finding): void;
}

/** What the engine asks of the device inventory. */
export interface DetectLookups {
  /** Id of the home device at this address or MAC. */
  deviceIdOf(party: { readonly ip?: string; readonly mac?: string }): string | undefined;
  nameOfDevice(id: string): string | undefined;
  isSanctionedMiner(ip: string): boolean;
  gatewayIp(): string | undefined;
  country(ip: string): string | undefined;
}

export type Settings = Readonly<Record<string, number>>;

/** One detection. One file in detect/detections each. */
export interface Detection<S extends Settings, State> {
  /** `topic.kebab-name`; also the name of its page in docs/detections. */
  readonly id: string;
  /** Number in EVE `alert.signature_id` (gid 7700). Stable for ever. */
  readonly signatureId: number;
  readonly kind: IncidentKind;
  readonly severity: Severity;
  /** MITRE ATT&CK. */
  readonly attack: readonly { readonly tactic: string; readonly technique: string }[];
  /** What a layman can do. */
  readonly advice: readonly string[];
  /** Thresholds. Each has a comment: what it counts over what, and why this number. Names end in their unit (windowSeconds). */
  readonly defaults: S;
  /** Quiet time after which its incidents are resolved, seconds. */
  readonly quietSeconds: number;
  state(settings: S): State;
  readonly on: {
    readonly [N in keyof SensorEventMap]?: (
      event: SensorEvent<N>,
      state: State,
      context: DetectContext,
      settings: S,
    ) => void;
  };
  /** Called when it is known how what a flow tried has ended; before `on.flow` for the event that told. */
  attempt?(attempt: Attempt, state: State, context: DetectContext, settings: S): void;
  /** Called about once a second of packet time. */
  tick?(nowUs: number, state: State, context: DetectContext, settings: S): void;
  /** Called once at the end of a capture: says what was still being weighed. */
  finish?(nowUs: number, state: State, context: DetectContext, settings: S): void;
}

export const defineDetection = <S extends Settings, State>(detection: Detection<S, State>): Detection<S, State> =>
  detection;

// biome-ignore lint/suspicious/noExplicitAny: settings and state of a detection are its own; whoever holds many looks at neither
export type AnyDetection = Detection<any, any>;

/** A change of an incident. */
export interface IncidentChange {
  readonly incident: Incident;
  readonly change: "opened" | "escalated" | "updated" | "acknowledged" | "resolved" | "reopened";
}
