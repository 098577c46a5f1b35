import { type Device, riskLevel } from "./device.ts";
import { type HomeRisk, homeRisksOf } from "./home-risks.ts";
import type { Incident } from "./incident.ts";
import { DEVICE_PROFILES, type DeviceProfile, type IsolationLevel, type IsolationStateName } from "./isolation.ts";
import { severityRank } from "./kinds.ts";
import { partOf } from "./part.ts";
import { speakable, spokenIncident, spokenName } from "./speech.ts";
import type { IncidentEventType } from "./topics.ts";

/** `…/dev/<mac12>/state`, retained. */
export interface DeviceState {
  /** Whole number, 0 to 100. */
  risk: number;
  level: string;
  /** "ON" while an incident of medium or worse of this device is open. */
  threat: "ON" | "OFF";
  mining: "ON" | "OFF";
  pool: string | null;
  /** What it mines, in lower case: "monero"; null while that is not known. */
  coin?: string | null;
  /** As verified, not as wished; null while that is not known yet. */
  isolated: "ON" | "OFF" | null;
  isolation: IsolationFields;
  profile: DeviceProfile;
  ip: string | null;
  hostname: string | null;
  last_seen: string;
}

/** What is known of a device's isolation, for attributes: at most 1 kB. */
export interface IsolationFields {
  isolation: IsolationStateName;
  level: IsolationLevel | null;
  backend: string | null;
  since: string | null;
  until: string | null;
  silent_since: string | null;
  detail: string | null;
  by: string | null;
}

/** `…/dev/<mac12>/why`, retained: at most 2 kB, for attributes. */
export interface DeviceWhy {
  level: string;
  top_reasons: string[];
  class: string;
  vendor: string | null;
  /** Classic weaknesses of a home that it has. */
  home_risks?: HomeRisk[];
}

const isOpen = (incident: Incident, device: Device): boolean =>
  incident.device === device.id && incident.status !== "resolved" && incident.test !== true;

/** State of a device as MQTT tells it. `incidents`: all current ones. */
export function deviceState(device: Device, incidents: readonly Incident[]): DeviceState {
  const own = incidents.filter((incident) => isOpen(incident, device));
  const mining = own.find((incident) => incident.kind === "mining");
  const { pool, coin } = mining?.evidence.fields ?? {};
  return {
    risk: Math.round(device.risk.score),
    level: riskLevel(device.risk.score),
    threat: own.some(({ severity, status }) => status === "open" && severityRank(severity) >= severityRank("medium"))
      ? "ON"
      : "OFF",
    mining: mining ? "ON" : "OFF",
    pool: pool === undefined ? null : String(pool).slice(0, 120),
    coin: coin === undefined ? null : String(coin).slice(0, 40),
    isolated: ISOLATED[device.isolated.state],
    isolation: isolationFields(device),
    profile: DEVICE_PROFILES.find((profile) => profile === device.policy) ?? "auto",
    ip: device.ips[0] ?? null,
    hostname: device.hostname === null ? null : cut(device.hostname, 253),
    last_seen: device.last_seen,
  };
}

const ISOLATED = { no: "OFF", pending: null, yes: "ON", failed: "OFF" } as const;

function isolationFields({ isolated }: Device): IsolationFields {
  const { state, level, backend, since, until } = isolated;
  return {
    isolation: state,
    level,
    backend: cutOrNull(backend, 80),
    since,
    until,
    silent_since: isolated.silent_since ?? null,
    detail: cutOrNull(isolated.detail, 120),
    by: cutOrNull(isolated.by, 40),
  };
}

export function deviceWhy(device: Device): DeviceWhy {
  return {
    level: device.risk.level,
    top_reasons: device.risk.factors.slice(0, 3).map(({ why }) => cut(why, 180)),
    class: device.type,
    vendor: device.vendor,
    home_risks: homeRisksOf(device),
  };
}

