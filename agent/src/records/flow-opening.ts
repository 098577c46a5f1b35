import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { FlowRef } from "../dissect/event.ts";
import type { FlowTotals, Opening } from "./flow-story.ts";

const UDP_OCTETS = 8;
/** A TCP header with the options that a SYN carries (MSS, SACK, timestamps, window scale): the longest that is usual. */
const TCP_OCTETS = 40;

/** Octets of an Ethernet header without tags. */
export const ETHERNET_OCTETS = 14;

/** The least that these packets carried beside their headers: counts of logs have headers in them, and no header must pass for data. */
export function leastPayload(
  flow: Pick<FlowRef, "proto" | "clientIp">,
  packets: number,
  bytes: number,
  linkOctets: number,
): number {
  const ip = flow.clientIp.includes(":") ? 40 : 20;
  const transport = flow.proto === "TCP" ? TCP_OCTETS : UDP_OCTETS;
  return Math.max(0, bytes - packets * (linkOctets + ip + transport));
}

/** True for an ICMP message that asks for an answer. */
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
