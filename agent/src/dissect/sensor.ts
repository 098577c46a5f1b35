import { f64At, i32At } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { TCP_ACK, TCP_SYN } from "../core/tcp-flags.ts";
import { checksumsOk, transportChecksumOk } from "../decode/checksum.ts";
import { DecodeCounters } from "../decode/counters.ts";
import { decodeFrame, decodeIp } from "../decode/frame.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { DeviceWatch } from "../flow/device-watch.ts";
import type { DuplicateFilter } from "../flow/duplicate-filter.ts";
import { type EndReason, type FlowEnder, FlowExpiry } from "../flow/expiry.ts";
import { FlowTable } from "../flow/flow-table.ts";
import { FRAGMENT_WHOLE, Fragments } from "../flow/fragments.ts";
import { isUnreachable, readInnerPacket } from "../flow/icmp-error.ts";
import {
  BATCH_PACKETS,
  hasReadableTransport,
  isIcmp,
  PacketBatch,
  PROTO_TCP,
  SPARE_SLOT,
} from "../flow/packet-batch.ts";
import {
  C_SEQUENCE,
  COLD_SHIFT,
  D_START,
  DOUBLE_SHIFT,
  RECORD_SHIFT,
  SPILL_MASK,
  STATE_CLIENT_HIGH,
  STATE_CLOSED,
  STATE_ESTABLISHED,
  STATE_FIRST_HIGH,
  STATE_HAS_MAC,
  STATE_HELD,
  STATE_ISN,
  STATE_PAYLOAD,
  STATE_REFUSED,
  STATE_WANTED,
  W_BYTES,
  W_LAST,
  W_PACKETS,
  W_PAYLOAD,
  W_STATE,
  W_TCP,
  W_UPDATE,
} from "../flow/record.ts";
import { spillCounters } from "../flow/spill.ts";
import { nextTcpState } from "../flow/tcp-state.ts";
import { DEFAULT_TIMEOUTS } from "../flow/timeouts.ts";
import { isFromServer } from "./client-side.ts";
import { Detail } from "./detail.ts";
import { Dispatch } from "./dispatch.ts";
import { dissectorsFor } from "./dissector-list.ts";
import { Engine } from "./engine.ts";
import type { EventSink, FlowEvent } from "./event.ts";
import { FlowRefs } from "./flow-ref.ts";
import { flowEvent, nameFromDns, nameFromPort } from "./flow-report.ts";
import { arpFlow, packetRef } from "./packet-ref.ts";
import { PayloadPath } from "./payload-path.ts";
import { collectCounters, type SensorCounters, SensorTally } from "./sensor-counters.ts";
import { DEFAULTS, type SensorOptions } from "./sensor-options.ts";

/** Anomalies in one second about packets without a flow: they have no flow that caps them. */
const ANOMALIES_PER_SECOND = 20;
/** Fragments in a tunnel whose packets were fragmented themselves. */
const NESTED_FRAGMENTS = 3;
const ETHERTYPE_ARP = 0x0806;

/**
 * Frames in, events out: decodes, keeps the flows, puts streams together and runs the dissectors. Synchronous; time is that of the packets.
 *
 * Frames are taken in batches of 64 (see {@link PacketBatch}): what they lead to is told at the latest when {@link flush} returns, in the order of
 * the frames. Nothing is allocated per packet, only per flow, per unfinished message and per event.
 */
export class Sensor implements FlowEnder {
  readonly #decode = new DecodeCounters();
  readonly #batch: PacketBatch;
  readonly #table: FlowTable;
  readonly #expiry: FlowExpiry;
  readonly #dispatch: Dispatch;
  readonly #engine: Engine;
  readonly #refs: FlowRefs;
  readonly #payload: PayloadPath;
  readonly #fragments: Fragments;
  readonly #tally = new SensorTally();
  readonly #watch: DeviceWatch;
  readonly #detail = new Detail();
  readonly #duplicates: DuplicateFilter | undefined;
  readonly #updateSeconds: number;
  readonly #startsPerSecond: number;
  readonly #verifiesChecksums: boolean;
  #second = 0;
  /** The packet at hand opened its flow. */
  #isNew = false;
  #starts = 0;
  /** Anomalies told in this second about packets without a flow. */
  #anomalies = 0;
  #number = 0;

