import type { FrameSink } from "../../capture/define.ts";
import { BROADCAST_MAC } from "./address.ts";
import { type ArpSpec, arp, ETHER_ARP, ethernet } from "./frame.ts";

/** One frame of a capture. `wireLength` exceeds `frame.length` when the frame was snapped. */
export interface CapturedFrame {
  readonly atUs: number;
  readonly frame: Uint8Array;
  readonly wireLength: number;
}

export interface PcapOptions {
  /** Stamps in nanoseconds (magic a1b23c4d) instead of microseconds. */
  readonly nanoseconds?: boolean;
  readonly bigEndian?: boolean;
  /** LINKTYPE_ number. Default 1, Ethernet. */
  readonly linkType?: number;
  /** Frames are cut to this many octets. Default 262144. */
  readonly snapLength?: number;
}

const DEFAULT_SNAP = 262_144;

/** Collects frames in any order and gives them back in the order of time; frames of the same microsecond keep the order they were added in. */
export class CaptureBuilder {
  #frames: CapturedFrame[] = [];
  #sorted = true;

  get size(): number {
    return this.#frames.length;
  }

  /** Adds a frame. `atUs` in microseconds since 1970; `wireLength` defaults to the octets given. */
  add(atUs: number, frame: Uint8Array, wireLength: number = frame.length): this {
    const last = this.#frames[this.#frames.length - 1];
    if (last && atUs < last.atUs) this.#sorted = false;
    this.#frames.push({ atUs: Math.round(atUs), frame, wireLength });
    return this;
  }

  /** Adds an ARP frame; requests go to everybody unless `dstMac` is given. */
  addArp(atUs: number, spec: ArpSpec, dstMac?: string): this {
    const dst = dstMac ?? (spec.op === "request" ? BROADCAST_MAC : spec.targetMac);
    return this.add(atUs, ethernet({ src: spec.senderMac, dst, etherType: ETHER_ARP, pad: true }, arp(spec)));
  }

  /** Drops what lies outside [fromUs, toUs): scenes may run past the end of the capture. */
  cut(fromUs: number, toUs: number): this {
    this.#frames = this.#frames.filter(({ atUs }) => atUs >= fromUs && atUs < toUs);
    return this;
  }

  /** All frames in the order of time. */
  frames(): readonly CapturedFrame[] {
    if (!this.#sorted) this.#frames.sort((a, b) => a.atUs - b.atUs);
    this.#sorted = true;
    return this.#frames;
  }

  /** Feeds a sensor directly, without a file. */
  feed(sink: FrameSink, linkType = 1): void {
    for (const { frame, wireLength, atUs } of this.frames())
      sink.frame(frame, 0, frame.length, wireLength, linkType, atUs);
    sink.flush();
  }

  /** A pcap file (draft-ietf-opsawg-pcap §4, §5). */
  toPcap(options: PcapOptions = {}): Uint8Array {
    const snap = options.snapLength ?? DEFAULT_SNAP;
    const little = !options.bigEndian;
    const frames = this.frames();
    const out = new Uint8Array(frames.reduce((sum, { frame }) => sum + 16 + Math.min(frame.length, snap), 24));
    const view = new DataView(out.buffer);
    view.setUint32(0, options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, little);
    view.setUint16(4, 2, little);
    view.setUint16(6, 4, little);
    view.setUint32(16, snap, little);
    view.setUint32(20, options.linkType ?? 1, little);
    let off = 24;
    for (const { atUs, frame, wireLength } of frames) {
      const length = Math.min(frame.length, snap);
      const seconds = Math.floor(atUs / 1_000_000);
      view.setUint32(off, seconds, little);
      view.setUint32(off + 4, (atUs - seconds * 1_000_000) * (options.nanoseconds ? 1000 : 1), little);
      view.setUint32(off + 8, length, little);
      view.setUint32(off + 12, wireLength, little);
      out.set(length === frame.length ? frame : frame.subarray(0, length), off + 16);
      off += 16 + length;
    }
    return out;
  }

  /** A pcapng file: section header, one interface, enhanced packet blocks (draft-ietf-opsawg-pcapng §4). */
  toPcapng(options: PcapOptions = {}): Uint8Array {
    const snap = options.snapLength ?? DEFAULT_SNAP;
    const little = !options.bigEndian;
    const frames = this.frames();
    const padded = (length: number): number => (length + 3) & ~3;
    const optionsLength = options.nanoseconds ? 12 : 0;
    const interfaceLength = 20 + optionsLength;
    const total = frames.reduce(
      (sum, { frame }) => sum + 32 + padded(Math.min(frame.length, snap)),
      28 + interfaceLength,
    );
    const out = new Uint8Array(total);
    const view = new DataView(out.buffer);
    const block = (off: number, type: number, length: number): void => {
      view.setUint32(off, type, little);
      view.setUint32(off + 4, length, little);
      view.setUint32(off + length - 4, length, little);
    };
    block(0, 0x0a0d0d0a, 28);
    view.setUint32(8, 0x1a2b3c4d, little);
    view.setUint16(12, 1, little);
    view.setUint32(16, 0xffff_ffff, little); // section length unknown: -1
    view.setUint32(20, 0xffff_ffff, little);
    block(28, 1, interfaceLength);
    view.setUint16(36, options.linkType ?? 1, little);
    view.setUint32(40, snap, little);
    if (options.nanoseconds) {
      view.setUint16(44, 9, little); // if_tsresol
      view.setUint16(46, 1, little);
      out[48] = 9; // 10^-9 s; the options end with a zero code and length
    }
    let off = 28 + interfaceLength;
    for (const { atUs, frame, wireLength } of frames) {
      const length = Math.min(frame.length, snap);
      const ticks = BigInt(atUs) * (options.nanoseconds ? 1000n : 1n);
      block(off, 6, 32 + padded(length));
      view.setUint32(off + 12, Number(ticks >> 32n), little);
      view.setUint32(off + 16, Number(ticks & 0xffff_ffffn), little);
      view.setUint32(off + 20, length, little);
      view.setUint32(off + 24, wireLength, little);
      out.set(length === frame.length ? frame : frame.subarray(0, length), off + 28);
      off += 32 + padded(length);
    }
    return out;
  }
}
