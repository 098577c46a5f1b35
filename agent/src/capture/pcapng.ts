import { at, u8, u16, u16le, u32, u32le } from "../core/bytes.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { MAX_FRAME, normalLinkType, type RecordReader } from "./record-reader.ts";

/** Section Header Block. Its type reads the same in both byte orders. */
export const PCAPNG_SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET_OBSOLETE = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER = 0x1a2b3c4d;
const BLOCK_HEADER = 8;
/** Type, length and the length again. */
const MIN_BLOCK = 12;
/** Longest block that is assembled, octets: a frame of full size and generous options. Longer ones of other kinds are skipped unread. */
const MAX_BLOCK = 1_048_576;
/** Interfaces kept per section. Merged captures have some hundreds at most. */
const MAX_INTERFACES = 4096;

/** Times are kept within what classic pcap can say (1970 to 2106): a forged offset or time unit shall not send the clock to year 10^12. */
const LATEST_US = 0xffff_ffff * 1_000_000;

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;
/** isb_ifdrop: frames that the interface lost for want of room. */
const OPTION_IFDROP = 5;

/**
 * Reads pcapng: any number of sections in either byte order, several interfaces with their own link type and time unit.
 *
 * Source   draft-ietf-opsawg-pcapng (§4 blocks, §3.5 options), and its appendix for the obsolete Packet Block.
 */
export class PcapngReader implements RecordReader {
  need = MIN_BLOCK;
  fault = "";
  #little = false;
  #interfaces = 0;
  #strangerSaid = false;
  /** Simple Packet Blocks carry no time: they get that of the packet before. */
  #lastUs = 0;
  readonly #linkTypes = new Int32Array(MAX_INTERFACES);
  readonly #snapLengths = new Float64Array(MAX_INTERFACES);
  readonly #resolutions = new Uint8Array(MAX_INTERFACES);
  readonly #offsetsSeconds = new Float64Array(MAX_INTERFACES);
  readonly #drops = new Float64Array(MAX_INTERFACES);
  readonly #sink: FrameSink;
  readonly #counters: CaptureCounters;
  readonly #warn: (message: string) => void;

  constructor(sink: FrameSink, counters: CaptureCounters, warn: (message: string) => void) {
    this.#sink = sink;
    this.#counters = counters;
    this.#warn = warn;
  }

  walk(buf: Uint8Array, start: number, end: number): number {
    let off = start;
    while (end - off >= MIN_BLOCK) {
      const type = this.#u32(buf, off);
      if (type === PCAPNG_SECTION && !this.#byteOrder(buf, off)) return off;
      const length = this.#u32(buf, off + 4);
      if (length < MIN_BLOCK) {
        this.fault = `a block claims ${length} octets, fewer than the least (${MIN_BLOCK})`;
        return off;
      }
      // Some writers forget the padding in the length (Wireshark reads them too).
      const total = length + (-length & 3);
      if (isOfUse(type)) {
        if (total > MAX_BLOCK) {
          this.fault = `a block of type ${type} claims ${length} octets, more than is read (${MAX_BLOCK})`;
          return off;
        }
        if (off + total > end) {
          this.need = total;
          return off;
        }
        if (this.#u32(buf, off + total - 4) !== length) {
          this.fault = "a block's length differs between its start and its end";
          return off;
        }
        this.#block(type, buf, off, off + total - 4);
        if (this.fault !== "") return off;
      }
      off += total;
    }
    this.need = MIN_BLOCK;
    return off;
  }

  #u32(buf: Uint8Array, off: number): number {
    return this.#little ? u32le(buf, off) : u32(buf, off);
  }

