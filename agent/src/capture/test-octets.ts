/** Builders of capture files, octet by octet, and a sink that remembers: for the tests of this folder. */

import { CaptureParser } from "./capture-parser.ts";
import { type CaptureCounters, type FrameSink, newCounters } from "./define.ts";

export interface SeenFrame {
  readonly octets: string;
  readonly wireLength: number;
  readonly linkType: number;
  readonly atUs: number;
}

/** Remembers frames at `flush`, when they are last valid: a buffer reused too early shows as wrong octets. */
export class FrameRecorder implements FrameSink {
  readonly frames: SeenFrame[] = [];
  flushes = 0;
  readonly #pending: {
    buf: Uint8Array;
    off: number;
    end: number;
    wireLength: number;
    linkType: number;
    atUs: number;
  }[] = [];

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    this.#pending.push({ buf, off, end, wireLength, linkType, atUs });
  }

  flush(): void {
    this.flushes++;
    for (const { buf, off, end, wireLength, linkType, atUs } of this.#pending.splice(0)) {
      const octets = Buffer.from(buf.subarray(off, end)).toString("hex");
      this.frames.push({ octets, wireLength, linkType, atUs });
    }
  }
}

export interface Outcome {
  readonly frames: readonly SeenFrame[];
  readonly counters: CaptureCounters;
  readonly warnings: readonly string[];
  readonly parser: CaptureParser;
}

/** Parses the pieces of a stream. Every piece is overwritten after `push`, as a source does that reuses its buffer. */
export function parsePieces(pieces: readonly Uint8Array[]): Outcome {
  const recorder = new FrameRecorder();
  const counters = newCounters();
  const warnings: string[] = [];
  const parser = new CaptureParser(recorder, counters, (message) => warnings.push(message));
  for (const piece of pieces) {
    const chunk = new Uint8Array(piece);
    parser.push(chunk);
    chunk.fill(0xee);
  }
  parser.end();
  return { frames: recorder.frames, counters, warnings, parser };
}

/** Cuts a stream before each of the offsets. */
export function cut(stream: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const places = [...new Set(offsets.map((offset) => Math.min(offset, stream.length)))].sort((a, b) => a - b);
  return [...places, stream.length].map((end, i) => stream.subarray(i === 0 ? 0 : places[i - 1], end));
}

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** Writes numbers in one byte order. */
export class OctetWriter {
  readonly #little: boolean;

  constructor(little: boolean) {
    this.#little = little;
  }

  u16(value: number): Uint8Array {
    const out = Buffer.alloc(2);
    if (this.#little) out.writeUInt16LE(value);
    else out.writeUInt16BE(value);
    return out;
  }

  u32(value: number): Uint8Array {
    const out = Buffer.alloc(4);
    if (this.#little) out.writeUInt32LE(value);
    else out.writeUInt32BE(value);
    return out;
  }

  /** 64 bits as integers of the byte order: options. */
  i64(value: bigint): Uint8Array {
    const out = Buffer.alloc(8);
    if (this.#little) out.writeBigInt64LE(value);
    else out.writeBigInt64BE(value);
    return out;
  }

  /** pcap file header: magic, version, zone, sigfigs, snap length, link type. */
  pcapHeader({ magic = 0xa1b2c3d4, major = 2, minor = 4, linkType = 1 } = {}): Uint8Array {
    const zero = this.u32(0);
    return join(this.u32(magic), this.u16(major), this.u16(minor), zero, zero, this.u32(262_144), this.u32(linkType));
  }

  /** pcap record: seconds, fraction, captured length, wire length, then what the format adds, then the frame. */
  pcapRecord(seconds: number, fraction: number, frame: Uint8Array, wire = frame.length, extra = hex("")): Uint8Array {
    return join(this.u32(seconds), this.u32(fraction), this.u32(frame.length), this.u32(wire), extra, frame);
  }

  /** pcapng block: type, total length, body padded to 32 bits, total length again. */
  block(type: number, ...body: readonly Uint8Array[]): Uint8Array {
    const inner = padded(join(...body));
    return join(this.u32(type), this.u32(inner.length + 12), inner, this.u32(inner.length + 12));
  }

  /** pcapng option: code, length, value padded to 32 bits. */
  option(code: number, value: Uint8Array): Uint8Array {
    return join(this.u16(code), this.u16(value.length), padded(value));
  }

  section(): Uint8Array {
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), this.i64(-1n));
  }

  interface(linkType: number, snapLength = 0, ...options: readonly Uint8Array[]): Uint8Array {
    const end = options.length > 0 ? this.option(0, hex("")) : hex("");
    return this.block(1, this.u16(linkType), this.u16(0), this.u32(snapLength), ...options, end);
  }

  enhancedPacket(id: number, ticks: bigint, frame: Uint8Array, wire = frame.length): Uint8Array {
    return this.block(6, this.u32(id), ...this.#packetBody(ticks, frame, wire));
  }

  obsoletePacket(id: number, ticks: bigint, frame: Uint8Array): Uint8Array {
    return this.block(2, this.u16(id), this.u16(0xffff), ...this.#packetBody(ticks, frame, frame.length));
  }

  simplePacket(frame: Uint8Array, wire = frame.length): Uint8Array {
    return this.block(3, this.u32(wire), frame);
  }

  #packetBody(ticks: bigint, frame: Uint8Array, wire: number): Uint8Array[] {
    const high = Number(ticks >> 32n);
    return [
      this.u32(high),
      this.u32(Number(ticks & 0xffff_ffffn)),
      this.u32(frame.length),
      this.u32(wire),
      padded(frame),
    ];
  }
}

const padded = (octets: Uint8Array): Uint8Array => join(octets, new Uint8Array(-octets.length & 3));
