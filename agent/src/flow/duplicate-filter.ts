import { i32At, u8, u32 } from "../core/bytes.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import type { PacketView } from "../decode/packet-view.ts";

/**
 * Copies of one packet lie no further apart, by their stamps. Taps of one machine stamp within microseconds, streams from a router within the delay
 * that its clock is corrected to; a TCP sender waits at least 200 ms (Linux) before it sends again, and its next packet has another IP id.
 */
export const WINDOW_US = 50_000;
/** Entries: at a full gigabit (156,000 packets in a second) the window holds 7,800 packets, so sets of four are nearly never full. */
const SETS = 16_384;
const WAYS = 4;
/** Words of an entry: two hashes, counts, time. Four entries are one cache line. */
const WORDS = 4;
const COUNTS = 2;
const TIME = 3;
/** Sources told apart; further ones count as the last. Four bits each, and four for what was delivered. */
const SOURCES = 7;
const MOST = 15;
const DELIVERED = 28;
/** Transport header and the beginning of the payload: with the checksum in it, two packets of a flow are told apart. */
const PREFIX = 52;
const ETHERTYPE_ARP = 0x0806;
const ARP_OCTETS = 28;

/**
 * Knows packets that another tap has delivered already.
 *
 * Key      What no switch and no router changes on the way inside of the home: addresses, protocol, IP id and fragment, length, transport header,
 *          payload's beginning. Not MAC addresses, VLAN tags, TTL, type of service.
 * Rule     Of equal packets within the window as many are delivered as the tap that saw most has seen: a repeated packet that all taps saw twice
 *          counts twice. With `pairs`, each tap's count is halved: a mirror that copies what comes in and what goes out shows everything twice.
 * Bounds   1 MiB, whatever comes. The hashes have a secret seed: nobody can make a packet that passes for another one and is hidden by it.
 *          Nothing is allocated.
 */
export class DuplicateFilter {
  /** Tap that the next packet comes from. */
  source = 0;
  /** Packets left out, and their octets on the wire. */
  packets = 0;
  octets = 0;
  readonly #table = new Int32Array(SETS * WAYS * WORDS);
  readonly #pairs: boolean;
  readonly #seed1: number;
  readonly #seed2: number;
  #hash1 = 0;
  #hash2 = 0;

  constructor(seed: number, pairs: boolean) {
    this.#seed1 = finishHash(seed ^ 0x3c6e_f372);
    this.#seed2 = finishHash(seed ^ 0x1f83_d9ab);
    this.#pairs = pairs;
  }

  /** True if the packet was delivered before: it is to be left out. */
  has(view: PacketView): boolean {
    if (!this.#key(view)) return false;
    const table = this.#table;
    const nowUs = view.atUs | 0;
    const set = (this.#hash1 & (SETS - 1)) * WAYS * WORDS;
    let victim = set;
    let oldest = -1;
    for (let entry = set; entry < set + WAYS * WORDS; entry += WORDS) {
      const difference = (nowUs - i32At(table, entry + TIME)) | 0;
      const age = difference < 0 ? -difference : difference;
      const isEqual = i32At(table, entry) === this.#hash1 && i32At(table, entry + 1) === this.#hash2;
      if (isEqual && age <= WINDOW_US && i32At(table, entry + COUNTS) !== 0) return this.#again(entry, view);
      const worth = i32At(table, entry + COUNTS) === 0 ? Number.MAX_SAFE_INTEGER : age;
      if (worth > oldest) {
        oldest = worth;
        victim = entry;
      }
    }
    table[victim] = this.#hash1;
    table[victim + 1] = this.#hash2;
    table[victim + COUNTS] = (1 << this.#shift()) | (1 << DELIVERED);
    table[victim + TIME] = nowUs;
    return false;
  }

  #shift(): number {
    return Math.min(this.source, SOURCES - 1) * 4;
  }

  /** An equal packet is known: counts this one for its tap. More than 15 in a window are a flood, which is let through. */
  #again(entry: number, view: PacketView): boolean {
    const counts = i32At(this.#table, entry + COUNTS);
    const shift = this.#shift();
    const seen = ((counts >>> shift) & MOST) + 1;
    const delivered = counts >>> DELIVERED;
    if (seen > MOST || delivered === MOST) return false;
    const due = this.#pairs ? (seen + 1) >> 1 : seen;
    const isDuplicate = due <= delivered;
    this.#table[entry + COUNTS] = counts + (1 << shift) + (isDuplicate ? 0 : 1 << DELIVERED);
    if (isDuplicate) {
      this.packets++;
      this.octets += view.wireLength;
    }
    return isDuplicate;
  }

  /** Makes the hashes; false for what is neither IP nor ARP, which is let through. */
  #key(view: PacketView): boolean {
    this.#hash1 = this.#seed1;
    this.#hash2 = this.#seed2;
    if (view.ipVersion === 0) {
      if (view.etherType !== ETHERTYPE_ARP) return false;
      this.#octets(view.buf, view.l3Off, Math.min(view.payloadEnd, view.l3Off + ARP_OCTETS));
    } else {
      this.#word((view.ipVersion << 8) | view.ipProto);
      this.#word(view.src0);
      this.#word(view.dst0);
      if (view.ipVersion === 6) this.#restOfAddresses(view);
      this.#word(view.fragmentId);
      this.#word((view.fragmentOffset << 1) | view.moreFragments);
      this.#word(view.payloadWireLength);
      const start = view.hasTransport === 1 ? view.l4Off : view.payloadOff;
      this.#octets(view.buf, start, Math.min(view.payloadEnd, start + PREFIX));
    }
    this.#hash1 = finishHash(this.#hash1);
    this.#hash2 = finishHash(this.#hash2);
    return true;
  }

  #restOfAddresses(view: PacketView): void {
    this.#word(view.src1);
    this.#word(view.src2);
    this.#word(view.src3);
    this.#word(view.dst1);
    this.#word(view.dst2);
    this.#word(view.dst3);
  }

  #octets(buf: Uint8Array, start: number, end: number): void {
    let off = start;
    for (; off + 4 <= end; off += 4) this.#word(u32(buf, off) | 0);
    for (; off < end; off++) this.#word(u8(buf, off) | 0x100);
  }

  #word(word: number): void {
    this.#hash1 = mixWord(this.#hash1, word);
    this.#hash2 = mixWord(this.#hash2, word);
  }
}
