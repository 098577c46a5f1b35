import { f64At, i32At, u8 } from "../core/bytes.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import { IPPROTO_TCP, IPPROTO_UDP } from "../decode/ip-proto.ts";
import type { PacketView } from "../decode/packet-view.ts";
import type { CopyCounts } from "./observation.ts";
import { isForGroup } from "./receiver.ts";

/**
 * Copies that a mirror makes follow within the time that a switch or router needs to pass a packet on: microseconds to some milliseconds. Nobody
 * sends the same again so soon: TCP waits a round trip at least (RFC 8985 §7) and numbers the packet anew where it numbers packets at all.
 */
const WINDOW_US = 20_000;
/** Packets remembered: at a full gigabit of full frames, 20 ms are 1,700. */
const ENTRIES = 8192;
/** Octets of content that are compared, with its length: enough to tell records and datagrams apart, and cheap. */
const COMPARED = 64;
/** An address of its own for every layer's word of an entry. */
const CHECK = 0;
const SOURCE = 1;
const DESTINATION = 2;
const MACS = 3;
const VLAN = 4;
const TTL = 5;
const WORDS = 6;

/** Recognises packets that come twice, and by what differs, how. Direct-mapped: a newer packet takes the place of an older one. */
export class CopyWatch implements CopyCounts {
  judged = 0;
  same = 0;
  vlan = 0;
  routed = 0;
  translated = 0;
  relayed = 0;
  readonly #seed: number;
  readonly #words = new Int32Array(ENTRIES * WORDS);
  readonly #times = new Float64Array(ENTRIES).fill(Number.NEGATIVE_INFINITY);

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Takes a packet from one machine to one other. Without content it is passed over: acknowledgements repeat by right; so does what is for a
   * group, which access points hand to each member by itself.
   *
   * Why   Addresses, ports, time to live and checksums are left out of what is compared, since a router with NAT changes just these.
   */
  see(v: PacketView): void {
    const content = Math.min(v.payloadEnd - v.payloadOff, COMPARED);
    if (v.hasTransport === 0 || content < 1 || isForGroup(v)) return;
    if (v.ipProto !== IPPROTO_TCP && v.ipProto !== IPPROTO_UDP) return;
    this.judged++;
    let hash = mixWord(mixWord(this.#seed, v.ipProto), v.payloadWireLength);
    hash = mixWord(mixWord(mixWord(hash, v.fragmentId), v.tcpSeq), v.tcpAck);
    const buf = v.buf;
    for (let off = v.payloadOff; off < v.payloadOff + content; off++) hash = (Math.imul(hash, 31) + u8(buf, off)) | 0;
    const place = finishHash(hash) & (ENTRIES - 1);
    const check = finishHash(mixWord(hash, 0x5bd1_e995));
    const base = place * WORDS;
    const known = i32At(this.#words, base + CHECK) === check && this.#isFresh(place, v.atUs);
    if (known && this.#compare(v, base)) return;
    this.#words[base + CHECK] = check;
    this.#words[base + SOURCE] = sourceOf(v);
    this.#words[base + DESTINATION] = destinationOf(v);
    this.#words[base + MACS] = macsOf(v);
    this.#words[base + VLAN] = vlanOf(v);
    this.#words[base + TTL] = v.ttl;
    this.#times[place] = v.atUs;
  }

  #isFresh(place: number, atUs: number): boolean {
    return Math.abs(atUs - f64At(this.#times, place)) <= WINDOW_US;
  }

  /** True if it is a copy of the one remembered. */
  #compare(v: PacketView, base: number): boolean {
    const words = this.#words;
    const source = i32At(words, base + SOURCE) === sourceOf(v);
    const destination = i32At(words, base + DESTINATION) === destinationOf(v);
    const hops = Math.abs(i32At(words, base + TTL) - v.ttl);
    if (!source || !destination) {
      // One of the ends is the same on both sides of a router with NAT; both differ only where chance made the same content.
      if (hops !== 1 || source === destination) return false;
      this.translated++;
    } else if (hops === 1) this.routed++;
    else if (hops > 1) return false;
    else if (i32At(words, base + VLAN) !== vlanOf(v)) this.vlan++;
    else if (i32At(words, base + MACS) !== macsOf(v)) this.relayed++;
    else this.same++;
    return true;
  }
}

const sourceOf = (v: PacketView): number => fold(v.src0, v.src1, v.src2, v.src3, v.srcPort);
const destinationOf = (v: PacketView): number => fold(v.dst0, v.dst1, v.dst2, v.dst3, v.dstPort);
const vlanOf = (v: PacketView): number => (v.vlanCount << 24) | (v.vlan0 << 12) | v.vlan1;
const macsOf = (v: PacketView): number => fold(v.srcMacHigh, v.srcMacLow, v.dstMacHigh, v.dstMacLow, 0);

const fold = (a: number, b: number, c: number, d: number, e: number): number =>
  mixWord(mixWord(mixWord(mixWord(mixWord(0, a), b), c), d), e);
