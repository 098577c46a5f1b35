import type { Incident, Party } from "@lanwarden/contract/incident";
import type { DetectLookups } from "./define.ts";

/** A copy of a party with its name and country filled in where they are known. */
export function namedParty(party: Party, lookups: DetectLookups, isHome: (ip: string) => boolean): Party {
  const named: Party = { ...party };
  if (named.name === undefined) {
    const id = lookups.deviceIdOf(party);
    const name = id === undefined ? undefined : lookups.nameOfDevice(id);
    if (name !== undefined) named.name = name;
  }
  if (named.country === undefined && party.ip !== undefined && !isHome(party.ip)) {
    const country = lookups.country(party.ip);
    if (country !== undefined) named.country = country;
  }
  return named;
}

/** What others get of an incident: a copy, titled with the present name of its device. */
export function incidentView(
  entry: { readonly incident: Incident; readonly who: string; readonly titleTemplate: string },
  lookups: DetectLookups,
): Incident {
  const { incident, who } = entry;
  const name =
    (incident.device === null ? undefined : lookups.nameOfDevice(incident.device)) ?? (who === "*" ? "A device" : who);
  return {
    ...incident,
    title: entry.titleTemplate.replaceAll("{device}", () => name),
    attacker: incident.attacker && { ...incident.attacker },
    victim: incident.victim && { ...incident.victim },
    why: [...incident.why],
    advice: [...incident.advice],
    attack: incident.attack.map((step) => ({ ...step })),
    evidence: {
      ...incident.evidence,
      flow_ids: [...incident.evidence.flow_ids],
      fields: { ...incident.evidence.fields },
    },
    response: { ...incident.response },
  };
}

/** A critical one (a password guessed, the router impersonated) is never closed by quiet alone: a person must have seen it. */
export const needsEyes = ({ severity, status, test }: Incident): boolean =>
  severity === "critical" && status === "open" && test !== true;
