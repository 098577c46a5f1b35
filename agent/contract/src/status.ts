import type { Risk } from "./device.ts";
import type { TapFindingId } from "./doctor.ts";
import type { HomeRisk } from "./home-risks.ts";
import type { GuardMode, IncidentKind, Severity } from "./kinds.ts";
import type { Part } from "./part.ts";

/** State of the whole home: `GET /api/v1/status`, MQTT `…/state`, event `status` of the stream. */
export interface HubState {
  agent: string;
  version: string;
  /** One sentence that answers "is my home safe?". */
  sentence: string;
  risk: Risk;
  /** "ON" while an incident of medium or worse is open. */
  threat: "ON" | "OFF";
  threat_level: "none" | Exclude<Severity, "info">;
  open_incidents: number;
  /** The worst of them, newest first among equals, at most five and 2 kB: for displays that do not ask the API. */
  incidents?: OpenIncident[];
  /** Devices that have one of the three classic weaknesses of a home. */
  home_risks?: Record<HomeRisk, number>;
  devices_seen: number;
  isolated_devices: number;
  max_risk: number;
  /** Name of the device with the highest score; null while none is seen. */
  riskiest_device: string | null;
  mining: "ON" | "OFF";
  mining_devices: number;
  mining_pools: string[];
  mode: GuardMode;
  /** "ON" while packets come in. */
  tap: "ON" | "OFF";
  /** Why the tap is OFF, or which of several sources is missing, in words; absent when all is well. */
  tap_reason?: string;
  /** What several looks at the tap found wrong with it, as `lanwarden doctor` does; absent when nothing is. */
  tap_problems?: TapProblem[];
  /** Kinds of incident that cannot come about because no packets are seen, only records of other programs; absent where packets are. */
  blind_to?: IncidentKind[];
  /** Rates over the last seconds. */
  packets_per_second: number;
  bits_per_second: number;
  /** Share of packets lost, 0 to 1. */
  drop_ratio: number;
  /** What is left out of the look at the traffic because it is too much for the machine, in words; absent when nothing is. */
  overload?: string;
  /** Packets left out since the start because two taps saw them; absent where there is but one. */
  duplicates?: number;
  flows: number;
  last_packet: string | null;
  started: string;
  /** Share of one core that the agent used lately, percent; may exceed 100. */
  cpu_percent: number;
  /** Memory of the agent, octets. */
  rss_bytes: number;
  /** True for the sample home. */
  demo: boolean;
}

/** The tap delivers, but not what it should. */
export interface TapProblem {
  id: TapFindingId;
  /** Plain words. */
  title: string;
}

/** What a display needs to ask a person for a decision. */
export interface OpenIncident {
  id: string;
  kind: IncidentKind;
  /** Plain words, cut to 120 characters. */
  title: string;
  severity: Severity;
  /** Id of the home device concerned; null when none could be told. */
  device: string | null;
  /** What that device did: shutting off a victim is no answer. */
  part?: Part;
  /** RFC 3339. */
  first_seen: string;
}

/** One second of traffic: event `traffic` of the stream. */
export interface TrafficSample {
  /** RFC 3339. */
  at: string;
  bits_in: number;
  bits_out: number;
  bits_lan: number;
  packets: number;
  /** Busiest devices of the last ten seconds, most first, at most 8. */
  top: { device: string; name: string; bits: number }[];
}
