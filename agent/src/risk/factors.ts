import type { Device, ServedPort } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IncidentKind, Severity } from "@lanwarden/contract/kinds";
import { parseTimeUs } from "../core/time-text.ts";
import { decay } from "./decay.ts";

/** One reason for risk: the probability that it alone would be trouble, and how to be rid of it. */
export interface Factor {
  readonly id: string;
  /** 0 to 1, below 1. */
  readonly p: number;
  readonly why: string;
  readonly fix: string;
}

/** Weight of an incident at full confidence, when fresh. A critical one alone makes a device critical, a low one alone leaves it low. */
const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = {
  info: 0,
  low: 0.12,
  medium: 0.35,
  high: 0.6,
  critical: 0.85,
};
/** Below this an incident no longer counts: half a point of the score. */
const LEAST = 0.005;

/** Kinds that describe how the device stands, not what happened: they stay until mended, so their incidents do not decay while open. */
const POSTURE: Readonly<Partial<Record<IncidentKind, { p: number; fix: string }>>> = {
  exposed_service: { p: 0.4, fix: "Close the port in your router, or reach the device through a VPN." },
  default_credentials: { p: 0.6, fix: "Give the device a password of its own." },
  no_authentication: { p: 0.5, fix: "Set a password on the device." },
  cleartext_credentials: { p: 0.25, fix: "Use the encrypted way to log in (HTTPS, SSH) and switch the other off." },
  weak_protocol: { p: 0.2, fix: "Switch the old protocol off, or update the device." },
  upnp_port_mapping: { p: 0.2, fix: "Switch UPnP port mapping off in your router if nobody needs it." },
};

/** Services that nobody means to offer to the whole internet, and how bad it is. */
const EXPOSED_PORT: Readonly<Record<string, number>> = {
  telnet: 0.7,
  smb: 0.6,
  rdp: 0.6,
  rfb: 0.6,
  ftp: 0.5,
  redis: 0.7,
  mqtt: 0.5,
  ssh: 0.35,
  rtsp: 0.5,
  snmp: 0.45,
  dns: 0.35,
  ssdp: 0.4,
  http: 0.4,
  tls: 0.25,
  modbus: 0.7,
};

/** Every reason why this device is a risk. `incidents` are the device's own; drills and information never count. */
export function riskFactors(device: Device, incidents: readonly Incident[], nowUs: number): Factor[] {
  const counted = incidents.filter((incident) => incident.test !== true && incident.severity !== "info");
  return [...postureFactors(device, counted), ...incidentFactors(counted, nowUs)].sort(
    (a, b) => b.p - a.p || (a.id < b.id ? -1 : 1),
  );
}

function postureFactors(device: Device, incidents: readonly Incident[]): Factor[] {
  const factors: Factor[] = [];
  const reported = new Set<IncidentKind>();
  for (const incident of incidents) {
    const posture = POSTURE[incident.kind];
    if (!posture || incident.status === "resolved" || reported.has(incident.kind) || !isOwnPosture(incident, device))
      continue;
    reported.add(incident.kind);
    factors.push({
      id: `posture.${incident.kind}`,
      p: posture.p * incident.confidence,
      why: `${incident.title.replace(/[.!?]$/, "")}.`,
      fix: incident.advice[0] ?? posture.fix,
    });
  }
  const exposed = device.services.filter((service) => service.to === "internet");
  if (exposed.length > 0 && !reported.has("exposed_service") && device.type !== "router")
    factors.push(exposureFactor(exposed));
  const clear = device.services.find((service) => service.app_proto === "telnet" || service.app_proto === "ftp");
  if (clear && !reported.has("weak_protocol")) {
    factors.push({
      id: "posture.weak_protocol",
      p: 0.15,
      why: `It offers ${clear.app_proto === "telnet" ? "Telnet" : "FTP"} (port ${clear.port}), where passwords travel readable.`,
      fix: "Switch it off in the device's settings and use SSH or HTTPS instead.",
    });
  }
  if (device.firmware.end_of_life)
    factors.push({
      id: "posture.firmware",
      p: 0.45,
      why: "Its maker no longer mends its firmware.",
      fix: "Replace it, or keep it off the internet.",
    });
  else if (device.firmware.outdated)
    factors.push({
      id: "posture.firmware",
      p: 0.25,
      why: `Its firmware ${device.firmware.version ?? ""} is out of date.`,
      fix: "Install the update of its maker.",
    });
  return factors;
}

/** A default password tried *by* this device says nothing of its own passwords. */
function isOwnPosture(incident: Incident, device: Device): boolean {
  const own = (party: Incident["attacker"]): boolean =>
    party !== null && (party.mac === device.id || (party.ip !== undefined && device.ips.includes(party.ip)));
  return (
    own(incident.victim) ||
    !own(incident.attacker) ||
    incident.kind === "upnp_port_mapping" ||
    incident.kind === "weak_protocol"
  );
}

function exposureFactor(exposed: readonly ServedPort[]): Factor {
  const worst = exposed.reduce((a, b) =>
    (EXPOSED_PORT[b.app_proto ?? ""] ?? 0.3) > (EXPOSED_PORT[a.app_proto ?? ""] ?? 0.3) ? b : a,
  );
  const more = exposed.length > 1 ? ` and ${exposed.length - 1} more` : "";
  return {
    id: "posture.exposed_service",
    p: EXPOSED_PORT[worst.app_proto ?? ""] ?? 0.3,
    why: `Port ${worst.port}${worst.app_proto === undefined ? "" : ` (${worst.app_proto})`}${more} was reached from the internet.`,
    fix: "Close the port in your router, or reach the device through a VPN.",
  };
}

function incidentFactors(incidents: readonly Incident[], nowUs: number): Factor[] {
  const factors: Factor[] = [];
  for (const incident of incidents) {
    if (POSTURE[incident.kind]) continue;
    const p =
      SEVERITY_WEIGHT[incident.severity] *
      incident.confidence *
      decay(incident.severity, nowUs - parseTimeUs(incident.last_seen));
    if (p < LEAST) continue;
    factors.push({
      id: `incident.${incident.id}`,
      p,
      why: `${incident.title.replace(/[.!?]$/, "")}.`,
      fix: incident.advice[0] ?? "Look at the incident.",
    });
  }
  return factors;
}
