import type { Risk } from "./device.ts";
import type { GuardMode, Severity } from "./kinds.ts";

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
  /** Rates over the last seconds. */
  packets_per_second: number;
  bits_per_second: number;
  /** Share of packets lost, 0 to 1. */
  drop_ratio: number;
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
