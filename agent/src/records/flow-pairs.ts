import { MICROS } from "../core/clock.ts";
import { LruMap } from "../core/lru-map.ts";
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { FlowEvent, FlowRef, SensorEvent, Unseen } from "../dissect/event.ts";
import { protoName } from "../dissect/flow-ref.ts";
import type { RecordContext } from "./define.ts";
import type { ExportedFlow } from "./exported-flow.ts";
import { judgeOpening, openerOf, type Side } from "./exported-opening.ts";
import { ExporterTrust } from "./exporter-trust.ts";
import { flowIdOf } from "./flow-id.ts";
import { ETHERNET_OCTETS, firstFlags, leastPayload } from "./flow-opening.ts";
import type { FlowTotals, Opening } from "./flow-story.ts";
import { HalfFlow } from "./half-flow.ts";

/**
 * How long the other direction of a flow is waited for, microseconds. An exporter tells a direction that ends with FIN or RST at once and one that
 * falls silent after its inactive timeout, 15 s as a rule; a datagram that is not full may wait some seconds more.
 */
const PAIR_US = 30 * MICROS;
/** A flow that goes on is told again after the active timeout of its exporter, half an hour as a rule; then it is taken as over. */
const KEEP_US = 40 * 60 * MICROS;
/** Flows held at a time: a home has some thousands in half an hour, a flood any number. */
const MAX_FLOWS = 32_768;
/** Flows put out at a time when there are too many. */
const ROOM = 4096;
/** A record whose last packet lies so far before its export ended by silence; one that is cut by the active timeout is told at once. */
const IDLE_US = 10 * MICROS;
/** Late directions of flows that are over are left out for so long. */
const LATE_US = 120 * MICROS;
/** An answer begins this much later than the last word of the question at most; the same ports are not taken anew so soon. */
const ANSWER_US = 5 * MICROS;
/** A time of an exporter farther back than this is a wrong clock. */
const MAX_AGE_US = 86_400 * MICROS;

interface Pair {
  readonly key: string;
  readonly proto: string;
  readonly low: string;
  readonly high: string;
  readonly lowPort: number;
  readonly highPort: number;
  readonly fromLow: HalfFlow;
  readonly fromHigh: HalfFlow;
  readonly vlan: readonly number[];
  readonly trust: ExporterTrust;
  readonly isSampled: boolean;
  /** The flow as it was told first; undefined before. */
  flow: FlowRef | undefined;
  /** The low end is the client. */
  isLowClient: boolean;
  /** Who began, as the exporter says it. */
  opener: "a" | "b" | undefined;
  /** From the exporter's clock to ours. */
  shiftUs: number;
  startUs: number;
  lastUs: number;
  /** Wall time of the last record. */
  heardUs: number;
  /** Directions that came since the flow was told last. */
  news: number;
  isOver: boolean;
}

/** Joins the two directions that exporters tell apart into flows of the sensor's kind, and follows flows that are told in pieces. */
export class FlowPairs {
  /** Directions that came too late. */
  late = 0;
  /** Flows put out because there were too many. */
  forced = 0;
  readonly #context: RecordContext;
  /** In order of their last record. */
  readonly #pairs = new Map<string, Pair>();
  /** Flows with news that wait for the other direction, in order of their coming: when to wait no longer. */
  readonly #due = new Map<string, number>();
  readonly #over = new LruMap<string, { readonly lastUs: number; readonly atUs: number }>(MAX_FLOWS);
  readonly #trust = new LruMap<string, ExporterTrust>(256);
  #events: SensorEvent[] = [];

