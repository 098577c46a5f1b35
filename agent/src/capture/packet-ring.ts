import { i32At } from "../core/bytes.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";

/** Octets of struct tpacket_block_desc up to its private area, and where in it stand status, packets and first packet (linux/if_packet.h). */
const BLOCK_HEADER = 48;
const BLOCK_STATUS = 8;
const BLOCK_PACKETS = 12;
const BLOCK_FIRST = 16;
/** struct tpacket3_hdr (48 octets) and struct sockaddr_ll (20): what lies at least before a frame. */
const PACKET_HEADER = 68;
/** Packets of a block begin at multiples of this. */
const ALIGNMENT = 8;
const OWNER_KERNEL = 0;
const OWNER_USER = 1;
const VLAN_VALID = 0x10;
const TPID_VALID = 0x40;
/** IEEE 802.1Q, when the kernel does not say which tag it was. */
const TPID_8021Q = 0x8100;
const TAG_OCTETS = 4;
const MACS_OCTETS = 12;
const LINKTYPE_ETHERNET = 1;

/**
 * Walks the blocks of a TPACKET_V3 ring and hands their frames to a sink in place.
 *
 * Shape    `memory` holds whole blocks. A block is read only while it is ours, and is given back once the sink has been flushed.
 * Order    The owner is read and written by Atomics: what the kernel wrote before it handed a block over is seen, on every processor.
 * Damage   Offsets are checked although the kernel wrote them: a wrong one ends its block, is counted as invalid, and never leads outside.
 * VLAN     The kernel takes the outer tag out of a frame; it is put back into the room that the socket reserves in front.
 * Source   Documentation/networking/packet_mmap.rst and net/packet/af_packet.c of Linux.
 */
export class PacketRing {
  readonly #octets: Uint8Array;
  readonly #words: Int32Array;
  readonly #blockOctets: number;
  readonly #linkType: number;
  readonly #sink: FrameSink;
  readonly #counters: CaptureCounters;
  /** The block that the kernel hands over next. */
  #block = 0;

  constructor(
    memory: ArrayBuffer,
    blockOctets: number,
    linkType: number,
    { sink, counters }: { sink: FrameSink; counters: CaptureCounters },
  ) {
    this.#octets = new Uint8Array(memory);
    this.#words = new Int32Array(memory);
    this.#blockOctets = blockOctets;
    this.#linkType = linkType;
    this.#sink = sink;
    this.#counters = counters;
  }

  /** Delivers the frames of at most `most` blocks that are ready; returns how many those were. */
  walk(most: number): number {
    let walked = 0;
    for (; walked < most; walked++) {
      const base = this.#block * this.#blockOctets;
      const status = (base + BLOCK_STATUS) >> 2;
      if ((Atomics.load(this.#words, status) & OWNER_USER) === 0) break;
      if (!this.#frames(base, base + this.#blockOctets)) this.#counters.invalid++;
      this.#sink.flush();
      Atomics.store(this.#words, status, OWNER_KERNEL);
      this.#block = base + 2 * this.#blockOctets > this.#octets.length ? 0 : this.#block + 1;
    }
    return walked;
  }

  /** The frames of one block, octets [base, limit); false when an offset in it cannot be. */
  #frames(base: number, limit: number): boolean {
    const words = this.#words;
    const octets = this.#octets;
    const sink = this.#sink;
    const linkType = this.#linkType;
    const count = i32At(words, (base + BLOCK_PACKETS) >> 2) >>> 0;
    let step = i32At(words, (base + BLOCK_FIRST) >> 2) >>> 0;
    if (count > 0 && step < BLOCK_HEADER) return false;
    let off = base;
    for (let i = 0; i < count; i++) {
      off += step;
      if (step % ALIGNMENT !== 0 || off + PACKET_HEADER > limit) return false;
      const word = off >> 2;
      const captured = i32At(words, word + 3) >>> 0;
      const status = i32At(words, word + 5);
      let start = off + (i32At(words, word + 6) & 0xffff);
      const end = start + captured;
      if (start < off + PACKET_HEADER || end > limit) return false;
      let wire = i32At(words, word + 4) >>> 0;
      if ((status & VLAN_VALID) !== 0 && linkType === LINKTYPE_ETHERNET && captured >= MACS_OCTETS) {
        wire += TAG_OCTETS;
        if (start - TAG_OCTETS >= off + PACKET_HEADER) {
          start -= TAG_OCTETS;
          // Words 8 and 9 of the header: tag control information (32 bits), tag protocol (16 bits).
          const tpid = (status & TPID_VALID) === 0 ? TPID_8021Q : i32At(words, word + 9) & 0xffff;
          putTag(octets, start, tpid, i32At(words, word + 8));
        }
      }
      this.#counters.packets++;
      const atUs = (i32At(words, word + 1) >>> 0) * 1_000_000 + Math.floor((i32At(words, word + 2) >>> 0) / 1000);
      sink.frame(octets, start, end, wire, linkType, atUs);
      step = i32At(words, word) >>> 0;
      if (step < PACKET_HEADER && i + 1 < count) return false;
    }
    return true;
  }
}

/** Moves the addresses of the frame four octets to the front, to `start`, and writes the tag behind them. */
function putTag(octets: Uint8Array, start: number, tpid: number, control: number): void {
  octets.copyWithin(start, start + TAG_OCTETS, start + TAG_OCTETS + MACS_OCTETS);
  octets[start + MACS_OCTETS] = tpid >> 8;
  octets[start + MACS_OCTETS + 1] = tpid;
  octets[start + MACS_OCTETS + 2] = control >> 8;
  octets[start + MACS_OCTETS + 3] = control;
}
