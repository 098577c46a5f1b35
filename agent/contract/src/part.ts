import type { Device } from "./device.ts";
import type { Incident, Party } from "./incident.ts";

/** What a device did in an incident. Shutting off a victim would finish the attacker's work. */
export type Part = "offender" | "victim" | "unclear";

export function partOf(incident: Incident, device: Device): Part {
  if (incident.role === "victim") return "victim";
  if (incident.role === "source" || incident.role === "reflector") return "offender";
  const isAttacker = isParty(incident.attacker, device);
  const isVictim = isParty(incident.victim, device);
  if (isAttacker !== isVictim) return isAttacker ? "offender" : "victim";
  // Told as both, or as neither: only what leaves the home surely comes from the device.
  if (isAttacker || incident.attacker !== null) return "unclear";
  return incident.direction === "outbound" ? "offender" : "unclear";
}

/** A MAC decides where there is one: an address can be forged, or be another's by now. */
function isParty(party: Party | null, device: Device): boolean {
  if (party === null) return false;
  if (party.mac !== undefined && device.mac !== null) return party.mac.toLowerCase() === device.mac;
  return party.ip !== undefined && device.ips.includes(party.ip);
}
