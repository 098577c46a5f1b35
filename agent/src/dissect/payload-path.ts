import { i32At } from "../core/bytes.ts";
import { TCP_ACK, TCP_SYN } from "../core/tcp-flags.ts";
import type { PacketView } from "../decode/packet-view.ts";
import type { EndReason } from "../flow/expiry.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import { isIcmp, PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from "../flow/packet-batch.ts";
import {
  C_SEQUENCE,
  COLD_SHIFT,
  RECORD_SHIFT,
  STATE_CLIENT_HIGH,
  STATE_HELD,
  STATE_ISN,
  STATE_WANTED,
  W_LOOKS,
  W_PROTO,
  W_STATE,
} from "../flow/record.ts";
import type { Dispatch, DispatchTable } from "./dispatch.ts";
import { type Engine, PROBE_OCTETS, PROBE_PACKETS } from "./engine.ts";
import type { FlowRef } from "./event.ts";
import type { FlowRefs } from "./flow-ref.ts";
import { SESSION_PROBING, type Session } from "./session.ts";

/** Brings the payload of flows that somebody still wants to the engine, and keeps their sessions. */
export class PayloadPath {
  readonly #dispatch: Dispatch;
  readonly #engine: Engine;
  readonly #table: FlowTable;
  readonly #refs: FlowRefs;
  readonly #takesMidstream: boolean;
  /** Ports of the flow that is asked about. */
  readonly #ports = { clientPort: 0, serverPort: 0 };
  readonly #sessions: (Session | undefined)[] = [];

  constructor(dispatch: Dispatch, engine: Engine, table: FlowTable, refs: FlowRefs, takesMidstream: boolean) {
    this.#dispatch = dispatch;
    this.#engine = engine;
    this.#table = table;
    this.#refs = refs;
    this.#takesMidstream = takesMidstream;
  }

  /** The dissectors' table for an IP protocol; undefined when nobody looks at it. */
  tableOf(proto: number): DispatchTable | undefined {
    if (proto === PROTO_TCP) return this.#dispatch.tcp;
    if (proto === PROTO_UDP) return this.#dispatch.udp;
    if (proto === PROTO_ICMP) return this.#dispatch.icmp;
    return proto === PROTO_ICMPV6 ? this.#dispatch.icmpv6 : undefined;
  }

  sessionOf(flow: number): Session | undefined {
    return this.#sessions[flow];
  }

