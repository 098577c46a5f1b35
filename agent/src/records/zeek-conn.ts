import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { FlowRef } from "../dissect/event.ts";
import { ETHERNET_OCTETS, isEcho, leastPayload } from "./flow-opening.ts";
import type { FlowSummary, FlowTotals, Opening } from "./flow-story.ts";
import { type Fields, integerIn, textIn } from "./json-fields.ts";
import { zeekInterval } from "./zeek-header.ts";

/** States of conn.log (base/protocols/conn/main.zeek) as an opening; those that are left out began before Zeek looked, or say nothing. */
const OPENINGS: ReadonlyMap<string, Opening> = new Map([
  ["S0", "silent"],
  ["S1", "answered"],
  ["S2", "answered"],
  ["S3", "answered"],
  ["SF", "answered"],
  ["REJ", "refused"],
  ["RSTO", "answered"],
  ["RSTR", "answered"],
  ["RSTOS0", "silent"],
  ["SH", "silent"],
]);

/** What each letter of `history` shows; upper case is the originator's. */
const FLAGS: Readonly<Record<string, number>> = {
  s: TCP_SYN,
  h: TCP_SYN | TCP_ACK,
  a: TCP_ACK,
  d: TCP_ACK,
  f: TCP_FIN,
  r: TCP_RST,
  q: TCP_FIN | TCP_SYN,
  i: TCP_RST | TCP_SYN,
};

/** Reads a record of conn.log. */
export function readZeekConn(fields: Fields, ref: FlowRef, nowUs: number): FlowSummary {
  const packetsToServer = integerIn(fields, "orig_pkts") ?? 0;
  const packetsToClient = integerIn(fields, "resp_pkts") ?? 0;
  const origIpBytes = integerIn(fields, "orig_ip_bytes") ?? 0;
  const respIpBytes = integerIn(fields, "resp_ip_bytes") ?? 0;
  const history = textIn(fields, "history", 64) ?? "";
  const isTcp = ref.proto === "TCP";
  const totals: FlowTotals = {
    packetsToServer,
    packetsToClient,
    bytesToServer: origIpBytes + packetsToServer * ETHERNET_OCTETS,
    bytesToClient: respIpBytes + packetsToClient * ETHERNET_OCTETS,
    payloadToServer: payload(fields, "orig_bytes", leastPayload(ref, packetsToServer, origIpBytes, 0)),
    payloadToClient: payload(fields, "resp_bytes", leastPayload(ref, packetsToClient, respIpBytes, 0)),
    tcpFlagsToServer: isTcp ? flagsOf(history, true) : 0,
    tcpFlagsToClient: isTcp ? flagsOf(history, false) : 0,
  };
  const appProto = appProtoOf(textIn(fields, "service", 64));
  const opening = isTcp
    ? (OPENINGS.get(textIn(fields, "conn_state", 8) ?? "") ?? "middle")
    : packetsToClient > 0
      ? "answered"
      : "silent";
  return {
    flow: withUnseen(fields, ref, history),
    opening,
    firstFlags: firstFlags(history),
    totals,
    lastUs: Math.min(nowUs, ref.startUs + zeekInterval(fields, "duration")),
    ...(appProto === undefined ? {} : { appProto }),
  };
}

/**
 * Zeek counts payload by sequence numbers: a connection that was reset or seen in part may show any number. What is more than all packets
 * together is none.
 */
function payload(fields: Fields, key: string, least: number): number {
  const told = integerIn(fields, key);
  const all = integerIn(fields, key.replace("_bytes", "_ip_bytes"));
  return told === undefined || (all !== undefined && told > all) ? least : told;
}

/** ICMP that is no echo asks for no answer; a connection that Zeek turned round (`^`) may have begun on either side. */
function withUnseen(fields: Fields, ref: FlowRef, history: string): FlowRef {
  const isIcmp = ref.proto === "ICMP" || ref.proto === "IPv6-ICMP";
  // Zeek writes the type of ICMP into the originator's port.
  if (isIcmp && !isEcho(ref.proto, integerIn(fields, "id.orig_p", 255)))
    return { ...ref, unseen: { ...ref.unseen, answers: true } };
  return history.startsWith("^") ? { ...ref, unseen: { ...ref.unseen, opener: true } } : ref;
}

function flagsOf(history: string, isOriginator: boolean): number {
  let flags = 0;
  for (const letter of history) {
    const isUpper = letter >= "A" && letter <= "Z";
    if (isUpper === isOriginator) flags |= FLAGS[letter.toLowerCase()] ?? 0;
  }
  return flags;
}

/** The first letter is the first packet. */
function firstFlags(history: string): number {
  const first = history[0] ?? "";
  return first >= "A" && first <= "Z" ? (FLAGS[first.toLowerCase()] ?? TCP_ACK) : TCP_ACK;
}

const SERVICES: ReadonlyMap<string, string> = new Map([
  ["ssl", "tls"],
  ["krb_tcp", "krb5"],
  ["krb", "krb5"],
  ["gssapi", "smb"],
  ["ntlm", "smb"],
  ["postgresql", "pgsql"],
  ["dtls", "dtls"],
]);

/** The service that stands last was recognised last, within the others ("ssl,http"). */
export function appProtoOf(service: string | undefined): string | undefined {
  // A dash marks a protocol that turned out not to be spoken.
  const names = (service ?? "")
    .toLowerCase()
    .split(",")
    .filter((part) => !part.startsWith("-"));
  const name = names.includes("quic") ? "quic" : (names.at(-1) ?? "").replace(/^spicy_/, "");
  return SERVICES.get(name) ?? (name || undefined);
}
