import type { Device } from "./device.ts";
import type { Incident } from "./incident.ts";
import type { DeviceProfile, Refusal } from "./isolation.ts";
import type { DeviceType, IncidentKind } from "./kinds.ts";
import type { HubState, TrafficSample } from "./status.ts";

/** A page of a list. `next` goes into `cursor` of the next call; null at the end. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** `GET /api/v1/flows`: one finished flow. */
export interface FlowRow {
  id: number;
  start: string;
  end: string;
  proto: string;
  client_ip: string;
  client_port: number;
  server_ip: string;
  server_port: number;
  /** Device ids, null for addresses outside. */
  client_device: string | null;
  server_device: string | null;
  bytes_to_server: number;
  bytes_to_client: number;
  app_proto: string | null;
  app: string | null;
  category: string | null;
  hostname: string | null;
  country: string | null;
}

/** `GET /api/v1/applications`: octets per application of the last day, most first. */
export interface ApplicationRow {
  app: string;
  category: string;
  bytes: number;
  flows: number;
  devices: number;
}

/** `GET /api/v1/mining`. */
export interface MiningRow {
  device: string;
  name: string;
  incident: string;
  coin: string | null;
  pool: string | null;
  since: string;
  last_seen: string;
  active: boolean;
  evidence: string[];
}

/** `PATCH /api/v1/devices/:id`. null takes the user's word back. */
export interface DevicePatch {
  name?: string | null;
  type?: DeviceType | null;
  pinned?: boolean;
  policy?: DeviceProfile | null;
}

/** `POST /api/v1/incidents/:id/normal` answer: the rule, by which it can be undone. */
export interface NormalRule {
  id: string;
  device: string | null;
  kind: IncidentKind;
  peer: string | null;
  created: string;
}

/** `GET /api/v1/history`: scores over time, oldest first. */
export interface HistoryPoint {
  at: string;
  score: number;
  open_incidents: number;
}

/** What `GET /api/v1/events` sends: `event:` is the key, `data:` the JSON of the value, `id:` a number to resume from. */
export interface StreamEvents {
  /** At once after connecting, and when it changes (at most once a second). */
  status: HubState;
  device: Device;
  incident: { change: string; incident: Incident };
  /** Once a second. Not replayed. */
  traffic: TrafficSample;
}

/** RFC 9457 problem details: the form of every error. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Of a refused isolation: why, for machines. */
  code?: Refusal;
}

/** `GET /api/v1/session` for the page: whether it is logged in and with which scope. */
export interface SessionInfo {
  scope: Scope;
  csrf: string;
}

/** What a token may do: each includes the ones before it. */
export const SCOPES = ["read", "act", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const API_BASE = "/api/v1";
/** Header that a page's own requests carry beside the session cookie, against cross-site requests. */
export const CSRF_HEADER = "x-lanwarden-csrf";