  constructor(context: RecordContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** The events made since the last call, flow by flow. */
  takeEvents(): SensorEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Takes a record that came at `nowUs`. `sampling`: one packet of so many was looked at. */
  add(record: ExportedFlow, exporter: string, sampling: number, nowUs: number): void {
    const proto = protoName(record.protocol);
    const hasPorts = proto === "TCP" || proto === "UDP" || proto === "SCTP";
    const source = { ip: record.sourceIp, port: hasPorts ? record.sourcePort : 0 };
    const destination = { ip: record.destinationIp, port: hasPorts ? record.destinationPort : 0 };
    const isLow = source.ip < destination.ip || (source.ip === destination.ip && source.port <= destination.port);
    const [low, high] = isLow ? [source, destination] : [destination, source];
    const key = `${exporter} ${proto} ${low.ip} ${low.port} ${high.ip} ${high.port}`;
    const shiftUs = nowUs - record.exportUs;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      const over = this.#over.get(key);
      const isLate =
        over !== undefined && nowUs - over.atUs < LATE_US && record.startUs + shiftUs <= over.lastUs + ANSWER_US;
      if (isLate) {
        this.late++;
        return;
      }
      pair = this.#open(key, proto, low, high, record, this.#trustOf(exporter), sampling);
    }
    this.#merge(pair, record, isLow, sampling, shiftUs, nowUs);
    this.#makeRoom();
  }

  /** Time has come to `nowUs`: tells what has waited long enough and ends what has been silent for too long. */
  advance(nowUs: number): void {
    for (const [key, dueUs] of this.#due) {
      if (dueUs > nowUs) break;
      const pair = this.#pairs.get(key);
      if (pair !== undefined) this.#tell(pair);
    }
    for (const pair of this.#pairs.values()) {
      if (nowUs - pair.heardUs < KEEP_US) break;
      this.#finish(pair);
    }
  }

  /** No more comes: flows that were told end. Of those that still wait for their other direction nothing is known. */
  finish(): void {
    for (const pair of [...this.#pairs.values()]) if (pair.flow !== undefined) this.#finish(pair, "shutdown");
  }

  #open(
    key: string,
    proto: string,
    low: { ip: string; port: number },
    high: { ip: string; port: number },
    record: ExportedFlow,
    trust: ExporterTrust,
    sampling: number,
  ): Pair {
    const pair: Pair = {
      key,
      proto,
      low: low.ip,
      high: high.ip,
      lowPort: low.port,
      highPort: high.port,
      fromLow: new HalfFlow(),
      fromHigh: new HalfFlow(),
      vlan: record.vlan === 0 ? [] : [record.vlan],
      trust,
      isSampled: sampling > 1,
      flow: undefined,
      isLowClient: true,
      opener: undefined,
      shiftUs: 0,
      startUs: Number.POSITIVE_INFINITY,
      lastUs: 0,
      heardUs: 0,
      news: 0,
      isOver: false,
    };
    this.#pairs.set(key, pair);
    return pair;
  }

  #merge(pair: Pair, record: ExportedFlow, isLow: boolean, sampling: number, shiftUs: number, nowUs: number): void {
    const [own, other] = isLow ? [pair.fromLow, pair.fromHigh] : [pair.fromHigh, pair.fromLow];
    const scale = Math.max(1, sampling);
    own.add(record, record.forward, scale);
    own.mac ??= record.sourceMac;
    // What goes out to the receiver bears the receiver's own MAC.
    other.mac ??= record.destinationMac;
    own.icmpType ??= icmpTypeOf(pair.proto, record);
    if (record.reverse !== undefined && record.reverse.packets > 0) other.add(record, record.reverse, scale);
    if (record.opener !== undefined) pair.opener ??= (record.opener === "source") === isLow ? "a" : "b";
    pair.shiftUs = shiftUs;
    pair.startUs = Math.min(pair.startUs, this.#wall(record.startUs, shiftUs, nowUs));
    pair.lastUs = Math.max(pair.lastUs, this.#wall(record.endUs, shiftUs, nowUs));
    pair.heardUs = nowUs;
    pair.isOver ||= isEnd(pair.proto, record);
    // The newest record stands last, so that the oldest are found in front.
    this.#pairs.delete(pair.key);
    this.#pairs.set(pair.key, pair);
    if (pair.news === 0) this.#due.set(pair.key, nowUs + PAIR_US);
    pair.news |= isLow ? 1 : 2;
    if (record.reverse !== undefined) {
      pair.news = 3;
      if (record.reverse.packets > 0) pair.trust.saw(true);
      else if (pair.proto === "TCP" && (record.forward.tcpFlags ?? 0) & TCP_ACK) pair.trust.saw(false);
    }
    if (pair.news === 3) this.#tell(pair);
  }

  /** An exporter's time on our clock, never ahead of now. */
  #wall(us: number, shiftUs: number, nowUs: number): number {
    const wallUs = us + shiftUs;
    return wallUs <= nowUs && wallUs > nowUs - MAX_AGE_US ? Math.round(wallUs) : nowUs;
  }

  #trustOf(exporter: string): ExporterTrust {
    let trust = this.#trust.get(exporter);
    if (trust === undefined) {
      trust = new ExporterTrust();
      this.#trust.set(exporter, trust);
    }
    return trust;
  }

