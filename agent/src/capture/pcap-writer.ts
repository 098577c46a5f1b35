import type { FrameSink } from "./define.ts";
import { PCAP_MICRO } from "./pcap.ts";
import { MAX_FRAME } from "./record-reader.ts";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const BUFFER = 65_536;

export interface PcapWriterOptions {
  /** LINKTYPE_ of the file; without it, that of the first frame. */
  linkType?: number;
  /** Frames are cut to so many octets (default 262144: none is cut). */
  snapLength?: number;
  /** Octets after which no frame is written any more (default: no end). */
  maxBytes?: number;
}

/**
 * Writes frames as classic pcap (version 2.4, microseconds, little-endian).
 *
 * Shape    `write` gets the octets of whole records and must take them at once: the buffer is reused. It is called when the buffer is full and
 *          on `flush`; the file header comes first, with the first frame (or with `flush` when the link type was given).
 * Left out Frames of another link type, since pcap has one per file, and frames after `maxBytes`: both are counted in `skipped`.
 */
export class PcapWriter implements FrameSink {
  /** Frames written. */
  packets = 0;
  /** Frames left out. */
  skipped = 0;
  /** Octets made so far, file header included. */
  bytes = 0;
  #used = 0;
  #linkType: number;
  readonly #snapLength: number;
  readonly #maxBytes: number;
  readonly #buffer = new Uint8Array(BUFFER + RECORD_HEADER + MAX_FRAME);
  readonly #view = new DataView(this.#buffer.buffer);
  readonly #write: (octets: Uint8Array) => void;

  constructor(write: (octets: Uint8Array) => void, options: PcapWriterOptions = {}) {
    this.#write = write;
    this.#linkType = options.linkType ?? -1;
    this.#snapLength = Math.min(options.snapLength ?? MAX_FRAME, MAX_FRAME);
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    const captured = Math.min(end - off, this.#snapLength);
    const header = this.bytes === 0 ? FILE_HEADER : 0;
    if (this.#linkType < 0) this.#linkType = linkType;
    if (linkType !== this.#linkType || this.bytes + header + RECORD_HEADER + captured > this.#maxBytes) {
      this.skipped++;
      return;
    }
    if (header > 0) this.#fileHeader();
    const view = this.#view;
    const at = this.#used;
    const seconds = Math.floor(atUs / 1_000_000);
    view.setUint32(at, seconds, true);
    view.setUint32(at + 4, atUs - seconds * 1_000_000, true);
    view.setUint32(at + 8, captured, true);
    view.setUint32(at + 12, Math.max(wireLength, captured), true);
    this.#buffer.set(buf.subarray(off, off + captured), at + RECORD_HEADER);
    this.#used += RECORD_HEADER + captured;
    this.bytes += RECORD_HEADER + captured;
    this.packets++;
    if (this.#used >= BUFFER) this.flush();
  }

  flush(): void {
    if (this.bytes === 0 && this.#linkType >= 0) this.#fileHeader();
    if (this.#used === 0) return;
    const used = this.#used;
    this.#used = 0;
    this.#write(this.#buffer.subarray(0, used));
  }

  #fileHeader(): void {
    const view = this.#view;
    view.setUint32(0, PCAP_MICRO, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(8, 0, true);
    view.setUint32(12, 0, true);
    view.setUint32(16, this.#snapLength, true);
    view.setUint32(20, this.#linkType, true);
    this.#used = FILE_HEADER;
    this.bytes = FILE_HEADER;
  }
}

/** A frame as tests and evidence keep it. */
export interface StoredFrame {
  readonly octets: Uint8Array;
  readonly atUs: number;
  /** Length on the wire when it was longer than what is kept. */
  readonly wireLength?: number;
}

/** A whole pcap file of one link type (1 = Ethernet). */
export function encodePcap(frames: readonly StoredFrame[], linkType = 1): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new PcapWriter((octets) => parts.push(octets.slice()), { linkType });
  for (const { octets, atUs, wireLength } of frames) {
    writer.frame(octets, 0, octets.length, wireLength ?? octets.length, linkType, atUs);
  }
  writer.flush();
  return new Uint8Array(Buffer.concat(parts));
}
