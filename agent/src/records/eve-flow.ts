import type { FlowRef } from "../dissect/event.ts";
import { timeIn } from "./eve-header.ts";
import { ETHERNET_OCTETS, firstFlags, isEcho, leastPayload, openingOf } from "./flow-opening.ts";
import type { FlowSummary, FlowTotals } from "./flow-story.ts";
import { type Fields, integerIn, objectIn, textIn } from "./json-fields.ts";

const VLAN_OCTETS = 4;

/** Reads an EVE `flow` record; undefined when it holds no counts. */
export function readEveFlow(fields: Fields, ref: FlowRef, atUs: number): FlowSummary | undefined {
  const flow = objectIn(fields, "flow");
  if (flow === undefined) return undefined;
  const tcp = objectIn(fields, "tcp");
  const packetsToServer = integerIn(flow, "pkts_toserver") ?? 0;
  const packetsToClient = integerIn(flow, "pkts_toclient") ?? 0;
  const bytesToServer = integerIn(flow, "bytes_toserver") ?? 0;
  const bytesToClient = integerIn(flow, "bytes_toclient") ?? 0;
  const linkOctets = ETHERNET_OCTETS + VLAN_OCTETS * ref.vlan.length;
  const totals: FlowTotals = {
    packetsToServer,
    packetsToClient,
    bytesToServer,
    bytesToClient,
    payloadToServer: leastPayload(ref, packetsToServer, bytesToServer, linkOctets),
    payloadToClient: leastPayload(ref, packetsToClient, bytesToClient, linkOctets),
    tcpFlagsToServer: flagsIn(tcp, "tcp_flags_ts"),
    tcpFlagsToClient: flagsIn(tcp, "tcp_flags_tc"),
  };
  const end = timeIn(flow, "end");
  const appProto = appProtoOf(textIn(fields, "app_proto", 32));
  return {
    flow: withIcmp(fields, ref),
    opening: openingOf(ref.proto, totals),
    firstFlags: firstFlags(totals),
    totals,
    lastUs: Number.isNaN(end) ? atUs : Math.max(ref.startUs, Math.min(end, atUs)),
    ...(appProto === undefined ? {} : { appProto }),
  };
}

/** ICMP that is no echo asks for no answer (errors, router messages): its silence proves nothing. */
function withIcmp(fields: Fields, ref: FlowRef): FlowRef {
  const type = integerIn(fields, "icmp_type", 255);
  if ((ref.proto !== "ICMP" && ref.proto !== "IPv6-ICMP") || isEcho(ref.proto, type)) return ref;
  return { ...ref, unseen: { ...ref.unseen, answers: true } };
}

const flagsIn = (tcp: Fields | undefined, key: string): number => {
  const text = tcp && textIn(tcp, key, 2);
  return text !== undefined && /^[0-9a-fA-F]{1,2}$/.test(text) ? Number.parseInt(text, 16) : 0;
};

const APP_PROTOS: ReadonlyMap<string, string | undefined> = new Map([
  ["failed", undefined],
  ["unknown", undefined],
  ["http1", "http"],
  ["ftp-data", "ftp"],
  ["bittorrent-dht", "bittorrent"],
  ["doh2", "http2"],
]);

/** Suricata's name of a protocol as ours; undefined when it recognised none. */
export const appProtoOf = (name: string | undefined): string | undefined =>
  name !== undefined && APP_PROTOS.has(name) ? APP_PROTOS.get(name) : name;
