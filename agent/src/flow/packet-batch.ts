import { i32At, u16 } from "../core/bytes.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import { PacketView } from "../decode/packet-view.ts";

export const BATCH_PACKETS = 64;
/** A slot behind the batch, for looking up a flow that a packet only talks about. */
export const SPARE_SLOT = BATCH_PACKETS;

export const PROTO_ICMP = 1;
export const PROTO_TCP = 6;
export const PROTO_UDP = 17;
export const PROTO_ICMPV6 = 58;

export const isIcmp = (proto: number): boolean => proto === PROTO_ICMP || proto === PROTO_ICMPV6;

/**
 * True if the packet has a flow: IP, with a transport header where the protocol has one that is read. Hop-by-hop options (0) as the last header
 * carry nothing.
 */
export function hasReadableTransport(view: PacketView): boolean {
  if (view.hasTransport === 1) return true;
  const proto = view.ipProto;
  return view.ipVersion !== 0 && proto !== 0 && proto !== PROTO_TCP && proto !== PROTO_UDP && !isIcmp(proto);
}

/**
 * Up to 64 decoded packets that go through the flow table together: first all hashes, then all index lines, then all records, then the updates in
 * order. The memory latency of the look-ups overlaps, which makes the table two to three times faster when it does not fit the cache.
 */
export class PacketBatch {
  readonly views: readonly PacketView[];
  /** Flow hash; its lowest bit is set for IPv6, so that equal hashes are of one family. */
  readonly hash = new Int32Array(BATCH_PACKETS + 1);
  /** Which end sent it: 0 the lower address (then port), 1 the higher. */
  readonly side = new Int32Array(BATCH_PACKETS + 1);
  readonly low = new Int32Array(BATCH_PACKETS + 1);
  readonly high = new Int32Array(BATCH_PACKETS + 1);
  readonly ports = new Int32Array(BATCH_PACKETS + 1);
  readonly proto = new Int32Array(BATCH_PACKETS + 1);
  /** IPv6: three more words of the lower and of the higher address, for each packet. */
  readonly rest = new Int32Array((BATCH_PACKETS + 1) * 6);
  /** Packets in the batch. */
  count = 0;
  /** Keeps the early reads of the table from being optimised away. */
  touched = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
    this.views = Array.from({ length: BATCH_PACKETS + 1 }, () => new PacketView());
  }

  /** Computes the key columns of slot `k` from its view, the same for both directions. The view must hold IP. */
  key(view: PacketView, k: number): void {
    const proto = view.ipProto;
    let srcPort = view.srcPort;
    let dstPort = view.dstPort;
    const hasNoPorts = isIcmp(proto);
    if (hasNoPorts) {
      srcPort = icmpConversation(proto, view.icmpType);
      dstPort = icmpIdentifier(view, srcPort);
    }
    const swap = isHigherFirst(view) ? 1 : 0;
    // The two numbers of an ICMP conversation do not belong to an end: they keep their order.
    const ports = swap === 1 && !hasNoPorts ? (dstPort << 16) | srcPort : (srcPort << 16) | dstPort;
    const low = swap === 1 ? view.dst0 : view.src0;
    const high = swap === 1 ? view.src0 : view.dst0;
    const word = proto | (view.vlan0 << 8) | (view.vlan1 << 20);
    let hash = mixWord(this.#seed, low);
    hash = mixWord(hash, high);
    hash = mixWord(hash ^ this.#seed, ports);
    if (view.ipVersion === 6) hash = this.#restOfKey(view, k, swap, hash);
    hash = finishHash(hash ^ word);
    this.hash[k] = view.ipVersion === 6 ? hash | 1 : hash & ~1;
    this.side[k] = swap;
    this.low[k] = low;
    this.high[k] = high;
    this.ports[k] = ports;
    this.proto[k] = word;
  }

  #restOfKey(view: PacketView, k: number, swap: number, start: number): number {
    const rest = this.rest;
    const src = k * 6 + swap * 3;
    const dst = k * 6 + 3 - swap * 3;
    rest[src] = view.src1;
    rest[src + 1] = view.src2;
    rest[src + 2] = view.src3;
    rest[dst] = view.dst1;
    rest[dst + 1] = view.dst2;
    rest[dst + 2] = view.dst3;
    let hash = start;
    for (let i = k * 6; i < k * 6 + 6; i++) hash = mixWord(hash, i32At(rest, i));
    return hash;
  }
}

function isHigherFirst(view: PacketView): boolean {
  if (view.src0 !== view.dst0) return view.src0 > view.dst0;
  if (view.ipVersion === 6) {
    if (view.src1 !== view.dst1) return view.src1 > view.dst1;
    if (view.src2 !== view.dst2) return view.src2 > view.dst2;
    if (view.src3 !== view.dst3) return view.src3 > view.dst3;
  }
  return view.srcPort > view.dstPort;
}

/** Type that names a request and its reply alike: echo, timestamp, information, address mask, router and neighbour discovery. */
function icmpConversation(proto: number, type: number): number {
  if (proto === PROTO_ICMP) {
    if (type === 0) return 8;
    if (type === 9) return 10;
    return type === 14 || type === 16 || type === 18 ? type - 1 : type;
  }
  return type === 129 || type === 134 || type === 136 ? type - 1 : type;
}

/** Identifier of an ICMP query (RFC 792, RFC 4443 §4.1); 0 for messages without one. */
function icmpIdentifier(view: PacketView, conversation: number): number {
  const hasIdentifier =
    view.ipProto === PROTO_ICMPV6
      ? conversation === 128
      : conversation === 8 || conversation === 13 || conversation === 15 || conversation === 17;
  return hasIdentifier && view.l4Off + 6 <= view.payloadEnd ? u16(view.buf, view.l4Off + 4) : 0;
}

/** True if the packet goes to a group or to everybody (multicast, limited broadcast, link-layer group): such an end never opened anything. */
export function isGroupDestination(view: PacketView): boolean {
  if (view.hasMac === 1 && (view.dstMacHigh & 0x01_0000) !== 0) return true;
  if (view.ipVersion === 6) return view.dst0 >>> 24 === 0xff;
  return view.dst0 >>> 28 === 14 || view.dst0 === -1;
}
