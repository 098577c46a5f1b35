import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { severityRank } from "@lanwarden/contract/kinds";
import type { TapProblem } from "@lanwarden/contract/status";

const isLoud = (incident: Incident): boolean =>
  incident.status === "open" && severityRank(incident.severity) >= severityRank("medium");

/** The one sentence that answers "is my home safe?": worst first, by the device's name, or that all is quiet. */
export function homeSentence(open: readonly Incident[], devices: readonly Device[]): string {
  const loud = open.filter(isLoud);
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
  // A sentence begins with a capital, also when a host name does not.
  return `${worst.title.charAt(0).toUpperCase()}${worst.title.slice(1).replace(/[.!?]$/, "")}.${rest}`;
}

/** How the home is seen at present. */
export interface TapView {
  readonly isUp: boolean;
  /** A capture was played to its end: what it showed still stands. */
  readonly isOver: boolean;
  readonly isStarting: boolean;
  /** What looks at the tap found wrong with it. */
  readonly problems?: readonly TapProblem[];
}

/** Findings that leave most of the home unseen: "all quiet" would be more than is known. */
const BLINDING: ReadonlySet<string> = new Set(["only_broadcast", "own_traffic_only", "wan_side", "one_direction"]);

/** The same for a running agent: "all quiet" is not said by one that sees nothing. */
export function hubSentence(open: readonly Incident[], devices: readonly Device[], tap: TapView): string {
  const said = homeSentence(open, devices);
  if (tap.isUp && tap.problems?.some(({ id }) => BLINDING.has(id)))
    return `${said} But the tap does not show the whole home.`;
  if (tap.isUp || tap.isOver) return said;
  if (tap.isStarting) return devices.length === 0 ? "Starting: nothing seen yet." : said;
  return open.some(isLoud)
    ? `${said} The tap is down: nothing new is seen.`
    : "The tap is down: the home is not watched.";
}
