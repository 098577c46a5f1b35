import type { ServedPort } from "@lanwarden/contract/device";
import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import { ATTRIBUTES, type Attribute, DeviceEntry, type UserWord } from "./entry.ts";
import type { GatewaySnapshot } from "./gateway-finder.ts";
import type { Ballot } from "./vote.ts";

/** A device as it outlives a restart. Plain data. */
export interface EntrySnapshot {
  readonly id: string;
  readonly mac?: string;
  readonly ips: readonly (readonly [string, number])[];
  readonly votes: Readonly<Record<Attribute, readonly (readonly [string, Ballot])[]>>;
  readonly services: readonly ServedPort[];
  readonly user: UserWord;
  readonly known?: KnownDevice;
  readonly firstUs: number;
  readonly lastUs: number;
}

export interface InventorySnapshot {
  readonly entries: readonly EntrySnapshot[];
  readonly proven: readonly string[];
  readonly gateway: GatewaySnapshot;
}

export function snapshotEntry(entry: DeviceEntry): EntrySnapshot {
  const votes = Object.fromEntries(
    ATTRIBUTES.map((attribute) => [attribute, entry.votes[attribute].entries()]),
  ) as unknown as EntrySnapshot["votes"];
  return {
    id: entry.id,
    ...(entry.mac === undefined ? {} : { mac: entry.mac }),
    ips: [...entry.ips],
    votes,
    services: [...entry.services.values()],
    user: entry.user,
    ...(entry.known === undefined ? {} : { known: entry.known }),
    firstUs: entry.firstUs,
    lastUs: entry.lastUs,
  };
}

export function restoreEntry(snapshot: EntrySnapshot): DeviceEntry {
  const entry = new DeviceEntry(snapshot.id, snapshot.mac, snapshot.firstUs);
  entry.lastUs = snapshot.lastUs;
  entry.user = snapshot.user;
  entry.known = snapshot.known;
  for (const [ip, atUs] of snapshot.ips) entry.ips.set(ip, atUs);
  for (const attribute of ATTRIBUTES)
    for (const [source, ballot] of snapshot.votes[attribute] ?? []) entry.votes[attribute].cast(source, ballot);
  for (const service of snapshot.services) entry.services.set(`${service.proto}/${service.port}`, service);
  return entry;
}
