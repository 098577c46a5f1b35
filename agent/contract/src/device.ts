import type { IsolationState } from "./isolation.ts";
import type { DeviceType } from "./kinds.ts";

export type RiskLevel = "low" | "guarded" | "high" | "critical";

/** Level of a score: below 25 low, below 50 guarded, below 75 high, else critical. */
export function riskLevel(score: number): RiskLevel {
  if (score < 25) return "low";
  if (score < 50) return "guarded";
  return score < 75 ? "high" : "critical";
}

export interface RiskFactor {
  id: string;
  /** Points by which the score falls when this factor alone is removed. */
  points: number;
  why: string;
  fix: string;
}

export interface Risk {
  /** 0 to 100. */
  score: number;
  level: RiskLevel;
  factors: RiskFactor[];
}

export interface ServedPort {
  port: number;
  proto: "TCP" | "UDP";
  /** Name of the protocol, when known. */
  app_proto?: string;
  /** Who reached it. */
  to: "home" | "internet";
}

/** A device of the home. */
export interface Device {
  /** MAC in lower case, or "ip:…" where no MAC is visible. */
  id: string;
  name: string;
  /** Where the name is from: "user", "home-assistant", "hostname", "mdns", "model", "vendor", "address". */
  name_source: string;
  mac: string | null;
  mac_randomized: boolean;
  /** Newest first. */
  ips: string[];
  hostname: string | null;
  vendor: string | null;
  model: string | null;
  type: DeviceType;
  /** 0 to 1. */
  type_confidence: number;
  os: string | null;
  firmware: { version: string | null; source: string | null; outdated: boolean; end_of_life: boolean; cves: string[] };
  first_seen: string;
  last_seen: string;
  risk: Risk;
  services: ServedPort[];
  isolated: IsolationState;
  /** What the user thinks of it: a profile of {@link DEVICE_PROFILES}; null = auto. */
  policy: string | null;
  /** Room, as Home Assistant has it. */
  area?: string | null;
  /** The user wants it shown everywhere. */
  pinned?: boolean;
}
