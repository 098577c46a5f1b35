import { f64At, i32At, u16, u24, u32 } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import { formatIpv4, formatMac, type Network } from "../core/ip.ts";
import { ETHERTYPE_ARP } from "../decode/ether-type.ts";
import { IPPROTO_UDP } from "../decode/ip-proto.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { MAC_PAIRS, MACS } from "./capacity.ts";
import { isPrivateIpv4, isPublicIpv4, isSourceIn } from "./home-address.ts";
import { TO_ONE } from "./receiver.ts";
import { SlotTable } from "./slot-table.ts";

/** Columns of a machine (counts). */
const SENT_ONE = 0;
const GOT_ONE = 1;
const FROM_HOME = 2;
const FROM_OUTSIDE = 3;
const BAD_SUM = 4;
/** Time of the first sign that it wants to speak to the router: an ARP request for one of `ASKED`, or a DHCP request. */
const ASKED_US = 5;
const DHCP_US = 6;
const COUNTS = 7;
/** Words of a machine: its addresses by ARP (one per /24), and addresses it asked for. */
const OWN_IPS = 4;
const ASKED = 4;
const WORDS = OWN_IPS + ASKED;

/** Columns of a pair: frames from the lower MAC and from the higher, and how many of either were tagged. */
const PAIR = 4;
/** Frames each way before tags are compared: fewer may be one odd frame. */
const TAG_FRAMES = 5;
/** ARP is answered within milliseconds and what waited for it follows at once (RFC 1122 §2.3.2.2); ten seconds forgive a busy device. */
const PATIENCE_US = 10 * MICROS;
const MAX_LISTED = 16;
const MASK24 = 0xffff_ff00 | 0;

/** Who is who on the link: machines by MAC, who speaks with whom, what they announce. */
export class MacBook {
  readonly #home: readonly Network[];
  readonly #table: SlotTable;
  readonly #counts = new Float64Array(MACS * COUNTS);
  readonly #words = new Int32Array(MACS * WORDS);
  readonly #isOwn = new Uint8Array(MACS);
  readonly #pairs: SlotTable;
  readonly #pairSeed: number;
  readonly #pairCounts = new Float64Array(MAC_PAIRS * PAIR);
  badSums = 0;

  constructor(home: readonly Network[], seed: number) {
    this.#home = home;
    this.#table = new SlotTable(MACS, seed);
    this.#pairs = new SlotTable(MAC_PAIRS, seed);
    this.#pairSeed = seed;
  }

  /** This MAC belongs to the machine that listens. Before the first frame. */
  setOwn(high: number, low: number): void {
    const slot = this.#table.take(high, low);
    if (slot >= 0) this.#isOwn[slot] = 1;
  }

  isOwn(high: number, low: number): boolean {
    const slot = this.#table.take(high, low);
    return slot >= 0 && this.#isOwn[slot] === 1;
  }

  /** Takes a frame that has both MACs. `isOwn`: sent or received by the machine that listens. */
  see(v: PacketView, receiver: number, isOwn: boolean): void {
    const source = this.#table.take(v.srcMacHigh, v.srcMacLow);
    if (source >= 0) this.#sent(v, source * COUNTS, receiver);
    if (v.ipVersion === 0 && v.etherType === ETHERTYPE_ARP) this.#arp(v);
    else if (receiver === TO_ONE && v.ipVersion !== 0) {
      const destination = this.#table.take(v.dstMacHigh, v.dstMacLow);
      if (destination >= 0) this.#count(destination * COUNTS + GOT_ONE);
    }
    if (receiver === TO_ONE && !isOwn) this.#pair(v);
  }

