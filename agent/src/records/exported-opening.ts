import { TCP_ACK, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import { isEcho } from "./flow-opening.ts";
import type { Opening } from "./flow-story.ts";
import type { HalfFlow } from "./half-flow.ts";

/** Ports below this one are given out to services only (RFC 6335 §6). */
const SYSTEM_PORTS = 1024;
/** First port that systems hand out to clients (Linux; IANA's range begins later). */
const FIRST_EPHEMERAL = 32_768;

/** A side of a flow: its port and what it has sent. */
export interface Side {
  readonly port: number;
  readonly half: HalfFlow;
}

/** Who opened a flow; undefined when neither times nor flags nor ports tell. */
export function openerOf(proto: string, a: Side, b: Side): "a" | "b" | undefined {
  return byFlags(proto, a.half, b.half) ?? byPresence(proto, a, b) ?? byTime(a.half, b.half) ?? byPorts(a.port, b.port);
}

const isRefusal = ({ tcpFlags }: HalfFlow): boolean => (tcpFlags & (TCP_SYN | TCP_RST)) === TCP_RST;

/** A SYN without ACK is the client's, and so is all that a RST without SYN answers. */
function byFlags(proto: string, a: HalfFlow, b: HalfFlow): "a" | "b" | undefined {
  if (proto !== "TCP") return undefined;
  const isTry = ({ tcpFlags }: HalfFlow): boolean => (tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
  if (isTry(a) && !isTry(b)) return "a";
  if (isTry(b) && !isTry(a)) return "b";
  if ((a.tcpFlags & TCP_SYN) !== 0 && isRefusal(b)) return "a";
  return (b.tcpFlags & TCP_SYN) !== 0 && isRefusal(a) ? "b" : undefined;
}

/** Where one side alone has spoken it is the client, unless it refuses or speaks from a service's port: then its question was not told. */
function byPresence(proto: string, a: Side, b: Side): "a" | "b" | undefined {
  if (a.half.isSeen && b.half.isSeen) return undefined;
  const [speaker, other, name, otherName] = a.half.isSeen ? ([a, b, "a", "b"] as const) : ([b, a, "b", "a"] as const);
  const isService = speaker.port < SYSTEM_PORTS && other.port >= SYSTEM_PORTS && hasPorts(proto);
  return isService || (proto === "TCP" && isRefusal(speaker.half)) ? otherName : name;
}

function byTime(a: HalfFlow, b: HalfFlow): "a" | "b" | undefined {
  if (a.startUs < b.startUs) return "a";
  return b.startUs < a.startUs ? "b" : undefined;
}

function byPorts(a: number, b: number): "a" | "b" | undefined {
  for (const limit of [SYSTEM_PORTS, FIRST_EPHEMERAL]) {
    if (a < limit && b >= limit) return "b";
    if (b < limit && a >= limit) return "a";
  }
  return undefined;
}

const hasPorts = (proto: string): boolean => proto === "TCP" || proto === "UDP" || proto === "SCTP";

/** How a flow began, and whether it can be known that nobody answered. */
export interface Judgement {
  readonly opening: Opening;
  /** Silence proves nothing here. */
  readonly answersUnseen: boolean;
}

/** `isTrusted`: the exporter tells answers under the same addresses, and looks at every packet. */
export function judgeOpening(proto: string, client: HalfFlow, server: HalfFlow, isTrusted: boolean): Judgement {
  const known = (opening: Opening): Judgement => ({ opening, answersUnseen: false });
  const unknown: Judgement = { opening: "silent", answersUnseen: true };
  const hasAnswer = server.isSeen && server.packets > 0;
  if (proto !== "TCP") {
    if ((proto === "ICMP" || proto === "IPv6-ICMP") && !isEcho(proto, client.icmpType)) return unknown;
    if (hasAnswer) return known("answered");
    return isTrusted ? known("silent") : unknown;
  }
  if (hasAnswer) return known(judgeAnswer(client, server));
  // Whoever acknowledges has heard the other side, whether it was told or not.
  if ((client.tcpFlags & TCP_ACK) !== 0) return known((client.tcpFlags & TCP_SYN) !== 0 ? "answered" : "middle");
  return client.hasFlags && isTrusted ? known("silent") : unknown;
}

function judgeAnswer(client: HalfFlow, server: HalfFlow): Opening {
  // Who never acknowledges what came back was refused.
  if (!server.hasFlags) return (client.tcpFlags & (TCP_SYN | TCP_ACK | TCP_RST)) === TCP_SYN ? "refused" : "answered";
  if ((server.tcpFlags & TCP_SYN) !== 0) return "answered";
  const isTry = (client.tcpFlags & TCP_ACK) === 0;
  return (server.tcpFlags & TCP_RST) !== 0 && isTry ? "refused" : "middle";
}
