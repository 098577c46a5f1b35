import { MICROS } from "../core/clock.ts";
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { FlowRef, SensorEvent } from "../dissect/event.ts";

export type AttemptStyle = "syn" | "stealth" | "udp" | "icmp";
export type AttemptEnd = "refused" | "silent" | "answered";

/** What a flow tried, and how it ended. */
export interface Attempt {
  readonly flow: FlowRef;
  readonly style: AttemptStyle;
  readonly end: AttemptEnd;
  /** Packet time of what ended it; of a try that nobody answered the time of its start. Microseconds. */
  readonly atUs: number;
}

/**
 * An answer that takes longer than this is no answer: the time after which the sender itself gives the SYN up for lost (RFC 6298 §2.1: 1 s).
 * Longer would cost: what is decided here is to be told within two seconds.
 */
const SILENT_AFTER_US = 1 * MICROS;
const MAX_PENDING = 8192;

interface Pending {
  readonly flow: FlowRef;
  /** Undefined while only a TCP packet without any flag was seen: a NULL scan, or flags not told yet. The end of the flow decides. */
  readonly style: AttemptStyle | undefined;
  readonly atUs: number;
}

/** How a flow's first packet tries the other side; undefined for what opens nothing (middle of a session, answers to spoofed packets). */
export function attemptStyle(flow: FlowRef, tcpFlags: number): AttemptStyle | undefined {
  if (flow.proto === "UDP") return "udp";
  if (flow.proto === "ICMP" || flow.proto === "IPv6-ICMP") return "icmp";
  if (flow.proto !== "TCP") return undefined;
  if ((tcpFlags & (TCP_SYN | TCP_ACK | TCP_RST)) === TCP_SYN) return (tcpFlags & TCP_FIN) === 0 ? "syn" : "stealth";
  // RFC 9293 §3.10.7: a closed port answers NULL, FIN and Xmas packets with RST, an open one not at all; nothing else sends them first.
  return (tcpFlags & (TCP_SYN | TCP_ACK | TCP_RST)) === 0 ? "stealth" : undefined;
}

/**
 * Follows what flows try until it is known how each try ended: answered, refused, or never answered. Scans are seen by tries that fail,
 * because busy clients, downloads over many servers and peer-to-peer programs are mostly answered.
 */
export class Attempts {
  /** In order of their start. */
  readonly #pending = new Map<number, Pending>();
  /** Stands at the oldest: an iterator begun anew each time would walk over the holes that its predecessors left. */
  #front: IterableIterator<[number, Pending]> | undefined;

  /** Feeds a flow event; `tell` is called when the end of a try is known by it. */
  follow(event: SensorEvent<"flow">, tell: (attempt: Attempt) => void): void {
    const { flow, data, atUs } = event;
    if (flow.unseen?.opener) return;
    // Where answers cannot be seen, silence proves nothing: the try counts as answered.
    if (flow.unseen?.answers) {
      const style = data.phase === "start" ? attemptStyle(flow, data.tcpFlagsToServer) : undefined;
      if (style !== undefined) tell({ flow, style, end: "answered", atUs });
      return;
    }
    if (data.phase === "start") {
      const isBare = flow.proto === "TCP" && data.tcpFlagsToServer === 0;
      const style = isBare ? undefined : attemptStyle(flow, data.tcpFlagsToServer);
      if (style === undefined && !isBare) return;
      if (this.#pending.size >= MAX_PENDING) this.#shift(tell);
      this.#pending.set(flow.id, { flow, style, atUs });
      return;
    }
    const pending = this.#pending.get(flow.id);
    if (!pending) return;
    const end = endOf(event);
    if (end === undefined) return;
    this.#pending.delete(flow.id);
    const style = pending.style ?? styleOfAll(data.tcpFlagsToServer);
    if (style !== undefined) tell({ flow, style, end, atUs });
  }

  /** Tells tries that nobody answered in time. */
  expire(nowUs: number, tell: (attempt: Attempt) => void): void {
    for (const [id, pending] of this.#pending) {
      if (nowUs - pending.atUs < SILENT_AFTER_US) return;
      if (pending.style === undefined) continue;
      this.#pending.delete(id);
      tell({ flow: pending.flow, style: pending.style, end: "silent", atUs: pending.atUs });
    }
  }

  /** The oldest has waited longest; under a flood of tries it is taken as unanswered early. */
  #shift(tell: (attempt: Attempt) => void): void {
    this.#front ??= this.#pending.entries();
    const oldest = this.#front.next();
    if (oldest.done) {
      this.#front = undefined;
      return;
    }
    const [id, pending] = oldest.value;
    this.#pending.delete(id);
    if (pending.style !== undefined)
      tell({ flow: pending.flow, style: pending.style, end: "silent", atUs: pending.atUs });
  }
}

/** The style by all flags that the client has sent; a client may answer SYN-ACK with RST (half-open scan). */
function styleOfAll(tcpFlags: number): AttemptStyle | undefined {
  if ((tcpFlags & TCP_SYN) !== 0) return "syn";
  return (tcpFlags & (TCP_ACK | TCP_RST)) === 0 ? "stealth" : undefined;
}

function endOf({ flow, data }: SensorEvent<"flow">): AttemptEnd | undefined {
  if (data.phase === "refused") return "refused";
  if (data.phase === "established") return "answered";
  // An update may be the first word on a flow whose handshake was seen in part only.
  if (data.phase === "update") return data.packetsToClient > 0 ? "answered" : undefined;
  if (data.packetsToClient === 0) return "silent";
  return flow.proto === "TCP" && (data.tcpFlagsToClient & TCP_SYN) === 0 && (data.tcpFlagsToClient & TCP_RST) !== 0
    ? "refused"
    : "answered";
}
