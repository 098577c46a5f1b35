import type { IsolationLevel } from "@lanwarden/contract/isolation";
import { finishHash, mixWord } from "../core/hash.ts";
import { inNetwork, type Network, parseIpv4, parseIpv6 } from "../core/ip.ts";
import { TCP_ACK, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from "./packet-batch.ts";

/** An isolated device, and how far its isolation is meant to reach. */
export interface WatchTarget {
  readonly device: string;
  readonly mac: string | null;
  readonly ips: readonly string[];
  readonly level: IsolationLevel;
}

/** What was seen of a watched device. Times are microseconds of packet time, 0 = not since it is watched. */
export interface WatchReport {
  readonly device: string;
  /** Somebody whom the isolation keeps from it got through to it, or it to them. */
  readonly reachedUs: number;
  /** It sent something, whether or not anybody got it. */
  readonly triedUs: number;
}

/** Devices watched at once; more are not isolated at a time (config `response.max_isolated`). */
const MAX_TARGETS = 128;
/** Conversations remembered of a device: the newest takes the place of an older one with the same hash. */
const SLOTS = 64;
/** An answer later than this is none: name servers and echoes answer within a second or two. */
const ANSWER_US = 5_000_000;
const DNS_PORTS: readonly number[] = [53, 853];
const ICMP_ECHO_REPLY = 0;
const ICMPV6_ECHO_REPLY = 129;

/**
 * Sees whether isolated devices still talk.
 *
 * A mirror port also copies what a switch or router then throws away, so a packet to or from the device proves nothing. An *answer* does: TCP
 * that acknowledges something new (RFC 9293 §3.4: nobody can acknowledge what did not arrive), the reply to a datagram that the device has sent
 * a moment ago. Datagrams between two hosts of the home are not judged: on their way nobody can be seen to drop them.
 */
export class DeviceWatch {
  readonly #home: readonly Network[];
  #targets: Watched[] = [];

  constructor(home: readonly Network[]) {
    this.#home = home;
  }

  get isIdle(): boolean {
    return this.#targets.length === 0;
  }

  /** Replaces the list. What was seen of a device that stays is kept. */
  set(targets: readonly WatchTarget[]): void {
    const before = new Map(this.#targets.map((watched) => [watched.device, watched]));
    this.#targets = targets.slice(0, MAX_TARGETS).map((target) => {
      const watched = before.get(target.device) ?? new Watched(target.device);
      watched.setTarget(target);
      return watched;
    });
  }

  reports(): WatchReport[] {
    return this.#targets.map(({ device, reachedUs, triedUs }) => ({ device, reachedUs, triedUs }));
  }

  /** Looks at one decoded packet. Nothing is allocated. */
  see(view: PacketView): void {
    if (view.ipVersion === 0) return;
    for (const watched of this.#targets) {
      if (watched.isSource(view)) watched.sent(view, this.#isForbidden(watched.level, view, false));
      else if (watched.isDestination(view) && this.#isForbidden(watched.level, view, true)) watched.got(view);
    }
  }

  /** Whether the isolation is meant to keep the device and the other end of this packet apart. */
  #isForbidden(level: IsolationLevel, view: PacketView, toDevice: boolean): boolean {
    if (level === "l2") return !isDhcp(view);
    if (level === "wan-ipv4" && view.ipVersion === 6) return false;
    if (level === "dns" && !DNS_PORTS.includes(toDevice ? view.srcPort : view.dstPort)) return false;
    return level === "dns" || !this.#isInside(view, toDevice);
  }

  #isInside(view: PacketView, toDevice: boolean): boolean {
    const family = view.ipVersion === 4 ? 4 : 6;
    for (const network of this.#home) {
      const isInside = toDevice
        ? inNetwork(network, family, view.src0, view.src1, view.src2, view.src3)
        : inNetwork(network, family, view.dst0, view.dst1, view.dst2, view.dst3);
      if (isInside) return true;
    }
    // Multicast and broadcast stay in the home as well.
    return !toDevice && (family === 4 ? view.dst0 >>> 28 >= 14 : view.dst0 >>> 24 === 0xff);
  }
}

const isDhcp = (view: PacketView): boolean =>
  view.ipProto === PROTO_UDP &&
  (view.srcPort === 67 || view.dstPort === 67 || view.srcPort === 547 || view.dstPort === 547);

const S_HASH = 0;
const S_OWN_ACK = 1;
const S_PEER_ACK = 2;
/** Sequence number after the peer's SYN, which a SYN-ACK of the device would acknowledge. */
const S_PEER_SYN = 3;
const S_FLAGS = 4;
const SLOT_WORDS = 5;
const HAS_OWN_ACK = 1;
const HAS_PEER_ACK = 2;
const HAS_PEER_SYN = 4;

/** Family (4 or 6) and words, as in a {@link PacketView}. */
type Address = readonly [number, number, number, number, number];

function parseAddress(text: string): Address | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return [4, v4, 0, 0, 0];
  const v6 = parseIpv6(text);
  return v6 && [6, ...v6];
}

/** One watched device with its latest conversations. */
class Watched {
  readonly device: string;
  level: IsolationLevel = "wan";
  reachedUs = 0;
  triedUs = 0;
  #macHigh = -1;
  #macLow = -1;
  #ips: readonly Address[] = [];
  readonly #slots = new Int32Array(SLOTS * SLOT_WORDS);
  /** When the device last sent in a conversation, microseconds. */
  readonly #sentUs = new Float64Array(SLOTS);

  constructor(device: string) {
    this.device = device;
  }

