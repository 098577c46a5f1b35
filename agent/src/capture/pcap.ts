import { u32, u32le } from "../core/bytes.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { MAX_FRAME, normalLinkType, type RecordReader } from "./record-reader.ts";

export const PCAP_MICRO = 0xa1b2c3d4;
export const PCAP_NANO = 0xa1b23c4d;
/** "Modified" format of Alexey Kuznetzov's libpcap patch; the FRITZ!Box writes it. */
export const PCAP_MODIFIED = 0xa1b2cd34;

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Modified format: interface index (4), protocol (2), packet type (1) and padding (1) follow the usual 16. */
const MODIFIED_RECORD_HEADER = 24;

/** Captured length and wire length stand the other way round in old files: always before version 2.3, sometimes in 2.3 (libpcap, sf-pcap.c). */
const LENGTHS_NORMAL = 0;
const LENGTHS_MAYBE_SWAPPED = 1;
const LENGTHS_SWAPPED = 2;

/** True if the four octets at `off` begin a pcap file, in either byte order. */
export function isPcapMagic(buf: Uint8Array, off: number): boolean {
  return isMagic(u32(buf, off)) || isMagic(u32le(buf, off));
}

const isMagic = (word: number): boolean => word === PCAP_MICRO || word === PCAP_NANO || word === PCAP_MODIFIED;

/**
 * Reads classic pcap: microseconds, nanoseconds and "modified", both byte orders.
 *
 * Source   draft-ietf-opsawg-pcap; libpcap's sf-pcap.c for versions before 2.4 and the upper bits of the link type.
 */
export class PcapReader implements RecordReader {
  need = FILE_HEADER;
  fault = "";
  #begun = false;
  #little = false;
  #nano = false;
  #lengths = LENGTHS_NORMAL;
  #headerLength = RECORD_HEADER;
  #linkType = 0;
  readonly #sink: FrameSink;
  readonly #counters: CaptureCounters;

  constructor(sink: FrameSink, counters: CaptureCounters) {
    this.#sink = sink;
    this.#counters = counters;
  }

  walk(buf: Uint8Array, off: number, end: number): number {
    if (this.#begun) return this.#records(buf, off, end);
    if (end - off < FILE_HEADER) return off;
    if (!this.#fileHeader(buf, off)) return off;
    this.#begun = true;
    return this.#records(buf, off + FILE_HEADER, end);
  }

  #fileHeader(buf: Uint8Array, off: number): boolean {
    this.#little = !isMagic(u32(buf, off));
    const magic = this.#u32(buf, off);
    this.#nano = magic === PCAP_NANO;
    this.#headerLength = magic === PCAP_MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
    const versions = this.#u32(buf, off + 4);
    const major = this.#little ? versions & 0xffff : versions >>> 16;
    const minor = this.#little ? versions >>> 16 : versions & 0xffff;
    if (major !== 2) {
      this.fault = `pcap version ${major}.${minor} is not known (2.4 is usual)`;
      return false;
    }
    if (minor < 4) this.#lengths = minor === 3 ? LENGTHS_MAYBE_SWAPPED : LENGTHS_SWAPPED;
    // The upper six bits say whether and how long a frame check sequence is: not part of the type.
    this.#linkType = normalLinkType(this.#u32(buf, off + 20) & 0x03ff_ffff);
    return true;
  }

  #u32(buf: Uint8Array, off: number): number {
    return this.#little ? u32le(buf, off) : u32(buf, off);
  }

  /** The hot loop. Its state is in locals, so that V8 keeps it in registers over the calls of the sink. */
  #records(buf: Uint8Array, start: number, end: number): number {
    const little = this.#little;
    const headerLength = this.#headerLength;
    const linkType = this.#linkType;
    const sink = this.#sink;
    const counters = this.#counters;
    let off = start;
    while (end - off >= headerLength) {
      let captured = little ? u32le(buf, off + 8) : u32(buf, off + 8);
      let wire = little ? u32le(buf, off + 12) : u32(buf, off + 12);
      if (this.#lengths !== LENGTHS_NORMAL && (this.#lengths === LENGTHS_SWAPPED || captured > wire)) {
        const swap = captured;
        captured = wire;
        wire = swap;
      }
      if (captured > MAX_FRAME) {
        this.fault = `a record claims ${captured} octets, more than a frame can have (${MAX_FRAME})`;
        return off;
      }
      const frameOff = off + headerLength;
      const next = frameOff + captured;
      if (next > end) {
        this.need = headerLength + captured;
        return off;
      }
      const seconds = little ? u32le(buf, off) : u32(buf, off);
      const fraction = little ? u32le(buf, off + 4) : u32(buf, off + 4);
      counters.packets++;
      sink.frame(
        buf,
        frameOff,
        next,
        wire,
        linkType,
        seconds * 1_000_000 + (this.#nano ? Math.floor(fraction / 1000) : fraction),
      );
      off = next;
    }
    this.need = headerLength;
    return off;
  }
}
