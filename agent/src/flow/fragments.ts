import { u8 } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { finishHash, mixWord } from "../core/hash.ts";
import type { PacketView } from "../decode/packet-view.ts";

/** A packet is given up so long after its first fragment (RFC 791 asks for 15 s, RFC 8200 §4.5 for 60 s; Linux takes 30 s). */
const TIMEOUT_US = 30 * MICROS;
/** Packets being put together at a time, and octets of them: many times what a home sends, a bound for who sends fragments only. */
const MOST_PACKETS = 512;
const MOST_OCTETS = 4 * 1024 * 1024;
/** Fragments of one packet: 65,535 octets in pieces of the smallest MTU of IPv4 (RFC 791) are 1,400; real ones come in under 50. */
const MOST_PIECES = 256;
const LONGEST_PACKET = 65_535;
/** Smallest first fragment that is no attempt to hide the transport header from a filter (RFC 1858 §3: IP and 8 octets are not enough for TCP). */
const TINY_OCTETS = 16;
const PROTO_TCP = 6;
const IPV6_HEADER = 40;

/** What {@link Fragments.add} says. */
export const FRAGMENT_HELD = 0;
/** The packet is whole: `packet`, [0, length). */
export const FRAGMENT_WHOLE = 1;
/** The fragment was not taken. */
export const FRAGMENT_DROPPED = 2;

/** What was odd about the last fragment; names for an anomaly of the layer "decode", undefined when nothing. */
export type FragmentOddness = "fragment-overlap" | "fragment-tiny" | "fragment-too-large" | "fragment-bad-length";

/** All numbers only grow, but for the last two. */
export class FragmentCounters {
  fragments = 0;
  reassembled = 0;
  timeouts = 0;
  /** Given up because the table or its memory was full. */
  evicted = 0;
  overlaps = 0;
  conflicts = 0;
  /** Fragments that were not taken: too large, of a wrong length, too many. */
  dropped = 0;
  packets = 0;
  octets = 0;
}

interface Piece {
  /** Octets [from, to) of the payload of the whole packet. */
  readonly from: number;
  readonly to: number;
  readonly octets: Uint8Array;
}

interface Assembly {
  readonly key: Int32Array;
  readonly startUs: number;
  /** IP header (with IPv6 extension headers, the fragment header included) of the first fragment, once it is there. */
  header: Uint8Array | undefined;
  /** In order, without overlaps. */
  readonly pieces: Piece[];
  octets: number;
  /** Length of its frames on the wire. */
  wireOctets: number;
  /** Length of the whole payload, known once the last fragment is there. */
  total: number;
  /** An overlap with other content was seen. */
  hasConflict: boolean;
}

const KEY_WORDS = 12;

/**
 * Puts IPv4 and IPv6 fragments together, capped in packets and octets. What came first stands where fragments overlap; a conflict is told. The
 * whole packet stands in `packet`, in a buffer that the next one overwrites, its header mended so that it is no fragment.
 * Source   RFC 791 §3.2, RFC 815, RFC 8200 §4.5, RFC 5722 (IPv6 receivers drop overlaps; an observer wants to see what older ones take).
 */