/** The event type of a change of an incident. */
export function incidentEventType(change: string, incident: Incident): IncidentEventType {
  const over = change === "resolved";
  if (incident.kind === "mining")
    return over ? "mining_stopped" : change === "opened" || change === "reopened" ? "mining_started" : "threat_updated";
  if (incident.kind === "new_device" && change === "opened") return "device_joined";
  if (over) return "threat_resolved";
  return change === "opened" || change === "reopened" ? "threat_detected" : "threat_updated";
}

/**
 * Payload of `…/incident`: the incident with `event_type`, a `message` for notifications and the same as `speech`. At most 2 kB, by leaving out
 * evidence and shortening reasons, since Home Assistant drops attributes that are too long; the API has the whole incident.
 * `device`: the one concerned, where it is known.
 */
export function incidentPayload(
  change: string,
  incident: Incident,
  risk: number | null,
  url: string,
  device?: Device,
): Record<string, unknown> {
  const [first = incident.title] = incident.why;
  const payload = {
    event_type: incidentEventType(change, incident),
    change,
    ...incident,
    ...(device === undefined ? {} : { device_name: cut(device.name, 64), part: partOf(incident, device) }),
    response: shortResponse(incident.response),
    message: first,
    speech: incidentSpeech(change, incident, device && spokenName(device)),
    risk,
    url,
    evidence: { flow_ids: incident.evidence.flow_ids.slice(0, 4), fields: incident.evidence.fields },
  };
  if (octets(payload) <= MAX_PAYLOAD) return payload;
  const bare = { ...payload, evidence: { flow_ids: [], fields: {} } };
  for (const length of [240, 120, 60, 30]) {
    const shorter = {
      ...bare,
      title: cut(incident.title, length),
      message: cut(first, length),
      why: incident.why.slice(0, 2).map((text) => cut(text, length)),
      advice: incident.advice.slice(0, 1).map((text) => cut(text, length)),
      attack: incident.attack.slice(0, 4),
    };
    if (octets(shorter) <= MAX_PAYLOAD) return shorter;
  }
  const { attacker: _, victim: __, ...least } = bare;
  return { ...least, title: cut(incident.title, 60), message: cut(first, 60), why: [], advice: [], attack: [] };
}

const shortResponse = ({ detail, ...rest }: Incident["response"]): Incident["response"] =>
  detail === undefined ? rest : { ...rest, detail: cutOrNull(detail, 160) };

function incidentSpeech(change: string, incident: Incident, name: string | undefined): string {
  if (change !== "resolved") return spokenIncident(incident, name);
  const drill = incident.test === true ? "The drill" : "The trouble";
  return name === undefined ? `${drill} is over.` : `${drill} with ${speakable(name)} is over.`;
}

/** Payload of `…/incident` when the tap falls silent (`reason`: in words, where it is known) or speaks again. */
export function tapPayload(isUp: boolean, reason: string | undefined, url: string): Record<string, unknown> {
  const eventType: IncidentEventType = isUp ? "tap_restored" : "tap_lost";
  return {
    event_type: eventType,
    title: isUp ? "The tap delivers again" : "The tap is down",
    message: isUp
      ? "Lanwarden sees the home's traffic again."
      : `Nothing of the home can be seen: ${cut(reason ?? "no traffic reaches Lanwarden", 240)}.`,
    speech: isUp ? "Lanwarden sees your network again." : "Lanwarden cannot see your network any more.",
    url,
  };
}

const MAX_PAYLOAD = 2000;
/** Length of the JSON text in UTF-8. */
const octets = (value: unknown): number =>
  encodeURIComponent(JSON.stringify(value)).replace(/%[0-9A-F]{2}/g, "x").length;
const cutOrNull = (text: string | null | undefined, length: number): string | null =>
  text === null || text === undefined ? null : cut(text, length);
/** By code points: half of a surrogate pair is not valid JSON to everybody. */
const cut = (text: string, length: number): string =>
  text.length > length ? `${[...text].slice(0, length - 1).join("")}…` : text;