  /** A packet of a flow that is wanted. `toServer` is its direction, `side` the same in the table's terms. */
  look(flow: number, view: PacketView, side: number, toServer: boolean): void {
    const session = this.#sessions[flow] ?? this.#consider(flow, view, side);
    const position = (flow << RECORD_SHIFT) + W_STATE;
    if (session === undefined) return;
    const { output } = this.#engine;
    output.atUs = view.atUs;
    output.packet = view.number;
    let isWanted = false;
    let isHeld = false;
    if (view.ipProto === PROTO_TCP) {
      isWanted = this.#segment(session, flow, view, side, toServer);
      isHeld = (session.toServer?.stream.heldOctets ?? 0) + (session.toClient?.stream.heldOctets ?? 0) > 0;
    } else {
      const off = view.ipProto === PROTO_UDP ? view.payloadOff : view.l4Off;
      isWanted = this.#engine.datagram(session, toServer, view.buf, off, view.payloadEnd);
    }
    const state = i32At(this.#table.hot, position) & ~(STATE_WANTED | STATE_HELD);
    this.#table.hot[position] = state | (isWanted ? STATE_WANTED : 0) | (isHeld ? STATE_HELD : 0);
  }

  /** Nobody looks at the flow's payload any more; what was learned of it stays. */
  giveUp(flow: number): void {
    const session = this.#sessions[flow];
    if (session !== undefined) this.#engine.giveUp(session);
    const position = (flow << RECORD_SHIFT) + W_STATE;
    this.#table.hot[position] = i32At(this.#table.hot, position) & ~(STATE_WANTED | STATE_HELD);
  }

  /** The ports' table for a flow of TCP or UDP; undefined for others. */
  portsOf(flow: number): DispatchTable | undefined {
    const proto = i32At(this.#table.hot, (flow << RECORD_SHIFT) + W_PROTO) & 0xff;
    return proto === PROTO_TCP || proto === PROTO_UDP ? this.tableOf(proto) : undefined;
  }

  /** One ARP packet. It has no flow: each is looked at by itself. */
  arp(ref: FlowRef, view: PacketView): void {
    const table = this.#dispatch.arp;
    if (table.all.length === 0) return;
    const { output } = this.#engine;
    output.atUs = view.atUs;
    output.packet = view.number;
    this.#engine.datagram(this.#engine.open(ref, table, false), true, view.buf, view.l3Off, view.payloadEnd);
  }

  /** The flow ends: its session says its last. */
  end(flow: number, reason: EndReason): Session | undefined {
    const session = this.#sessions[flow];
    if (session === undefined) return undefined;
    this.#engine.end(session, reason);
    return session;
  }

  drop(flow: number): void {
    if (flow < this.#sessions.length) this.#sessions[flow] = undefined;
  }

  /** The first look at a flow: a session if there is something to remember. Unknown datagrams and segments from midway are only counted. */
  #consider(flow: number, view: PacketView, side: number): Session | undefined {
    const { hot } = this.#table;
    const base = flow << RECORD_SHIFT;
    const table = this.tableOf(view.ipProto);
    const isStream = view.ipProto === PROTO_TCP;
    const state = i32At(hot, base + W_STATE);
    const isMidstream = isStream && (state & (STATE_ISN << side)) === 0;
    if (table === undefined || (isMidstream && !this.#takesMidstream)) {
      hot[base + W_STATE] = state & ~STATE_WANTED;
      return undefined;
    }
    if (!isStream || isMidstream) {
      const off = isIcmp(view.ipProto) ? view.l4Off : view.payloadOff;
      if (off >= view.payloadEnd) return undefined;
      const isToServer = ((state & STATE_CLIENT_HIGH) !== 0) === (side === 1);
      this.#ports.clientPort = isToServer ? view.srcPort : view.dstPort;
      this.#ports.serverPort = isToServer ? view.dstPort : view.srcPort;
      if (!this.#engine.isPromising(table, this.#ports, view.buf, off, view.payloadEnd)) {
        this.#countLook(base, view.payloadEnd - off);
        return undefined;
      }
    }
    const session = this.#engine.open(this.#refs.of(flow), table, isStream);
    session.isMidstream = isMidstream;
    while (this.#sessions.length <= flow) this.#sessions.push(undefined);
    this.#sessions[flow] = session;
    return session;
  }

  #countLook(base: number, octets: number): void {
    const { hot } = this.#table;
    const looks = i32At(hot, base + W_LOOKS) + (octets << 8) + 1;
    hot[base + W_LOOKS] = looks;
    if ((looks & 0xff) >= PROBE_PACKETS || looks >>> 8 >= PROBE_OCTETS)
      hot[base + W_STATE] = i32At(hot, base + W_STATE) & ~STATE_WANTED;
  }

  #segment(session: Session, flow: number, view: PacketView, side: number, toServer: boolean): boolean {
    const { reassembly } = this.#engine;
    // What the other end acknowledges it has read before it says what this segment carries.
    const other = toServer ? session.toClient : session.toServer;
    if (other !== undefined && (view.tcpFlags & TCP_ACK) !== 0) {
      if (!reassembly.acknowledge(session, other.stream, !toServer, view.tcpAck | 0)) return false;
    }
    if (view.payloadEnd > view.payloadOff) {
      if (session.phase === SESSION_PROBING && !this.#engine.countProbe(session)) return false;
      const direction = this.#engine.direction(session, toServer);
      const { stream } = direction;
      if (!stream.isSynced && (i32At(this.#table.hot, (flow << RECORD_SHIFT) + W_STATE) & (STATE_ISN << side)) !== 0) {
        stream.isSynced = true;
        stream.next = i32At(this.#table.cold, (flow << COLD_SHIFT) + C_SEQUENCE + side);
      }
      const captured = view.payloadEnd - view.payloadOff;
      // A SYN takes a number of its own before its data (RFC 9293 §3.4).
      const seq = (view.tcpSeq + ((view.tcpFlags & TCP_SYN) !== 0 ? 1 : 0)) | 0;
      if (session.isMidstream && session.phase === SESSION_PROBING) this.#engine.resync(direction, seq);
      const missing = view.payloadWireLength - captured;
      if (!reassembly.segment(session, stream, toServer, seq, view.buf, view.payloadOff, view.payloadEnd, missing))
        return false;
    }
    return true;
  }
}
