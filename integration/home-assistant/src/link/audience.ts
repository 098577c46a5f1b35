import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type Severity, severityRank } from "@lanwarden/contract/kinds";

const NEWS = new Set(["opened", "escalated", "reopened"]);

/** Whether a person is told of this change at all: it is news, bad enough, still open, and not of a device that the user wants to hear nothing of. */
export function isTold(change: string, incident: Incident, device: Device | undefined, least: Severity): boolean {
  return (
    NEWS.has(change) &&
    incident.status === "open" &&
    incident.severity !== "info" &&
    severityRank(incident.severity) >= severityRank(least) &&
    device?.policy !== "ignored"
  );
}

/** Somebody has seen it, or it has ended: what told of it may go. */
export const isOver = (change: string, incident: Incident): boolean =>
  change === "resolved" || change === "acknowledged" || incident.status !== "open";
