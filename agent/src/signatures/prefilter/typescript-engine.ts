import { i32At, u8 } from "../../core/bytes.ts";
import type { Hits } from "./hits.ts";
import {
  edgeOf,
  H_IDS,
  H_PASSES,
  H_PLACES,
  H_RANGES,
  HEADER_WORDS,
  P_BLOOM,
  P_BLOOM_SHIFT,
  P_ENTRIES,
  P_HEAD_SHIFT,
  P_HEADS,
  P_MASK,
  P_MULTIPLIER,
  P_PATTERNS,
  P_SALT,
  P_STEP,
  P_WIDTH,
  PASS_WORDS,
  PIECE,
  WORK_FLOOR,
  WORK_PER_OCTET,
} from "./layout.ts";
import type { Prefilter } from "./prefilter.ts";

const NOTHING = new Uint8Array(0);
/** What a candidate leads to: further, the end of the scan, or the end of a pass of which all patterns have been told. */
const CUT = 0;
const FURTHER = 1;
const ALL_TOLD = 2;
/** No word: words have no bit 5. */
const NO_WORD = 0x20;
const MAX_STAMP = 0x7fff_ffff;

/** The engine in plain TypeScript: for runtimes without SIMD in WebAssembly, and what that engine is tested against. */
export class TypescriptEngine implements Prefilter {
  readonly engine = "typescript";
  readonly #octets: Uint8Array;
  readonly #words: Int32Array;
  readonly #passes: number;
  readonly #ids: number;
  readonly #ranges: number;
  /** Of each pattern, the scan that last reported it. Not those of the tables, so that several engines can have the same tables. */
  readonly #stamps: Int32Array;
  readonly #places: number;
  #stamp = 0;
  #work = 0;
  #left = 0;
  /** The word of which all patterns were told when it was last looked at: runs of one word cost little. */
  #quiet = NO_WORD;
  #buf: Uint8Array = NOTHING;
  #off = 0;
  #end = 0;

  /** `block` as buildTables makes it, of so many patterns. It is not written. */
  constructor(block: Uint8Array, patterns: number) {
    this.#octets = block;
    this.#words = new Int32Array(block.buffer, block.byteOffset, block.byteLength >> 2);
    this.#passes = i32At(this.#words, H_PASSES);
    this.#ids = i32At(this.#words, H_IDS) >> 2;
    this.#ranges = i32At(this.#words, H_RANGES) >> 2;
    this.#stamps = new Int32Array(patterns);
    this.#places = i32At(this.#words, H_PLACES) >> 2;
  }

