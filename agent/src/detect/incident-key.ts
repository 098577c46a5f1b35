import { createHash } from "node:crypto";
import type { Party } from "@lanwarden/contract/incident";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "../core/ip.ts";
import type { Finding } from "./define.ts";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const ID_LENGTH = 12;

/** An id of 12 base32 characters that follows from the words alone: the same capture gives the same ids. */
export function stableId(...words: readonly (string | number)[]): string {
  const digest = createHash("sha256").update(words.join("\u0000")).digest();
  let id = "";
  for (let i = 0; i < ID_LENGTH; i++) id += BASE32[(digest[i] ?? 0) & 31];
  return id;
}

/** The network that stands for an outside address in a group: /24 or /48, since a service or an attacker seldom has one address only. */
export function peerNetwork(ip: string): string {
  const v4 = parseIpv4(ip);
  if (v4 !== undefined) return `${formatIpv4(v4 & 0xffffff00)}/24`;
  const v6 = parseIpv6(ip);
  if (v6 !== undefined) return `${formatIpv6(v6[0], v6[1] & 0xffff0000, 0, 0)}/48`;
  return ip;
}

/** Group of incidents that a peer belongs to: outside hosts by network, home hosts each for itself, "*" when there is none. */
export function peerGroup(peer: Party | null, isHome: (ip: string) => boolean): string {
  if (peer === null) return "*";
  if (peer.ip !== undefined) return isHome(peer.ip) ? peer.ip : peerNetwork(peer.ip);
  return peer.mac ?? peer.subnet ?? peer.name ?? "*";
}

/** What a party is called in keys and where no name is known. */
export const partyText = (party: Party | null | undefined): string | undefined =>
  party?.ip ?? party?.mac ?? party?.subnet ?? party?.name;

/** The home device concerned: said by the finding, else who acts, unless the act comes from outside. */
export function subjectOf(finding: Finding): Party | undefined {
  if (finding.subject) return finding.subject;
  const { attacker, victim } = finding;
  return (finding.direction === "inbound" ? (victim ?? attacker) : (attacker ?? victim)) ?? undefined;
}

export const sameParty = (a: Party | undefined, b: Party | null): boolean =>
  a !== undefined && b !== null && (a.ip !== undefined ? a.ip === b.ip : a.mac !== undefined && a.mac === b.mac);