  #u16(buf: Uint8Array, off: number): number {
    return this.#little ? u16le(buf, off) : u16(buf, off);
  }

  /** A new section decides the byte order of its own length field already. */
  #byteOrder(buf: Uint8Array, off: number): boolean {
    if (u32(buf, off + BLOCK_HEADER) === BYTE_ORDER) this.#little = false;
    else if (u32le(buf, off + BLOCK_HEADER) === BYTE_ORDER) this.#little = true;
    else {
      this.fault = "a section begins without its byte-order mark";
      return false;
    }
    return true;
  }

  /** One whole block whose body ends at `end` (before the second length). */
  #block(type: number, buf: Uint8Array, off: number, end: number): void {
    switch (type) {
      case ENHANCED_PACKET:
        this.#packet(buf, off, end, end - off < 28 ? -1 : this.#u32(buf, off + 8));
        break;
      case PACKET_OBSOLETE:
        this.#packet(buf, off, end, end - off < 28 ? -1 : this.#u16(buf, off + 8));
        break;
      case SIMPLE_PACKET:
        this.#simplePacket(buf, off, end);
        break;
      case PCAPNG_SECTION:
        this.#section(buf, off, end);
        break;
      case INTERFACE:
        this.#interface(buf, off, end);
        break;
      default:
        this.#statistics(buf, off, end);
    }
  }

  #section(buf: Uint8Array, off: number, end: number): void {
    if (end - off < 24) {
      this.fault = "a section header is cut short";
      return;
    }
    const major = this.#u16(buf, off + 12);
    if (major !== 1) {
      this.fault = `pcapng version ${major}.${this.#u16(buf, off + 14)} is not known (1.0 is usual)`;
      return;
    }
    this.#interfaces = 0;
    this.#strangerSaid = false;
  }

  #interface(buf: Uint8Array, off: number, end: number): void {
    if (end - off < 16) {
      this.fault = "an interface description is cut short";
      return;
    }
    const i = this.#interfaces;
    if (i >= MAX_INTERFACES) return;
    this.#interfaces++;
    this.#linkTypes[i] = normalLinkType(this.#u16(buf, off + 8));
    this.#snapLengths[i] = this.#u32(buf, off + 12);
    const resolution = this.#option(buf, off + 16, end, OPTION_TSRESOL, 1);
    this.#resolutions[i] = resolution < 0 ? 6 : u8(buf, resolution);
    const offset = this.#option(buf, off + 16, end, OPTION_TSOFFSET, 8);
    this.#offsetsSeconds[i] = offset < 0 ? 0 : this.#i64(buf, offset);
    this.#drops[i] = 0;
  }

  /** Enhanced and obsolete Packet Block: but for the width of the interface number, the fields stand at the same places. */
  #packet(buf: Uint8Array, off: number, end: number, id: number): void {
    if (id < 0) {
      this.fault = "a packet block is cut short";
      return;
    }
    const captured = this.#u32(buf, off + 20);
    const frameOff = off + 28;
    if (captured > MAX_FRAME || captured > end - frameOff) {
      this.fault = `a packet block claims ${captured} octets of frame and has room for ${end - frameOff}`;
      return;
    }
    if (id >= this.#interfaces) {
      this.#stranger(id);
      return;
    }
    const ticks = pcapngMicros(this.#u32(buf, off + 12), this.#u32(buf, off + 16), at(this.#resolutions, id));
    this.#lastUs = Math.min(Math.max(ticks + at(this.#offsetsSeconds, id) * 1_000_000, 0), LATEST_US);
    this.#counters.packets++;
    const wire = this.#u32(buf, off + 24);
    this.#sink.frame(buf, frameOff, frameOff + captured, wire, at(this.#linkTypes, id), this.#lastUs);
  }

  /** RFC draft §4.4: always the first interface, no time, captured length from the snap length. */
  #simplePacket(buf: Uint8Array, off: number, end: number): void {
    if (this.#interfaces === 0) {
      this.#stranger(0);
      return;
    }
    const frameOff = off + 12;
    if (end < frameOff) {
      this.fault = "a packet block is cut short";
      return;
    }
    const wire = this.#u32(buf, off + 8);
    const snap = at(this.#snapLengths, 0);
    const captured = Math.min(wire, snap === 0 ? wire : snap, end - frameOff);
    if (captured > MAX_FRAME) {
      this.fault = `a packet block claims ${captured} octets, more than a frame can have (${MAX_FRAME})`;
      return;
    }
    this.#counters.packets++;
    this.#sink.frame(buf, frameOff, frameOff + captured, wire, at(this.#linkTypes, 0), this.#lastUs);
  }

  /** The block is sound, its interface unknown: without a link type the frame cannot be read, but what follows can. */
  #stranger(id: number): void {
    this.#counters.invalid++;
    if (this.#strangerSaid) return;
    this.#strangerSaid = true;
    this.#warn(`packets of interface ${id}, which the section does not describe, are left out`);
  }

  /** Drops are told as a running total per interface. */
  #statistics(buf: Uint8Array, off: number, end: number): void {
    if (end - off < 20) return;
    const id = this.#u32(buf, off + 8);
    if (id >= this.#interfaces) return;
    const value = this.#option(buf, off + 20, end, OPTION_IFDROP, 8);
    if (value < 0) return;
    const drops = this.#i64(buf, value);
    if (drops > at(this.#drops, id)) {
      this.#counters.kernelDrops += drops - at(this.#drops, id);
      this.#drops[id] = drops;
    }
  }

  /** Offset of the value of option `code`, if it has at least `least` octets; else -1. */
  #option(buf: Uint8Array, start: number, end: number, code: number, least: number): number {
    let off = start;
    while (end - off >= 4) {
      const name = this.#u16(buf, off);
      const length = this.#u16(buf, off + 2);
      if (name === OPTION_END || off + 4 + length > end) return -1;
      if (name === code) return length >= least ? off + 4 : -1;
      off += 4 + length + (-length & 3);
    }
    return -1;
  }

  #i64(buf: Uint8Array, off: number): number {
    const high = this.#u32(buf, this.#little ? off + 4 : off) | 0;
    return high * 0x1_0000_0000 + this.#u32(buf, this.#little ? off : off + 4);
  }
}