  scan(buf: Uint8Array, off: number, end: number, hits: Hits): boolean {
    hits.count = 0;
    if (this.#stamp === MAX_STAMP) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    this.#stamp++;
    const allowed = WORK_FLOOR + (end - off) * WORK_PER_OCTET;
    hits.work = 0;
    this.#buf = buf;
    this.#off = off;
    this.#end = end;
    let code = FURTHER;
    for (let i = 0; i < this.#passes && code !== CUT; i++) {
      const pass = HEADER_WORDS + i * PASS_WORDS;
      this.#work = allowed;
      this.#quiet = NO_WORD;
      this.#left = i32At(this.#words, pass + P_PATTERNS);
      code = i32At(this.#words, pass + P_WIDTH) === 4 ? this.#wide(pass, hits) : this.#narrow(pass, hits);
      hits.work += allowed - this.#work;
    }
    this.#buf = NOTHING;
    return code !== CUT;
  }

  /** Words of four octets, each `step`-th from the window's start. */
  #wide(pass: number, hits: Hits): number {
    const words = this.#words;
    const buf = this.#buf;
    const multiplier = i32At(words, pass + P_MULTIPLIER);
    const salt = i32At(words, pass + P_SALT);
    const step = i32At(words, pass + P_STEP);
    const mask = i32At(words, pass + P_MASK);
    const bloom = i32At(words, pass + P_BLOOM) >> 2;
    const shift = i32At(words, pass + P_BLOOM_SHIFT);
    const shiftA = shift - 5;
    const shiftB = shift - 10;
    const last = this.#end - 4;
    for (let p = this.#off; p <= last; p += step) {
      const word = (u8(buf, p) | (u8(buf, p + 1) << 8) | (u8(buf, p + 2) << 16) | (u8(buf, p + 3) << 24)) & mask;
      const hash = (Math.imul(word, multiplier) + salt) | 0;
      const bits = i32At(words, bloom + (hash >>> shift));
      if (((bits >>> (hash >>> shiftA)) & (bits >>> (hash >>> shiftB)) & 1) === 0 || word === this.#quiet) continue;
      const code = this.#candidate(pass, p, word, hash, hits);
      if (code !== FURTHER) return code;
    }
    return FURTHER;
  }

  /** Words of one to three octets, at each octet: the word is moved on, not read anew. */
  #narrow(pass: number, hits: Hits): number {
    const words = this.#words;
    const buf = this.#buf;
    const multiplier = i32At(words, pass + P_MULTIPLIER);
    const salt = i32At(words, pass + P_SALT);
    const width = i32At(words, pass + P_WIDTH);
    const mask = i32At(words, pass + P_MASK);
    const bloom = i32At(words, pass + P_BLOOM) >> 2;
    const shift = i32At(words, pass + P_BLOOM_SHIFT);
    const shiftA = shift - 5;
    const shiftB = shift - 10;
    const up = (width - 1) << 3;
    const end = this.#end;
    let rest = 0;
    const first = this.#off + width - 1;
    for (let q = this.#off; q < end; q++) {
      rest = (rest >>> 8) | (u8(buf, q) << up);
      if (q < first) continue;
      const word = rest & mask;
      const hash = (Math.imul(word, multiplier) + salt) | 0;
      const bits = i32At(words, bloom + (hash >>> shift));
      if (((bits >>> (hash >>> shiftA)) & (bits >>> (hash >>> shiftB)) & 1) === 0 || word === this.#quiet) continue;
      const code = this.#candidate(pass, q - width + 1, word, hash, hits);
      if (code !== FURTHER) return code;
    }
    return FURTHER;
  }

  /** Goes through the entries of a word that passed the filter at `p`. */
  #candidate(pass: number, p: number, word: number, hash: number, hits: Hits): number {
    let told = 0;
    let untold = 0;
    const words = this.#words;
    const head = (i32At(words, pass + P_HEADS) >> 2) + (hash >>> i32At(words, pass + P_HEAD_SHIFT));
    const base = i32At(words, pass + P_ENTRIES) >> 2;
    const tail = base + i32At(words, head + 1) * 4;
    for (let entry = base + i32At(words, head) * 4; entry < tail; entry += 4) {
      if (i32At(words, entry) !== word) continue;
      const meta = i32At(words, entry + 3);
      const length = meta & 0xff;
      const before = (meta >>> 8) & 0xff;
      const number = meta >>> 16;
      const start = p - before;
      this.#work--;
      if (i32At(this.#stamps, number) === this.#stamp) {
        told++;
        continue;
      }
      untold++;
      this.#work -= (length + PIECE - 1) >> 4;
      if (this.#work < 0) return CUT;
      if (start < this.#off || start + length > this.#end) continue;
      if (length >= 4 && !this.#hasEdge(entry, start + edgeOf(length, before))) continue;
      const range = this.#ranges + 2 * number;
      const place = start - this.#off;
      if (place < i32At(words, range) || place + length > i32At(words, range + 1)) continue;
      if (!this.#isThere(number, start, length)) continue;
      if (hits.count * 2 >= hits.pairs.length) return CUT;
      this.#stamps[number] = this.#stamp;
      hits.pairs[hits.count * 2] = i32At(words, this.#ids + number);
      hits.pairs[hits.count * 2 + 1] = start;
      hits.count++;
      if (--this.#left === 0) return ALL_TOLD;
    }
    if (untold === 0 && told > 0) this.#quiet = word;
    return FURTHER;
  }

  #hasEdge(entry: number, p: number): boolean {
    const buf = this.#buf;
    const word = u8(buf, p) | (u8(buf, p + 1) << 8) | (u8(buf, p + 2) << 16) | (u8(buf, p + 3) << 24);
    return ((word ^ i32At(this.#words, entry + 1)) & i32At(this.#words, entry + 2)) === 0;
  }

  #isThere(number: number, start: number, length: number): boolean {
    const octets = this.#octets;
    const buf = this.#buf;
    const place = i32At(this.#words, this.#places + number);
    for (let i = 0; i < length; i++) {
      const piece = place + ((i >>> 4) << 5) + (i & 15);
      if (((u8(buf, start + i) ^ u8(octets, piece)) & u8(octets, piece + PIECE)) !== 0) return false;
    }
    return true;
  }
}
