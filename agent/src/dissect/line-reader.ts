import { u8 } from "../core/bytes.ts";
import type { Slice } from "./define.ts";

/** No whole line in the slice: `slice.off` stands at the start of the unfinished one. */
export const LINE_NONE = 0;
/** A line: its text is [start, end), `slice.off` stands behind its LF. */
export const LINE_OK = 1;
/** A line longer than the limit has ended; its text is gone. */
export const LINE_LONG = 2;
export type LineCode = typeof LINE_NONE | typeof LINE_OK | typeof LINE_LONG;

const LF = 0x0a;
const CR = 0x0d;

/** Cuts one direction of a stream into lines (LF or CRLF). Lines beyond the limit are passed over without being kept, however they are split. */
export class LineReader {
  readonly #max: number;
  #isPassing = false;
  /** Octets of the unfinished line that hold no LF: not looked at again. */
  #scanned = 0;
  start = 0;
  end = 0;

  /** `max`: longest line, octets without its end; must be below the dissector's `maxBuffered`. */
  constructor(max: number) {
    this.#max = max;
  }

  next(slice: Slice): LineCode {
    const { buf, off, end } = slice;
    let at = Math.min(off + this.#scanned, end);
    while (at < end && u8(buf, at) !== LF) at++;
    if (at === end) {
      // One octet of grace for the CR.
      if (this.#isPassing || end - off > this.#max + 1) {
        this.#isPassing = true;
        slice.off = end;
      }
      this.#scanned = slice.end - slice.off;
      return LINE_NONE;
    }
    this.#scanned = 0;
    slice.off = at + 1;
    const isLong = this.#isPassing || at - off > this.#max + 1;
    this.#isPassing = false;
    this.start = off;
    this.end = at > off && u8(buf, at - 1) === CR ? at - 1 : at;
    return isLong || this.end - off > this.#max ? LINE_LONG : LINE_OK;
  }

  /** What comes next begins a line (a new datagram). */
  restart(): void {
    this.#scanned = 0;
    this.#isPassing = false;
  }

  /** Octets were lost: the line that comes next has no beginning and is passed over. */
  gap(): void {
    this.#scanned = 0;
    this.#isPassing = true;
  }
}

/** Parse code after the last line of a slice: wait for one octet more of an unfinished line, or go on. */
export const afterLines = (slice: Slice): number => (slice.off < slice.end ? 1 : 0);
