import { u32 } from "../core/bytes.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { isPcapMagic, PcapReader } from "./pcap.ts";
import { PCAPNG_SECTION, PcapngReader } from "./pcapng.ts";
import type { RecordReader } from "./record-reader.ts";

const MAGIC = 4;
/** Octets of the beginning kept to show a person what the input is. */
const HEAD = 8;
/** Most frames are shorter; the buffer grows once or twice to the longest record seen, which the readers cap. */
const FIRST_CARRY = 65_536;

/**
 * Turns the octets of a pcap or pcapng stream into frames, however the stream is cut.
 *
 * Shape    Frames lie in the chunk pushed; only a record that straddles two chunks is put together in one reused buffer.
 *          Nothing is kept of a chunk after `push` returns, and the sink has been flushed by then.
 * Damage   Never throws. The first damaged record ends the reading: `stopped` is set, what came before stays delivered, one warning names the
 *          offset. A stream that is no capture at all sets `unrecognized` and delivers nothing.
 */
export class CaptureParser {
  /** The first octets are those of no known format. */
  unrecognized = false;
  /** Further octets are ignored: after damage, or when the stream is no capture. */
  stopped = false;
  /** First octets of the stream (at most 8), for messages. */
  head: Uint8Array = new Uint8Array(0);
  #reader: RecordReader | undefined;
  #carry = new Uint8Array(FIRST_CARRY);
  /** Octets in the carry buffer: the beginning of a record. */
  #held = 0;
  #need = MAGIC;
  /** Octets still to come that belong to a record of no interest. */
  #skip = 0;
  /** Offset in the stream of the first octet that is not consumed. */
  #position = 0;
  readonly #sink: FrameSink;
  readonly #counters: CaptureCounters;
  readonly #warn: (message: string) => void;

  constructor(sink: FrameSink, counters: CaptureCounters, warn: (message: string) => void) {
    this.#sink = sink;
    this.#counters = counters;
    this.#warn = warn;
  }

  push(chunk: Uint8Array): void {
    const end = chunk.length;
    let off = this.#pass(0, end);
    while (this.#held > 0 && off < end && !this.stopped) off = this.#complete(chunk, off, end);
    if (off < end && !this.stopped) off = this.#consume(chunk, off, end);
    this.#sink.flush();
    // After the flush only: a frame that lies in the carry buffer is borrowed until then.
    if (off < end && !this.stopped) this.#append(chunk, off, end);
  }

  /** The stream is over: says so if it ended inside a record. */
  end(): void {
    if (this.stopped) return;
    if (!this.#reader) {
      this.unrecognized = true;
      this.head = this.#carry.slice(0, this.#held);
    } else if (this.#held > 0 || this.#skip > 0) {
      this.#counters.truncated = true;
      const missing = this.#skip > 0 ? this.#skip : this.#need - this.#held;
      this.#warn(
        `the capture ends inside a record at offset ${this.#position} (at least ${missing} octets are missing); ${packets(this.#counters)} read before it`,
      );
    }
    this.stopped = true;
    this.#held = 0;
  }

  /** Passes over octets of no interest. */
  #pass(off: number, end: number): number {
    const count = Math.min(this.#skip, end - off);
    this.#skip -= count;
    this.#position += count;
    return off + count;
  }

  /** Adds to the straddling record what it lacks, and reads it when it is whole. */
  #complete(chunk: Uint8Array, off: number, end: number): number {
    const next = off + Math.min(this.#need - this.#held, end - off);
    this.#append(chunk, off, next);
    if (this.#held < this.#need) return next;
    const consumed = this.#consume(this.#carry, 0, this.#held);
    if (consumed === 0) return next;
    this.#held = 0;
    return this.#pass(next, end);
  }

  /** Keeps the beginning of a record whose rest is in the next chunk. */
  #append(chunk: Uint8Array, off: number, end: number): void {
    const held = this.#held + end - off;
    if (held > this.#carry.length) {
      const larger = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(held, this.#need))));
      larger.set(this.#carry.subarray(0, this.#held));
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(off, end), this.#held);
    this.#held = held;
  }

  /** Reads whole records of [off, end); returns where the first unfinished one begins. */
  #consume(buf: Uint8Array, off: number, end: number): number {
    const reader = this.#reader ?? this.#detect(buf, off, end);
    if (!reader) return off;
    const next = reader.walk(buf, off, end);
    this.#need = reader.need;
    if (next > end) this.#skip = next - end;
    const reached = Math.min(next, end);
    this.#position += reached - off;
    if (reader.fault !== "") this.#damaged(reader.fault);
    return reached;
  }

  #detect(buf: Uint8Array, off: number, end: number): RecordReader | undefined {
    if (end - off < MAGIC) {
      this.#need = MAGIC;
      return undefined;
    }
    if (isPcapMagic(buf, off)) this.#reader = new PcapReader(this.#sink, this.#counters);
    else if (u32(buf, off) === PCAPNG_SECTION) {
      this.#reader = new PcapngReader(this.#sink, this.#counters, this.#warn);
    } else {
      this.head = new Uint8Array(buf.subarray(off, Math.min(off + HEAD, end)));
      this.unrecognized = true;
      this.stopped = true;
    }
    return this.#reader;
  }

  #damaged(fault: string): void {
    this.stopped = true;
    this.#counters.invalid++;
    this.#counters.truncated = true;
    this.#warn(
      `the capture is damaged at offset ${this.#position}: ${fault}; ${packets(this.#counters)} read before it`,
    );
  }
}

const packets = (counters: CaptureCounters): string =>
  counters.packets === 1 ? "1 packet" : `${counters.packets} packets`;