export class Fragments {
  readonly counters = new FragmentCounters();
  readonly packet = new Uint8Array(LONGEST_PACKET + IPV6_HEADER + 1024);
  length = 0;
  /** Octets on the wire of the frames that the whole packet came in. */
  wireOctets = 0;
  oddness: FragmentOddness | undefined = undefined;
  readonly #seed: number;
  /** By hash of the key, in the order in which they began. Two packets of one hash: the later takes the place. */
  readonly #assemblies = new Map<number, Assembly>();
  readonly #key = new Int32Array(KEY_WORDS);

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** Takes the fragment of `view`. */
  add(view: PacketView): typeof FRAGMENT_HELD | typeof FRAGMENT_WHOLE | typeof FRAGMENT_DROPPED {
    this.counters.fragments++;
    this.oddness = undefined;
    this.#expire(view.atUs);
    const from = view.fragmentOffset;
    const to = from + view.payloadEnd - view.payloadOff;
    if (!this.#isSane(view, from, to)) {
      this.counters.dropped++;
      return FRAGMENT_DROPPED;
    }
    const hash = this.#setKey(view);
    const assembly = this.#find(hash) ?? this.#begin(hash, view.atUs);
    if (assembly.pieces.length >= MOST_PIECES) {
      this.counters.dropped++;
      this.#drop(hash, assembly);
      return FRAGMENT_DROPPED;
    }
    if (from === 0) assembly.header ??= view.buf.slice(view.l3Off, view.payloadOff);
    if (view.moreFragments === 0 && assembly.total < 0) assembly.total = to;
    this.#insert(assembly, view, from, to);
    assembly.wireOctets += view.wireLength;
    while (this.counters.octets > MOST_OCTETS) this.#evictOldest();
    if (this.#assemblies.get(hash) !== assembly) return FRAGMENT_DROPPED;
    if (!isWhole(assembly)) return FRAGMENT_HELD;
    this.#drop(hash, assembly);
    if (!this.#join(assembly, view.ipVersion)) return FRAGMENT_DROPPED;
    this.counters.reassembled++;
    return FRAGMENT_WHOLE;
  }

  #isSane(view: PacketView, from: number, to: number): boolean {
    if (to > LONGEST_PACKET) {
      // The "ping of death": together longer than a packet can be.
      this.oddness = "fragment-too-large";
      return false;
    }
    // A snapped fragment cannot be used; all but the last are multiples of eight octets (RFC 791 §3.2, RFC 8200 §4.5).
    if (to - from < view.payloadWireLength) return false;
    if (to === from || (view.moreFragments === 1 && ((to - from) & 7) !== 0)) {
      this.oddness = "fragment-bad-length";
      return false;
    }
    if (from === 0 && view.ipProto === PROTO_TCP && to - from < TINY_OCTETS) this.oddness = "fragment-tiny";
    // The second kind of RFC 1858 §3: the flags of the TCP header come apart from its ports.
    if (from === 8 && view.ipProto === PROTO_TCP) this.oddness = "fragment-tiny";
    return true;
  }

  #setKey(view: PacketView): number {
    const key = this.#key;
    key[0] = view.src0;
    key[1] = view.src1;
    key[2] = view.src2;
    key[3] = view.src3;
    key[4] = view.dst0;
    key[5] = view.dst1;
    key[6] = view.dst2;
    key[7] = view.dst3;
    key[8] = view.fragmentId;
    // IPv4 tells packets apart by protocol too (RFC 791 §3.2), IPv6 by addresses and identification alone (RFC 8200 §4.5).
    key[9] = view.ipVersion === 4 ? view.ipProto : 0;
    key[10] = view.ipVersion;
    key[11] = view.vlan0 | (view.vlan1 << 12);
    let hash = this.#seed;
    for (const word of key) hash = mixWord(hash, word);
    return finishHash(hash);
  }

  #find(hash: number): Assembly | undefined {
    const found = this.#assemblies.get(hash);
    if (found === undefined) return undefined;
    for (let i = 0; i < KEY_WORDS; i++) {
      if (found.key[i] === this.#key[i]) continue;
      this.counters.evicted++;
      this.#drop(hash, found);
      return undefined;
    }
    return found;
  }

  #begin(hash: number, startUs: number): Assembly {
    while (this.#assemblies.size >= MOST_PACKETS) this.#evictOldest();
    const assembly: Assembly = {
      key: this.#key.slice(),
      startUs,
      header: undefined,
      pieces: [],
      octets: 0,
      wireOctets: 0,
      total: -1,
      hasConflict: false,
    };
    this.#assemblies.set(hash, assembly);
    this.counters.packets++;
    return assembly;
  }