function isOfUse(type: number): boolean {
  return (
    type === ENHANCED_PACKET ||
    type === PCAPNG_SECTION ||
    type === INTERFACE ||
    type === SIMPLE_PACKET ||
    type === PACKET_OBSOLETE ||
    type === INTERFACE_STATISTICS
  );
}

/**
 * Microseconds from a 64-bit count of ticks.
 *
 * Units    `resolution` as in if_tsresol: 10^-n seconds, or with the top bit set 2^-n seconds.
 * Why      A count of nanoseconds passes 2^53, so the two halves are divided one after the other; exact for 10^-0 … 10^-12 and 2^-0 … 2^-32.
 */
export function pcapngMicros(high: number, low: number, resolution: number): number {
  if (resolution === 6) return high * 0x1_0000_0000 + low;
  if (resolution >= 0x80) return binaryMicros(high, low, resolution & 0x7f);
  if (resolution < 6) return (high * 0x1_0000_0000 + low) * 10 ** (6 - resolution);
  const divisor = 10 ** (resolution - 6);
  const rest = high % divisor;
  return Math.floor(high / divisor) * 0x1_0000_0000 + Math.floor((rest * 0x1_0000_0000 + low) / divisor);
}

function binaryMicros(high: number, low: number, bits: number): number {
  if (bits > 32) {
    const unit = 2 ** (bits - 32);
    const seconds = Math.floor(high / unit);
    return seconds * 1_000_000 + Math.floor((((high % unit) + low / 0x1_0000_0000) / unit) * 1_000_000);
  }
  const unit = 2 ** bits;
  const seconds = high * 2 ** (32 - bits) + Math.floor(low / unit);
  return seconds * 1_000_000 + Math.floor(((low % unit) * 1_000_000) / unit);
}
