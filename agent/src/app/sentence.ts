import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { severityRank } from "@lanwarden/contract/kinds";

/** The one sentence that answers "is my home safe?": worst first, by the device's name, or that all is quiet. */
export function homeSentence(open: readonly Incident[], devices: readonly Device[]): string {
  const loud = open.filter(
    (incident) => incident.status === "open" && severityRank(incident.severity) >= severityRank("medium"),
  );
  const count = devices.length === 1 ? "1 device" : `${devices.length} devices`;
  if (loud.length === 0) {
    const low = open.filter((incident) => incident.status === "open" && incident.severity === "low").length;
    if (devices.length === 0) return "No device seen yet.";
    return low === 0
      ? `All quiet. ${count}, nothing to do.`
      : `No danger. ${count}, ${low === 1 ? "one small thing" : `${low} small things`} to look at.`;
  }
  const worst = loud.reduce((a, b) =>
    severityRank(b.severity) > severityRank(a.severity) || (b.severity === a.severity && b.last_seen > a.last_seen)
      ? b
      : a,
  );
  const others = loud.length - 1;
  const rest = others === 0 ? "" : others === 1 ? " One more needs you." : ` ${others} more need you.`;
  return `${worst.title.replace(/[.!?]$/, "")}.${rest}`;
}
