import type { Direction, IncidentKind, Severity } from "./kinds.ts";

/** One end of an incident. */
export interface Party {
  ip?: string;
  mac?: string;
  name?: string;
  subnet?: string;
  country?: string;
}

/** What is done about an incident. */
export interface IncidentResponse {
  /** What the policy would have. */
  wanted: "none" | "isolate";
  state: "none" | "dry_run" | "pending" | "isolated" | "failed" | "released";
  /** One sentence: "isolated by nftables inet and silent since 14:02:07", or why it failed. */
  detail?: string | null;
  /** Since when nobody reached the device, as the tap proves. */
  silent_since?: string | null;
}

/** One thing that a person should know of, grouped from any number of alerts. Times are RFC 3339 with microseconds and offset. */
export interface Incident {
  id: string;
  kind: IncidentKind;
  /** Id of the detection or signature that opened it. */
  detection: string;
  /** Plain words, with the device's name. */
  title: string;
  severity: Severity;
  /** 0 to 1. */
  confidence: number;
  direction: Direction;
  /** Part of the home device in a flood or amplification. */
  role?: "source" | "victim" | "reflector";
  attacker: Party | null;
  victim: Party | null;
  /** Id of the home device concerned; null when none could be told. */
  device: string | null;
  first_seen: string;
  last_seen: string;
  /** Alerts grouped in it. */
  count: number;
  status: "open" | "acknowledged" | "resolved";
  /** Sentences: what was seen, the number against the threshold. */
  why: string[];
  /** Sentences: what to do. */
  advice: string[];
  attack: { tactic: string; technique: string }[];
  evidence: { flow_ids: number[]; fields: Record<string, string | number | boolean>; pcap?: string };
  response: IncidentResponse;
  /** A drill: exercises the notification path, never acts. */
  test?: boolean;
}
