import type { GuardMode } from "./kinds.ts";

/** How far an isolation reaches, told honestly: `l2` every other host, `wan` the internet, `wan-ipv4` the internet by IPv4 only, `dns` names only. */
export const ISOLATION_LEVELS = ["l2", "wan", "wan-ipv4", "dns"] as const;
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/**
 * State of a device's isolation.
 *
 * `no`       not isolated
 * `pending`  asked for (or its end is), not yet verified
 * `yes`      in force: read back from the back-end and, where the tap shows the device, seen to be silent
 * `failed`   asked for, and not in force: `detail` says why
 */
export type IsolationStateName = "no" | "pending" | "yes" | "failed";

export interface IsolationState {
  state: IsolationStateName;
  /** Back-ends that hold it, joined by " + ". */
  backend: string | null;
  level: IsolationLevel | null;
  since: string | null;
  /** When it ends by itself; null = not by itself. */
  until: string | null;
  /** Last time that anybody reached the device in spite of it, or `since`; null until the tap has proven it. */
  silent_since?: string | null;
  /** What proves it: nothing yet, the back-end's own word, or the tap. */
  proof?: "none" | "router" | "tap";
  /** Who asked: "api", "mqtt", "matter", "home-assistant", "policy" … */
  by?: string | null;
  /** One sentence for people: why it failed, or what is not proven. */
  detail?: string | null;
}

/** `PUT /api/v1/devices/:id/isolation`, and MQTT `…/isolate/set` as JSON. */
export interface IsolationRequest {
  /** Ends by itself after this; absent = the configured time; null = only when released. */
  for_seconds?: number | null;
  reason?: string;
  by?: string;
  /** Incident that it answers. */
  incident?: string;
}

/** Why a request was refused. Stable words for machines; `detail` of the problem says it for people. */
export const REFUSALS = [
  "monitor_mode",
  "ask_mode",
  "unknown_device",
  "protected_device",
  "too_many",
  "cool_down",
  "user_released",
  "no_backend",
  "no_address",
  "test_incident",
  "trusted_device",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What became of a request: written down, or refused with the reason for people. What comes of it is told by the device's state. */
export type IsolationAnswer = { accepted: true } | { accepted: false; code: Refusal; detail: string };

/** One entry of `GET /api/v1/backends`. */
export interface BackendInfo {
  type: string;
  /** "nftables inet". */
  name: string;
  level: IsolationLevel;
  ready: boolean;
  /** Why it is not ready, in words. */
  detail: string | null;
  /** Devices that it holds isolated. */
  isolated: string[];
}

/** One row of `GET /api/v1/isolations`: an isolation of the journal, newest first. */
export interface IsolationRow {
  id: string;
  device: string;
  name: string;
  state: IsolationStateName;
  /** Back-ends that hold or held it, joined by " + "; "" when none came to it. */
  backend: string;
  level: IsolationLevel | null;
  requested: string;
  until: string | null;
  released: string | null;
  by: string;
  reason: string;
  incident: string | null;
  detail: string | null;
}

/** `PUT /api/v1/mode`. */
export interface ModeRequest {
  mode: GuardMode;
}

/** What the user thinks of a device, beyond its type: decides what may be done with it by itself. */
export const DEVICE_PROFILES = ["auto", "trusted", "iot", "guest", "miner", "ignored"] as const;
export type DeviceProfile = (typeof DEVICE_PROFILES)[number];