  /** Adds those octets that are not there yet and compares the others. */
  #insert(assembly: Assembly, view: PacketView, from: number, to: number): void {
    const { pieces } = assembly;
    const base = view.payloadOff - from;
    let at = from;
    let i = 0;
    for (let piece = pieces[i]; piece !== undefined && at < to; piece = pieces[++i]) {
      if (piece.to <= at) continue;
      if (piece.from >= to) break;
      this.counters.overlaps++;
      if (at < piece.from) {
        this.#keep(assembly, i++, view.buf, base, at, piece.from);
        at = piece.from;
      }
      const until = Math.min(piece.to, to);
      for (let octet = at; octet < until; octet++) {
        if (piece.octets[octet - piece.from] === view.buf[base + octet]) continue;
        this.#conflict(assembly);
        break;
      }
      at = until;
    }
    if (at < to) this.#keep(assembly, i, view.buf, base, at, to);
  }

  #conflict(assembly: Assembly): void {
    if (assembly.hasConflict) return;
    assembly.hasConflict = true;
    this.counters.conflicts++;
    this.oddness = "fragment-overlap";
  }

  #keep(assembly: Assembly, position: number, buf: Uint8Array, base: number, from: number, to: number): void {
    assembly.pieces.splice(position, 0, { from, to, octets: buf.slice(base + from, base + to) });
    assembly.octets += to - from;
    this.counters.octets += to - from;
  }

  /** Writes the whole packet; false when the header does not allow for it. */
  #join(assembly: Assembly, version: number): boolean {
    const { header, pieces, total } = assembly;
    if (header === undefined || header.length + total > this.packet.length) return false;
    const packet = this.packet;
    packet.set(header);
    for (const piece of pieces) {
      // Octets behind what the last fragment says is the end are nobody's.
      const octets = piece.to <= total ? piece.octets : piece.octets.subarray(0, Math.max(0, total - piece.from));
      if (piece.from < total) packet.set(octets, header.length + piece.from);
    }
    this.length = header.length + total;
    this.wireOctets = assembly.wireOctets;
    if (version === 4) {
      if (this.length > LONGEST_PACKET) {
        this.oddness = "fragment-too-large";
        return false;
      }
      packet[2] = this.length >>> 8;
      packet[3] = this.length & 0xff;
      // Keep "don't fragment", clear "more fragments" and the offset.
      packet[6] = u8(packet, 6) & 0x40;
      packet[7] = 0;
      return true;
    }
    const payload = this.length - IPV6_HEADER;
    if (payload > LONGEST_PACKET) {
      this.oddness = "fragment-too-large";
      return false;
    }
    packet[4] = payload >>> 8;
    packet[5] = payload & 0xff;
    // The fragment header is the last before the data. It stays, without offset and flag: an atomic fragment (RFC 6946), so that no Next Header
    // has to be found and mended.
    packet[header.length - 6] = 0;
    packet[header.length - 5] = 0;
    return true;
  }

  #expire(nowUs: number): void {
    for (const [hash, assembly] of this.#assemblies) {
      const age = nowUs - assembly.startUs;
      if (age >= 0 && age < TIMEOUT_US) return;
      this.counters.timeouts++;
      this.#drop(hash, assembly);
    }
  }

  #evictOldest(): void {
    for (const [hash, assembly] of this.#assemblies) {
      this.counters.evicted++;
      this.#drop(hash, assembly);
      return;
    }
    this.counters.octets = 0;
  }

  #drop(hash: number, assembly: Assembly): void {
    this.#assemblies.delete(hash);
    this.counters.packets--;
    this.counters.octets -= assembly.octets;
  }
}

function isWhole({ header, pieces, total }: Assembly): boolean {
  if (header === undefined || total < 0) return false;
  let at = 0;
  for (const piece of pieces) {
    if (piece.from > at) return false;
    at = piece.to;
    if (at >= total) return true;
  }
  return false;
}