  /** Says of an exporter, once, that it does not show answers; undefined when there is nothing to say. */
  complaint(exporter: string): string | undefined {
    if (!this.#trustOf(exporter).isToBeTold) return undefined;
    return `${exporter} tells only one direction of most connections, or the other one under other addresses (after address translation): searches for open doors cannot be seen. Let it export what passes its LAN side, both directions`;
  }

  #makeRoom(): void {
    if (this.#pairs.size <= MAX_FLOWS) return;
    // Many at a time: a map whose first key is taken again and again has to walk over the holes.
    for (const pair of this.#pairs.values()) {
      if (this.#pairs.size <= MAX_FLOWS - ROOM) return;
      this.forced++;
      this.#finish(pair, "forced");
    }
  }

  #tell(pair: Pair): void {
    this.#due.delete(pair.key);
    pair.news = 0;
    const flow = pair.flow ?? this.#begin(pair);
    if (pair.isOver) this.#finish(pair);
    else this.#add(pair, flow, "update");
  }

  #finish(pair: Pair, reason: NonNullable<FlowEvent["reason"]> = "timeout"): void {
    this.#due.delete(pair.key);
    this.#pairs.delete(pair.key);
    const flow = pair.flow ?? this.#begin(pair);
    this.#over.set(pair.key, { lastUs: pair.lastUs, atUs: pair.heardUs });
    this.#add(pair, flow, "end", reason);
  }

