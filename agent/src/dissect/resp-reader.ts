import { u8 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";
import type { Output, Slice } from "./define.ts";

export const RESP_MORE = 0;
export const RESP_VALUE = 1;
export const RESP_BAD = 2;

/** Longest line (length, simple string, inline command) and longest string kept, octets. */
const MAX_LINE = 512;
/** Strings kept of one value: command, sub-command, two arguments. */
const MAX_WORDS = 4;
const MAX_ELEMENTS = 0x0fffffff;

/**
 * Reads one direction of Redis' protocol (RESP2, RESP3) value by value. Of each it keeps the type octet, the text of a simple string or error, and
 * the first strings of an array; longer strings are passed over without being kept.
 */
export class RespReader {
  /** Type octet of the value: "+", "-", ":", "$", "*" … ; "i" for an inline command. */
  type = 0;
  words: string[] = [];
  /** The value is complete at the last RESP_VALUE. */
  #isOpen = false;
  /** Elements still to come in all open arrays. */
  #left = 0;
  /** Octets of a string with its CRLF that come next, -1 = none. */
  #string = -1;
  readonly #mayInline: boolean;

  constructor(mayInline: boolean) {
    this.#mayInline = mayInline;
  }

  /** Moves `slice.off` over what is read. After RESP_MORE, `wanted` octets must come first. */
  wanted = 1;

  next(slice: Slice, out: Pick<Output<never>, "skip">): number {
    for (;;) {
      if (this.#string >= 0) {
        if (!this.#takeString(slice, out)) return RESP_MORE;
      } else {
        const code = this.#takeLine(slice);
        if (code !== RESP_VALUE) return code;
      }
      if (this.#string < 0 && this.#left === 0) {
        this.#isOpen = false;
        return RESP_VALUE;
      }
    }
  }

  #keep(text: string): void {
    if (this.words.length < MAX_WORDS) this.words.push(text);
  }

  #takeString(slice: Slice, out: Pick<Output<never>, "skip">): boolean {
    const have = slice.end - slice.off;
    const length = this.#string;
    if (length > MAX_LINE || this.words.length >= MAX_WORDS) {
      const here = Math.min(have, length);
      slice.off += here;
      if (length > here) out.skip(length - here);
      this.#keep("");
    } else {
      if (have < length) {
        this.wanted = length - have;
        return false;
      }
      this.#keep(sanitizeOctets(slice.buf, slice.off, slice.off + length - 2));
      slice.off += length;
    }
    this.#string = -1;
    return true;
  }

  #takeLine(slice: Slice): number {
    const { buf, off, end } = slice;
    if (off === end) {
      this.wanted = 1;
      return RESP_MORE;
    }
    let at = off;
    const limit = Math.min(end, off + MAX_LINE);
    while (at < limit && u8(buf, at) !== 0x0a) at++;
    if (at === limit) {
      this.wanted = 1;
      return end - off > MAX_LINE ? RESP_BAD : RESP_MORE;
    }
    const lineEnd = at > off && u8(buf, at - 1) === 0x0d ? at - 1 : at;
    slice.off = at + 1;
    const type = u8(buf, off);
    const isInner = this.#isOpen;
    if (!isInner) {
      this.#isOpen = true;
      this.type = type;
      this.words = [];
      this.#left = 1;
    }
    this.#left--;
    const isAggregate = type === 0x2a || type === 0x7e || type === 0x3e || type === 0x25;
    const isString = type === 0x24 || type === 0x21 || type === 0x3d;
    if (isAggregate || isString) return this.#takeLength(buf, off + 1, lineEnd, isString, type === 0x25);
    if (
      type === 0x2b ||
      type === 0x2d ||
      type === 0x3a ||
      type === 0x5f ||
      type === 0x2c ||
      type === 0x23 ||
      type === 0x28
    ) {
      this.#keep(sanitizeOctets(buf, off + 1, lineEnd));
      return RESP_VALUE;
    }
    // An empty line between values is passed over, as Redis does.
    if (lineEnd === off && !isInner) return RESP_VALUE;
    if (!this.#mayInline || isInner || type < 0x20 || type > 0x7e) return RESP_BAD;
    this.type = 0x69;
    for (const word of sanitizeOctets(buf, off, lineEnd).split(/\s+/, MAX_WORDS)) this.#keep(word);
    return RESP_VALUE;
  }

  #takeLength(buf: Uint8Array, off: number, end: number, isString: boolean, isPairs: boolean): number {
    if (end - off < 1 || end - off > 9) return RESP_BAD;
    // "-1" is null.
    if (u8(buf, off) === 0x2d) return RESP_VALUE;
    let length = 0;
    for (let at = off; at < end; at++) {
      const digit = u8(buf, at) - 0x30;
      if (digit < 0 || digit > 9) return RESP_BAD;
      length = length * 10 + digit;
    }
    if (isString) this.#string = length + 2;
    else this.#left += isPairs ? length * 2 : length;
    return this.#left > MAX_ELEMENTS ? RESP_BAD : RESP_VALUE;
  }
}
