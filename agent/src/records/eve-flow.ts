import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { FlowRef } from "../dissect/event.ts";
import { timeIn } from "./eve-header.ts";
import type { FlowSummary, FlowTotals, Opening } from "./flow-story.ts";
import { type Fields, integerIn, objectIn, textIn } from "./json-fields.ts";

const ETHERNET_OCTETS = 14;
const VLAN_OCTETS = 4;
const UDP_OCTETS = 8;
/** A TCP header with the options that a SYN carries (MSS, SACK, timestamps, window scale): the longest that is usual. */
const TCP_OCTETS = 40;

/** The least that these packets carried beside their headers: counts of logs have headers in them, and no header must pass for data. */
export function leastPayload(
  flow: Pick<FlowRef, "proto" | "clientIp" | "vlan">,
  packets: number,
  bytes: number,
): number {
  const ip = flow.clientIp.includes(":") ? 40 : 20;
  const transport = flow.proto === "TCP" ? TCP_OCTETS : UDP_OCTETS;
  return Math.max(0, bytes - packets * (ETHERNET_OCTETS + VLAN_OCTETS * flow.vlan.length + ip + transport));
}

/** Reads an EVE `flow` record; undefined when it holds no counts. */
export function readEveFlow(fields: Fields, ref: FlowRef, atUs: number): FlowSummary | undefined {
  const flow = objectIn(fields, "flow");
  if (flow === undefined) return undefined;
  const tcp = objectIn(fields, "tcp");
  const packetsToServer = integerIn(flow, "pkts_toserver") ?? 0;
  const packetsToClient = integerIn(flow, "pkts_toclient") ?? 0;
  const bytesToServer = integerIn(flow, "bytes_toserver") ?? 0;
  const bytesToClient = integerIn(flow, "bytes_toclient") ?? 0;
  const totals: FlowTotals = {
    packetsToServer,
    packetsToClient,
    bytesToServer,
    bytesToClient,
    payloadToServer: leastPayload(ref, packetsToServer, bytesToServer),
    payloadToClient: leastPayload(ref, packetsToClient, bytesToClient),
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

export const isEcho = (proto: string, type: number | undefined): boolean =>
  proto === "ICMP" ? type === 8 : type === 128;

/** How a flow began, from the flags and packets of both sides. */
export function openingOf(proto: string, totals: FlowTotals): Opening {
  if (proto !== "TCP") return totals.packetsToClient > 0 ? "answered" : "silent";
  const { tcpFlagsToServer: asked, tcpFlagsToClient: answered } = totals;
  if (asked === 0) return "middle";
  if (totals.packetsToClient === 0) return "silent";
  if ((answered & TCP_SYN) !== 0) return "answered";
  if ((answered & TCP_RST) !== 0 && (asked & TCP_ACK) === 0) return "refused";
  return "middle";
}

/** Flags of the first segment as far as all flags of the client tell them. */
export function firstFlags({ tcpFlagsToServer: all }: FlowTotals): number {
  // A SYN is sent alone; FIN with it and no ACK is the mark of a scan.
  if ((all & TCP_SYN) !== 0) return (all & (TCP_FIN | TCP_ACK)) === TCP_FIN ? TCP_SYN | TCP_FIN : TCP_SYN;
  return (all & (TCP_ACK | TCP_RST)) === 0 && all !== 0 ? all : TCP_ACK;
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