  setTarget({ mac, ips, level }: WatchTarget): void {
    this.level = level;
    const digits = mac?.replaceAll(":", "") ?? "";
    this.#macHigh = digits === "" ? -1 : Number.parseInt(digits.slice(0, 6), 16);
    this.#macLow = digits === "" ? -1 : Number.parseInt(digits.slice(6), 16);
    this.#ips = ips.map(parseAddress).filter((address) => address !== undefined);
  }

  isSource(view: PacketView): boolean {
    if (view.hasMac === 1 && this.#macHigh >= 0)
      return view.srcMacHigh === this.#macHigh && view.srcMacLow === this.#macLow;
    for (const [family, w0, w1, w2, w3] of this.#ips)
      if (family === view.ipVersion && w0 === view.src0 && w1 === view.src1 && w2 === view.src2 && w3 === view.src3)
        return true;
    return false;
  }

  isDestination(view: PacketView): boolean {
    if (view.hasMac === 1 && this.#macHigh >= 0)
      return view.dstMacHigh === this.#macHigh && view.dstMacLow === this.#macLow;
    for (const [family, w0, w1, w2, w3] of this.#ips)
      if (family === view.ipVersion && w0 === view.dst0 && w1 === view.dst1 && w2 === view.dst2 && w3 === view.dst3)
        return true;
    return false;
  }

  /** A packet of the device; `isJudged`: to somebody whom it should not reach. */
  sent(view: PacketView, isJudged: boolean): void {
    this.triedUs = view.atUs;
    if (!isJudged) return;
    const slot = this.#slotOf(view, view.dst0, view.dst1, view.dst2, view.dst3, view.srcPort, view.dstPort);
    this.#sentUs[slot] = view.atUs;
    if (view.ipProto === PROTO_TCP) this.#ownSegment(slot * SLOT_WORDS, view);
  }

  /** What the device acknowledges has arrived at it. */
  #ownSegment(base: number, view: PacketView): void {
    if ((view.tcpFlags & TCP_ACK) === 0 || (view.tcpFlags & TCP_RST) !== 0) return;
    const slots = this.#slots;
    const flags = slots[base + S_FLAGS] ?? 0;
    const answersSyn =
      (view.tcpFlags & TCP_SYN) !== 0 && (flags & HAS_PEER_SYN) !== 0 && slots[base + S_PEER_SYN] === (view.tcpAck | 0);
    const goesOn = (flags & HAS_OWN_ACK) !== 0 && ((view.tcpAck - (slots[base + S_OWN_ACK] ?? 0)) | 0) > 0;
    if (answersSyn || goesOn) this.reachedUs = view.atUs;
    slots[base + S_OWN_ACK] = view.tcpAck;
    slots[base + S_FLAGS] = (flags | HAS_OWN_ACK) & ~HAS_PEER_SYN;
  }

  /** A packet to the device from somebody who should not reach it. */
  got(view: PacketView): void {
    const slot = this.#slotOf(view, view.src0, view.src1, view.src2, view.src3, view.dstPort, view.srcPort);
    const isAnswer = view.atUs - (this.#sentUs[slot] ?? 0) <= ANSWER_US && (this.#sentUs[slot] ?? 0) > 0;
    if (view.ipProto === PROTO_TCP) this.#peerSegment(slot * SLOT_WORDS, view, isAnswer);
    else if (isAnswer && this.level !== "l2" && isReply(view)) this.reachedUs = view.atUs;
  }

  /** What a peer acknowledges has arrived from the device. */
  #peerSegment(base: number, view: PacketView, isAnswer: boolean): void {
    const slots = this.#slots;
    const flags = slots[base + S_FLAGS] ?? 0;
    // A refusal in the peer's name is how routers reject: it does not come from the peer.
    if ((view.tcpFlags & TCP_RST) !== 0) return;
    if ((view.tcpFlags & (TCP_SYN | TCP_ACK)) === TCP_SYN) {
      slots[base + S_PEER_SYN] = view.tcpSeq + 1;
      slots[base + S_FLAGS] = flags | HAS_PEER_SYN;
      return;
    }
    if ((view.tcpFlags & TCP_ACK) === 0) return;
    const answersSyn = (view.tcpFlags & TCP_SYN) !== 0 && isAnswer && (flags & HAS_PEER_ACK) === 0;
    const goesOn = (flags & HAS_PEER_ACK) !== 0 && ((view.tcpAck - (slots[base + S_PEER_ACK] ?? 0)) | 0) > 0;
    if (answersSyn || goesOn) this.reachedUs = view.atUs;
    slots[base + S_PEER_ACK] = view.tcpAck;
    slots[base + S_FLAGS] = flags | HAS_PEER_ACK;
  }

  /** The slot of a conversation, emptied when it was another's. Ports are the device's and the peer's. */
  #slotOf(view: PacketView, w0: number, w1: number, w2: number, w3: number, own: number, peer: number): number {
    const hash = finishHash(
      mixWord(mixWord(mixWord(mixWord(mixWord(view.ipProto, w0), w1), w2), w3), (own << 16) | peer),
    );
    const slot = hash & (SLOTS - 1);
    const base = slot * SLOT_WORDS;
    if (this.#slots[base + S_HASH] !== hash) {
      this.#slots[base + S_HASH] = hash;
      this.#slots[base + S_FLAGS] = 0;
      this.#sentUs[slot] = 0;
    }
    return slot;
  }
}

/** Whether a datagram of the conversation can be an answer: errors about it are none. */
function isReply(view: PacketView): boolean {
  if (view.ipProto === PROTO_ICMP) return view.icmpType === ICMP_ECHO_REPLY;
  return view.ipProto !== PROTO_ICMPV6 || view.icmpType === ICMPV6_ECHO_REPLY;
}