  constructor(options: SensorOptions, sink: EventSink) {
    const seed = options.seed ?? DEFAULTS.seed;
    this.#batch = new PacketBatch(seed);
    this.#table = new FlowTable(options.maxFlows ?? DEFAULTS.maxFlows);
    this.#expiry = new FlowExpiry(this.#table, { ...DEFAULT_TIMEOUTS, ...options.timeouts }, this);
    this.#dispatch = new Dispatch(dissectorsFor(options));
    this.#engine = new Engine(this.#dispatch, sink);
    this.#refs = new FlowRefs(this.#table, seed);
    this.#payload = new PayloadPath(this.#dispatch, this.#engine, this.#table, this.#refs, options.midstream ?? true);
    this.#fragments = new Fragments(seed);
    this.#watch = options.watch ?? new DeviceWatch([]);
    this.#duplicates = options.duplicates;
    this.#updateSeconds = options.updateSeconds ?? DEFAULTS.updateSeconds;
    this.#verifiesChecksums = options.verifyChecksums ?? false;
    this.#startsPerSecond = options.startsPerSecond ?? DEFAULTS.startsPerSecond;
  }

  /** Overload: see {@link Detail}. What was given up stays so when the step is taken back. */
  setDetail(step: 0 | 1 | 2): void {
    this.#detail.step = step;
  }

