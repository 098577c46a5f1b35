import type { Incident } from "@lanwarden/contract/incident";
import { SEVERITIES, severityRank } from "@lanwarden/contract/kinds";
import type { AgentLink } from "../agent/link.ts";
import type { Message } from "./define.ts";

/** Which incidents a node wants; empty lists = all. */
export interface IncidentChoice {
  readonly severity?: string;
  readonly kinds?: readonly string[];
  readonly devices?: readonly string[];
}

export function isChosen(incident: Incident, { severity, kinds = [], devices = [] }: IncidentChoice): boolean {
  const least = SEVERITIES.find((name) => name === severity) ?? "info";
  return (
    severityRank(incident.severity) >= severityRank(least) &&
    (kinds.length === 0 || kinds.includes(incident.kind)) &&
    (devices.length === 0 || (incident.device !== null && devices.includes(incident.device)))
  );
}

/** The message of an incident: payload and `msg.incident` the incident, `msg.device` its device where known, `msg.speech` for a speaker. */
export function incidentMessage(link: AgentLink, change: string, incident: Incident): Message {
  const device = incident.device === null ? undefined : link.devices.get(incident.device);
  return {
    topic: incident.kind,
    payload: incident,
    change,
    incident: structuredClone(incident),
    ...(device ? { device: structuredClone(device) } : {}),
    speech: link.speech(incident),
  };
}