  /** Tells the start of a flow and, at the same moment, how it was taken up. */
  #begin(pair: Pair): FlowRef {
    const { proto, trust } = pair;
    const low: Side = { port: pair.lowPort, half: pair.fromLow };
    const high: Side = { port: pair.highPort, half: pair.fromHigh };
    const opener = pair.opener ?? openerOf(proto, low, high);
    pair.isLowClient = opener === undefined ? pair.lowPort >= pair.highPort : opener === "a";
    const [client, server] = pair.isLowClient ? [low.half, high.half] : [high.half, low.half];
    const isTrusted = trust.showsAnswers && !pair.isSampled;
    const { opening, answersUnseen } = judgeOpening(proto, client, server, isTrusted);
    if (proto === "TCP" && opening === "answered" && (client.tcpFlags & TCP_ACK) !== 0) trust.saw(server.isSeen);
    const flow = this.#ref(pair, opener === undefined, answersUnseen);
    pair.flow = flow;
    const totals = totalsOf(pair, flow);
    this.#start(flow, pair.startUs, opening, proto === "TCP" ? openingFlags(totals, opening) : 0, totals);
    return flow;
  }

  #start(flow: FlowRef, atUs: number, opening: Opening, flags: number, totals: FlowTotals): void {
    const first = {
      ...totals,
      packetsToServer: 1,
      packetsToClient: 0,
      bytesToServer: 0,
      bytesToClient: 0,
      payloadToServer: 0,
      payloadToClient: 0,
      tcpFlagsToServer: flags,
      tcpFlagsToClient: 0,
      lastUs: atUs,
    };
    this.#push(flow, true, atUs, { ...first, phase: "start" });
    if (opening === "answered") this.#push(flow, false, atUs, { ...first, packetsToClient: 1, phase: "established" });
    else if (opening === "refused") this.#push(flow, false, atUs, { ...first, packetsToClient: 1, phase: "refused" });
  }

  #ref(pair: Pair, isOpenerUnknown: boolean, answersUnseen: boolean): FlowRef {
    const { isHome } = this.#context;
    const [clientIp, serverIp] = pair.isLowClient ? [pair.low, pair.high] : [pair.high, pair.low];
    const [clientPort, serverPort] = pair.isLowClient ? [pair.lowPort, pair.highPort] : [pair.highPort, pair.lowPort];
    const [client, server] = pair.isLowClient ? [pair.fromLow, pair.fromHigh] : [pair.fromHigh, pair.fromLow];
    // Beside an address of the internet stands the MAC of the provider's router: it is no device of the home.
    const clientMac = isHome(clientIp) ? client.mac : undefined;
    const serverMac = isHome(serverIp) ? server.mac : undefined;
    const unseen: Unseen = {
      names: true,
      logins: true,
      content: true,
      ...(isOpenerUnknown ? { opener: true } : {}),
      ...(answersUnseen ? { answers: true } : {}),
    };
    return {
      id: flowIdOf(`${pair.key} ${pair.startUs}`, this.#context.seed),
      proto: pair.proto,
      clientIp,
      serverIp,
      clientPort,
      serverPort,
      ...(clientMac === undefined ? {} : { clientMac }),
      ...(serverMac === undefined ? {} : { serverMac }),
      vlan: pair.vlan,
      startUs: pair.startUs,
      unseen,
    };
  }

  #add(pair: Pair, flow: FlowRef, phase: "update" | "end", reason?: FlowEvent["reason"]): void {
    const hostname = this.#context.names.of(flow.clientIp, flow.serverIp, pair.lastUs);
    this.#push(flow, true, pair.lastUs, {
      phase,
      ...totalsOf(pair, flow),
      lastUs: pair.lastUs,
      ...(reason === undefined ? {} : { reason }),
      ...(hostname === undefined ? {} : { hostname }),
    });
  }

  #push(flow: FlowRef, toServer: boolean, atUs: number, data: FlowEvent): void {
    this.#events.push({ name: "flow", flow, toServer, atUs, packet: 0, data });
  }
}

function totalsOf(pair: Pair, flow: FlowRef): FlowTotals {
  const [client, server] = pair.isLowClient ? [pair.fromLow, pair.fromHigh] : [pair.fromHigh, pair.fromLow];
  // Exporters count from the IP header on, the sensor whole frames.
  const frames = ({ packets, bytes }: HalfFlow): number => bytes + packets * ETHERNET_OCTETS;
  return {
    packetsToServer: client.packets,
    packetsToClient: server.packets,
    bytesToServer: frames(client),
    bytesToClient: frames(server),
    payloadToServer: leastPayload(flow, client.packets, client.bytes, 0),
    payloadToClient: leastPayload(flow, server.packets, server.bytes, 0),
    tcpFlagsToServer: client.tcpFlags,
    tcpFlagsToClient: server.tcpFlags,
  };
}

/** Where flags are not told a connection that was answered began with a SYN all the same. */
const openingFlags = (totals: FlowTotals, opening: Opening): number =>
  totals.tcpFlagsToServer === 0 && opening === "answered" ? TCP_SYN : firstFlags(totals);

/** The record is the last of its flow: its end was seen, or it had fallen silent when it was told. */
function isEnd(proto: string, record: ExportedFlow): boolean {
  if (record.endReason !== 0) return record.endReason !== 2;
  if (proto === "TCP" && ((record.forward.tcpFlags ?? 0) & (TCP_FIN | TCP_RST)) !== 0) return true;
  return record.exportUs - record.endUs >= IDLE_US;
}

/** NetFlow 5 and many others write type and code of ICMP into the destination port. */
function icmpTypeOf(proto: string, record: ExportedFlow): number | undefined {
  if (proto !== "ICMP" && proto !== "IPv6-ICMP") return undefined;
  return record.icmpType ?? record.destinationPort >>> 8;
}