  /** One frame, as {@link FrameSink} of the capture layer says: borrowed until {@link flush} returns. */
  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    const batch = this.#batch;
    const k = batch.count;
    const view = batch.views[k];
    if (view === undefined) return;
    decodeFrame(view, buf, off, end, wireLength, linkType, this.#decode);
    // A damaged record may claim any time; beyond this, seconds could not be counted one by one.
    view.atUs = Math.abs(atUs) <= Number.MAX_SAFE_INTEGER ? atUs : this.#expiry.nowUs;
    view.number = ++this.#number;
    if (this.#verifiesChecksums && !checksumsOk(view)) {
      this.#tally.badChecksums++;
      return;
    }
    if (this.#duplicates?.has(view)) return;
    if (!this.#watch.isIdle) this.#watch.see(view);
    if (view.isFragment === 0 && hasReadableTransport(view)) {
      batch.key(view, k);
      batch.count = k + 1;
      if (k + 1 === BATCH_PACKETS) this.flush();
    } else this.#withoutFlow(view, k);
  }

  /** Works off the batch. Afterwards no frame is borrowed any more. */
  flush(): void {
    const batch = this.#batch;
    const count = batch.count;
    const { index, hot, mask } = this.#table;
    // Early reads: the cache lines of all look-ups are on their way at the same time.
    let touched = 0;
    for (let k = 0; k < count; k++) touched ^= i32At(index, 2 * (i32At(batch.hash, k) & mask) + 1);
    for (let k = 0; k < count; k++)
      touched ^= i32At(hot, i32At(index, 2 * (i32At(batch.hash, k) & mask) + 1) << RECORD_SHIFT);
    this.#batch.touched = touched;
    for (let k = 0; k < count; k++) this.#update(k);
    batch.count = 0;
  }

  /** Packet time has reached `nowUs` though no packet says so (a quiet link): ends what is idle. Never goes back. */
  advance(nowUs: number): void {
    this.flush();
    const { nextUs } = this.#expiry;
    if (nextUs !== 0 && nowUs >= nextUs && nowUs <= Number.MAX_SAFE_INTEGER) this.#tick(nowUs);
  }

  /** The capture is over: every flow that is left ends with the reason "shutdown". */
  finish(): void {
    this.flush();
    for (let flow = 1; flow <= this.#table.last; flow++) {
      if (!this.#table.has(flow)) continue;
      this.#expiry.forget(flow);
      this.end(flow, "shutdown");
    }
  }

  get counters(): SensorCounters {
    return collectCounters(
      this.#tally,
      this.#detail,
      this.#decode,
      this.#table,
      this.#expiry,
      this.#fragments,
      this.#engine,
    );
  }

  /** Called by the expiry, which has forgotten the flow already. */
  end(flow: number, reason: EndReason): void {
    const { output } = this.#engine;
    output.atUs = this.#expiry.nowUs;
    output.packet = this.#number;
    const session = this.#payload.end(flow, reason);
    const ref = this.#refs.of(flow);
    const event = flowEvent(this.#table, flow, "end", session, reason);
    nameFromPort(event, this.#table, flow, ref, this.#payload.portsOf(flow), this.#dispatch.dissectors);
    nameFromDns(event, ref, output.names, output.atUs);
    output.emit("flow", ref, true, event);
    this.#payload.drop(flow);
    this.#refs.drop(flow);
    this.#table.remove(flow);
    this.#tally.ended++;
  }

  #tick(atUs: number): void {
    this.#expiry.advance(atUs);
    const second = Math.floor(this.#expiry.nowUs / MICROS) | 0;
    if (second !== this.#second) {
      this.#starts = this.#anomalies = 0;
      this.#detail.newSecond();
    }
    this.#second = second;
  }

  /** A packet that the batch does not take: the batch goes first, so that events keep the order of the packets. */
  #withoutFlow(view: PacketView, k: number): void {
    this.flush();
    if (view.atUs >= this.#expiry.nextUs || view.atUs < this.#expiry.lowUs) this.#tick(view.atUs);
    if (view.isFragment === 1 && this.#assemble(view)) {
      this.#batch.key(view, k);
      this.#update(k);
    } else if (view.ipVersion === 0 && view.etherType === ETHERTYPE_ARP && view.payloadEnd > view.l3Off) {
      this.#tally.arpPackets++;
      this.#payload.arp(arpFlow(view, this.#refs.texts), view);
    } else this.#tally.otherPackets++;
  }

  /** Takes a fragment; true when it completed a packet, which the view then is. */
  #assemble(view: PacketView): boolean {
    const fragments = this.#fragments;
    for (let depth = 0; depth < NESTED_FRAGMENTS && view.isFragment === 1; depth++) {
      const code = fragments.add(view);
      if (fragments.oddness !== undefined) this.#fragmentAnomaly(view, fragments.oddness);
      if (code !== FRAGMENT_WHOLE) return false;
      decodeIp(view, fragments.packet, 0, fragments.length, this.#decode);
      view.wireLength = fragments.wireOctets;
    }
    // The header was mended: only the transport's checksum can be judged.
    if (this.#verifiesChecksums && !transportChecksumOk(view)) {
      this.#tally.badChecksums++;
      return false;
    }
    return view.isFragment === 0 && hasReadableTransport(view);
  }

  #fragmentAnomaly(view: PacketView, name: string): void {
    if (++this.#anomalies > ANOMALIES_PER_SECOND) return;
    const { output } = this.#engine;
    output.atUs = view.atUs;
    output.packet = view.number;
    output.emit("anomaly", packetRef(view, this.#refs.texts), true, { layer: "decode", name: `decode.${name}` });
  }

  #update(k: number): void {
    const view = this.#batch.views[k];
    if (view === undefined) return;
    const atUs = view.atUs;
    if (atUs >= this.#expiry.nextUs || atUs < this.#expiry.lowUs) this.#tick(atUs);
    const side = i32At(this.#batch.side, k);
    const flow = this.#flowOf(view, k, side);
    if (flow === 0) {
      this.#tally.refusedPackets++;
      return;
    }
    this.#tally.flowPackets++;
    const hot = this.#table.hot;
    const base = flow << RECORD_SHIFT;
    const payload = view.payloadWireLength;
    hot[base + W_PACKETS + side] = i32At(hot, base + W_PACKETS + side) + 1;
    const bytes = i32At(hot, base + W_BYTES + side) + view.wireLength;
    hot[base + W_BYTES + side] = bytes;
    const payloads = i32At(hot, base + W_PAYLOAD + side) + payload;
    hot[base + W_PAYLOAD + side] = payloads;
    if (((bytes | payloads) & SPILL_MASK) !== 0) spillCounters(this.#table, flow, side);
    // Before the start is told: what the first segment is for (SYN, FIN, nothing) is what scans are known by.
    if (view.ipProto === PROTO_TCP) hot[base + W_TCP] = i32At(hot, base + W_TCP) | (view.tcpFlags << (side * 8));
    if (this.#isNew) this.#started(flow, view);
    const times = this.#table.hotDoubles;
    if (atUs > f64At(times, (base + W_LAST) >> 1)) times[(base + W_LAST) >> 1] = atUs;
    const state = i32At(hot, base + W_STATE);
    const toServer = ((state & STATE_CLIENT_HIGH) !== 0) === (side === 1);
    if (view.ipProto === PROTO_TCP) {
      const next = nextTcpState(state, side, view.tcpFlags, i32At(hot, base + W_PACKETS + 1 - side) > 0);
      if (next !== state) this.#changeTcp(flow, view, side, toServer, state, next);
    } else if (!toServer && (state & STATE_ESTABLISHED) === 0) {
      hot[base + W_STATE] = state | STATE_ESTABLISHED;
      this.#report(flow, "established", view, toServer);
    }
    const late = (this.#second - i32At(hot, base + W_UPDATE)) | 0;
    if ((late >= 0 || late < -this.#updateSeconds) && this.#detail.step < 2) {
      hot[base + W_UPDATE] = (this.#second + this.#updateSeconds) | 0;
      this.#report(flow, "update", view, toServer);
    }
    if (payload > 0 || isIcmp(view.ipProto)) this.#withPayload(flow, view, side, toServer);
    else if ((state & STATE_HELD) !== 0) this.#payload.look(flow, view, side, toServer);
  }

  /** The flow of packet `k`, made when it is new; 0 when the table is in need and this packet opens nothing. */
  #flowOf(view: PacketView, k: number, side: number): number {
    const known = this.#table.find(this.#batch, k);
    if (known === 0) return this.#open(view, k, side);
    const isSyn = view.ipProto === PROTO_TCP && (view.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
    if (!isSyn || (i32At(this.#table.hot, (known << RECORD_SHIFT) + W_STATE) & STATE_CLOSED) === 0) return known;
    // The same ports again after RST or FIN: another connection.
    this.#expiry.forget(known);
    this.end(known, "closed");
    return this.#open(view, k, side);
  }

  #open(view: PacketView, k: number, side: number): number {
    const table = this.#table;
    if (this.#expiry.isEmergency && view.ipProto === PROTO_TCP && (view.tcpFlags & TCP_SYN) === 0) return 0;
    if (table.isFull) this.#expiry.evict(view.atUs);
    if (table.isFull) return 0;
    const flow = table.insert(this.#batch, k);
    this.#tally.created++;
    const base = flow << RECORD_SHIFT;
    const clientSide = isFromServer(view, this.#dispatch) ? 1 - side : side;
    const ports = this.#payload.tableOf(view.ipProto);
    table.hot[base + W_STATE] =
      i32At(table.hot, base + W_STATE) |
      (clientSide === 1 ? STATE_CLIENT_HIGH : 0) |
      (side === 1 ? STATE_FIRST_HIGH : 0) |
      (view.hasMac === 1 ? STATE_HAS_MAC : 0) |
      (ports !== undefined && ports.all.length > 0 && this.#detail.mayLook() ? STATE_WANTED : 0);
    table.setMacs(flow, view);
    table.doubles[(flow << DOUBLE_SHIFT) + D_START] = view.atUs;
    table.hotDoubles[(base + W_LAST) >> 1] = view.atUs;
    table.hot[base + W_UPDATE] = (this.#second + this.#updateSeconds) | 0;
    this.#expiry.arm(flow);
    this.#isNew = true;
    return flow;
  }

  /** Tells of a new flow, with its first packet counted. */
  #started(flow: number, view: PacketView): void {
    this.#isNew = false;
    if (++this.#starts > this.#startsPerSecond) {
      this.#tally.startsThinned++;
      return;
    }
    const state = i32At(this.#table.hot, (flow << RECORD_SHIFT) + W_STATE);
    const isClientFirst = ((state & STATE_CLIENT_HIGH) !== 0) === ((state & STATE_FIRST_HIGH) !== 0);
    this.#report(flow, "start", view, isClientFirst);
  }

  /** The connection's state changed with this segment; what the flow record says of it is counted already. */
  #changeTcp(flow: number, view: PacketView, side: number, toServer: boolean, before: number, after: number): void {
    const { hot, cold } = this.#table;
    let state = after;
    if ((view.tcpFlags & TCP_SYN) !== 0) {
      state |= STATE_ISN << side;
      cold[(flow << COLD_SHIFT) + C_SEQUENCE + side] = (view.tcpSeq + 1) | 0;
    }
    hot[(flow << RECORD_SHIFT) + W_STATE] = state;
    const news = after & ~before;
    if ((news & STATE_ESTABLISHED) !== 0) this.#report(flow, "established", view, toServer);
    if ((news & STATE_REFUSED) !== 0) this.#report(flow, "refused", view, toServer);
    if ((news & STATE_CLOSED) !== 0) this.#expiry.arm(flow);
  }

  #withPayload(flow: number, view: PacketView, side: number, toServer: boolean): void {
    const position = (flow << RECORD_SHIFT) + W_STATE;
    const state = i32At(this.#table.hot, position) | STATE_PAYLOAD;
    this.#table.hot[position] = state;
    if (isIcmp(view.ipProto) && isUnreachable(view)) this.#refuse(view, toServer);
    if ((state & STATE_WANTED) === 0) return;
    if (this.#detail.cuts(this.#table, flow)) this.#payload.giveUp(flow);
    else this.#payload.look(flow, view, side, toServer);
  }

  /** An ICMP error says that a packet of another flow could not be delivered. */
  #refuse(view: PacketView, toServer: boolean): void {
    const inner = this.#batch.views[SPARE_SLOT];
    if (inner === undefined || !readInnerPacket(view, inner)) return;
    this.#batch.key(inner, SPARE_SLOT);
    const flow = this.#table.find(this.#batch, SPARE_SLOT);
    if (flow === 0) return;
    const position = (flow << RECORD_SHIFT) + W_STATE;
    const state = i32At(this.#table.hot, position);
    // Whoever answered once is there: an error about such a flow is a passing trouble, or a forgery (RFC 5927).
    if ((state & (STATE_REFUSED | STATE_ESTABLISHED)) !== 0) return;
    this.#table.hot[position] = state | STATE_REFUSED;
    this.#expiry.arm(flow);
    this.#report(flow, "refused", view, !toServer);
  }

  #report(flow: number, phase: FlowEvent["phase"], view: PacketView, toServer: boolean): void {
    const { output } = this.#engine;
    output.atUs = view.atUs;
    output.packet = view.number;
    const event = flowEvent(this.#table, flow, phase, this.#payload.sessionOf(flow));
    if (phase === "update") nameFromDns(event, this.#refs.of(flow), output.names, view.atUs);
    output.emit("flow", this.#refs.of(flow), toServer, event);
  }
}