  #count(place: number): void {
    this.#counts[place] = f64At(this.#counts, place) + 1;
  }

  #sent(v: PacketView, row: number, receiver: number): void {
    if (v.ipVersion === 0) return;
    if (receiver === TO_ONE) this.#count(row + SENT_ONE);
    if (isSourceIn(this.#home, v)) this.#count(row + FROM_HOME);
    else if (v.ipVersion === 4 && isPublicIpv4(v.src0)) this.#count(row + FROM_OUTSIDE);
    if (v.ipProto === IPPROTO_UDP && v.srcPort === 68 && v.dstPort === 67) this.#first(row + DHCP_US, v.atUs);
  }

  #first(place: number, atUs: number): void {
    if (f64At(this.#counts, place) === 0) this.#counts[place] = atUs;
  }

  /** RFC 826: sender and target of ARP for IPv4 over Ethernet. */
  #arp(v: PacketView): void {
    const { buf, l3Off: off } = v;
    if (v.payloadEnd - off < 28 || u16(buf, off + 2) !== 0x0800 || u16(buf, off + 4) !== 0x0604) return;
    const slot = this.#table.take(u24(buf, off + 8), u24(buf, off + 11));
    if (slot < 0) return;
    const sender = u32(buf, off + 14) | 0;
    const target = u32(buf, off + 24) | 0;
    this.#count(slot * COUNTS + FROM_HOME);
    // A probe (RFC 5227 §1.1) has no sender yet.
    if (sender !== 0) this.#keep(slot * WORDS, OWN_IPS, sender, v.vlanCount === 0 ? MASK24 : -1);
    if (u16(buf, off + 6) !== 1 || target === sender || sender === 0) return;
    this.#keep(slot * WORDS + OWN_IPS, ASKED, target, -1);
    this.#first(slot * COUNTS + ASKED_US, v.atUs);
  }

  /** Keeps up to `room` words that differ under the mask. */
  #keep(base: number, room: number, word: number, mask: number): void {
    for (let i = base; i < base + room; i++) {
      const known = i32At(this.#words, i);
      if (known === 0) {
        this.#words[i] = word;
        return;
      }
      if (((known ^ word) & mask) === 0) return;
    }
  }

  #pair(v: PacketView): void {
    const isLower = v.srcMacHigh < v.dstMacHigh || (v.srcMacHigh === v.dstMacHigh && v.srcMacLow <= v.dstMacLow);
    const source = mixWord(mixWord(this.#pairSeed, v.srcMacHigh), v.srcMacLow);
    const destination = mixWord(mixWord(this.#pairSeed, v.dstMacHigh), v.dstMacLow);
    const slot = isLower
      ? this.#pairs.take(finishHash(source), finishHash(destination))
      : this.#pairs.take(finishHash(destination), finishHash(source));
    if (slot < 0) return;
    const place = slot * PAIR + (isLower ? 0 : 1);
    this.#pairCounts[place] = f64At(this.#pairCounts, place) + 1;
    if (v.vlanCount > 0) this.#pairCounts[place + 2] = f64At(this.#pairCounts, place + 2) + 1;
  }

  /** The sender's checksum was wrong. */
  badSum(v: PacketView): void {
    this.badSums++;
    const slot = this.#table.take(v.srcMacHigh, v.srcMacLow);
    if (slot >= 0) this.#count(slot * COUNTS + BAD_SUM);
  }

  pairs(): { bothWays: number; oneWay: number; halfTagged: number } {
    let bothWays = 0;
    let oneWay = 0;
    let halfTagged = 0;
    for (let row = 0; row < this.#pairs.size * PAIR; row += PAIR) {
      const [up, down] = [f64At(this.#pairCounts, row), f64At(this.#pairCounts, row + 1)];
      if (up === 0 || down === 0) {
        oneWay++;
        continue;
      }
      bothWays++;
      const [upTagged, downTagged] = [f64At(this.#pairCounts, row + 2), f64At(this.#pairCounts, row + 3)];
      const enough = up >= TAG_FRAMES && down >= TAG_FRAMES;
      if (enough && ((upTagged === up && downTagged === 0) || (upTagged === 0 && downTagged === down))) halfTagged++;
    }
    return { bothWays, oneWay, halfTagged };
  }

  /** Machines of the home, without the listener and whoever passes on what comes from outside. */
  #devices(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.#table.size; slot++) {
      const row = slot * COUNTS;
      if (this.#isOwn[slot] === 1 || f64At(this.#counts, row + FROM_HOME) === 0) continue;
      if (f64At(this.#counts, row + FROM_OUTSIDE) === 0) slots.push(slot);
    }
    return slots;
  }

  devices(): { all: number; bothWays: number } {
    const slots = this.#devices();
    const both = slots.filter((slot) => {
      const row = slot * COUNTS;
      return f64At(this.#counts, row + SENT_ONE) > 0 && f64At(this.#counts, row + GOT_ONE) > 0;
    });
    return { all: slots.length, bothWays: both.length };
  }

  /** Addresses that routers have in the home, by ARP. */
  #routerIps(): Set<number> {
    const ips = new Set<number>();
    for (let slot = 0; slot < this.#table.size; slot++) {
      if (f64At(this.#counts, slot * COUNTS + FROM_OUTSIDE) === 0) continue;
      for (let i = 0; i < OWN_IPS; i++) ips.add(i32At(this.#words, slot * WORDS + i));
    }
    ips.delete(0);
    return ips;
  }

  /** Devices that asked for the router, or for a lease, long enough before the end, and neither sent nor got unicast. */
  silent(endUs: number): { mac: string; ip: string }[] {
    const routers = this.#routerIps();
    if (routers.size === 0) return [];
    return this.#devices()
      .filter((slot) => {
        const row = slot * COUNTS;
        if (f64At(this.#counts, row + SENT_ONE) > 0 || f64At(this.#counts, row + GOT_ONE) > 0) return false;
        const words = slot * WORDS;
        const asked = [...this.#words.subarray(words + OWN_IPS, words + WORDS)].some((ip) => routers.has(ip));
        const sinceUs = asked ? f64At(this.#counts, row + ASKED_US) : f64At(this.#counts, row + DHCP_US);
        return sinceUs > 0 && endUs - sinceUs >= PATIENCE_US;
      })
      .slice(0, MAX_LISTED)
      .map((slot) => ({ mac: this.#mac(slot), ip: this.#ip(slot) }));
  }

  #mac(slot: number): string {
    return formatMac(this.#table.high(slot), this.#table.low(slot));
  }

  #ip(slot: number): string {
    const word = i32At(this.#words, slot * WORDS);
    return word === 0 ? "" : formatIpv4(word);
  }

  /** Private /24 networks in which one machine has an address each, and somebody else one too; empty unless there are two. */
  sharedNetworks(): string[] {
    const people = new Map<number, number>();
    const ofRouter = new Set<number>();
    for (let slot = 0; slot < this.#table.size; slot++) {
      const own = [...this.#words.subarray(slot * WORDS, slot * WORDS + OWN_IPS)].filter(isPrivateIpv4);
      const networks = new Set(own.map((ip) => ip & MASK24));
      for (const network of networks) people.set(network, (people.get(network) ?? 0) + 1);
      if (networks.size > 1) for (const network of networks) ofRouter.add(network);
    }
    const shared = [...ofRouter].filter((network) => (people.get(network) ?? 0) > 1);
    return shared.length > 1 ? shared.map((network) => `${formatIpv4(network)}/24`).slice(0, MAX_LISTED) : [];
  }

  /** Who sent most of the wrong checksums. */
  worstSum(): { mac: string; share: number } {
    let worst = -1;
    let most = 0;
    for (let slot = 0; slot < this.#table.size; slot++) {
      const bad = f64At(this.#counts, slot * COUNTS + BAD_SUM);
      if (bad > most) [worst, most] = [slot, bad];
    }
    return worst < 0 ? { mac: "", share: 0 } : { mac: this.#mac(worst), share: most / this.badSums };
  }
}
