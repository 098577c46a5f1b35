import { at, u8 } from "../../core/bytes.ts";
import { finishHash } from "../../core/hash.ts";
import { ENTRY_WORDS, edgeOf, PIECE } from "./layout.ts";
import type { PassKind } from "./passes.ts";
import { caseMask, FOLD, maskOf, type Pattern } from "./pattern.ts";
import { chooseWords, foldedWord } from "./word-choice.ts";
import type { WordModel } from "./word-model.ts";

/**
 * 16 to 32 bits an entry and two bits set for each: about one false candidate in 100 looks. 512 KiB at most, so that it stays in the second-level cache
 * of a small computer's core.
 */
const BLOOM_BITS_PER_ENTRY = 16;
const MIN_BLOOM_BITS = 4;
const MAX_BLOOM_BITS = 17;
const MAX_HEAD_BITS = 18;

/** Salts that are tried so that the commonest words are no false candidates. */
const MAX_SALTS = 8;

/** The tables of one pass, before they are put into the block. */
export interface PassTable {
  readonly kind: PassKind;
  readonly patterns: number;
  readonly multiplier: number;
  readonly salt: number;
  readonly bloom: Int32Array;
  readonly bloomShift: number;
  readonly heads: Int32Array;
  readonly headShift: number;
  readonly entries: Int32Array;
  readonly sets: Uint8Array;
  /** Entries of the fullest bucket. */
  readonly longestChain: number;
}

/** `numbers` are those of `patterns` in the whole list. */
export function buildPass(
  patterns: readonly Pattern[],
  numbers: readonly number[],
  kind: PassKind,
  model: WordModel,
  seed: number,
): PassTable {
  const rows = entryRows(patterns, numbers, kind, chooseWords(patterns, kind, model));
  const count = rows.length / ENTRY_WORDS;
  const bloomBits = bitsFor((count * BLOOM_BITS_PER_ENTRY) / 32, MIN_BLOOM_BITS, MAX_BLOOM_BITS);
  const bloomShift = 32 - bloomBits;
  const headBits = bitsFor(count * 2, 1, MAX_HEAD_BITS);
  const headShift = 32 - headBits;
  const multiplier = multiplierOf(seed);
  const { bloom, salt } = leastNoise(rows, kind, multiplier, seed, bloomBits);
  const heads = new Int32Array((1 << headBits) + 1);
  for (let i = 0; i < count; i++) {
    const bucket = (Math.imul(at32(rows, i * ENTRY_WORDS), multiplier) + salt) >>> headShift;
    heads[bucket + 1] = at32(heads, bucket + 1) + 1;
  }
  let longestChain = 0;
  for (let i = 1; i < heads.length; i++) {
    longestChain = Math.max(longestChain, at32(heads, i));
    heads[i] = at32(heads, i) + at32(heads, i - 1);
  }
  const entries = new Int32Array(rows.length);
  const filled = heads.slice();
  for (let i = 0; i < rows.length; i += ENTRY_WORDS) {
    const bucket = (Math.imul(at32(rows, i), multiplier) + salt) >>> headShift;
    const place = at32(filled, bucket);
    filled[bucket] = place + 1;
    for (let k = 0; k < ENTRY_WORDS; k++) entries[place * ENTRY_WORDS + k] = at32(rows, i + k);
  }
  const sets = octetSets(rows, kind.width);
  return {
    kind,
    patterns: patterns.length,
    multiplier,
    salt,
    bloom,
    bloomShift,
    heads,
    headShift,
    entries,
    sets,
    longestChain,
  };
}

/** An entry for each pattern and each of its words. */
function entryRows(
  patterns: readonly Pattern[],
  numbers: readonly number[],
  { step, width }: PassKind,
  firsts: Uint8Array,
): Int32Array {
  const rows = new Int32Array(patterns.length * step * ENTRY_WORDS);
  let row = 0;
  for (const [i, { octets, nocase = false }] of patterns.entries()) {
    const first = at(firsts, i);
    // The word that stands furthest inside the pattern first: where one look meets a pattern in two ways, the one that starts earlier is told.
    for (let before = first + step - 1; before >= first; before--, row += ENTRY_WORDS) {
      const edge = edgeOf(octets.length, before);
      rows[row] = foldedWord(octets, before, width);
      rows[row + 1] = edgeWord(octets, edge);
      rows[row + 2] = edgeMask(octets, edge, nocase);
      rows[row + 3] = ((numbers[i] ?? 0) << 16) | (before << 8) | octets.length;
    }
  }
  return rows;
}

/** The filter with the salt under which the least of the commonest words pass it by chance. */
function leastNoise(
  rows: Int32Array,
  kind: PassKind,
  multiplier: number,
  seed: number,
  bits: number,
): { bloom: Int32Array; salt: number } {
  const wanted = new Set<number>();
  for (let i = 0; i < rows.length; i += ENTRY_WORDS) wanted.add(at32(rows, i));
  const noise = COMMON_WORDS.map((word) => word & maskOf(kind.width)).filter((word) => !wanted.has(word));
  let best = { bloom: new Int32Array(0), salt: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < MAX_SALTS && least > 0; turn++) {
    const salt = finishHash(seed ^ Math.imul(turn + 1, 0x9e37_79b9));
    const bloom = new Int32Array(1 << bits);
    for (const word of wanted) {
      const hash = Math.imul(word, multiplier) + salt;
      const slot = hash >>> (32 - bits);
      bloom[slot] = at32(bloom, slot) | (1 << (hash >>> (27 - bits))) | (1 << (hash >>> (22 - bits)));
    }
    const passed = noise.filter((word) => {
      const hash = Math.imul(word, multiplier) + salt;
      const found = at32(bloom, hash >>> (32 - bits));
      return ((found >>> (hash >>> (27 - bits))) & (found >>> (hash >>> (22 - bits))) & 1) !== 0;
    });
    if (passed.length < least) {
      least = passed.length;
      best = { bloom, salt };
    }
  }
  return best;
}

/** Runs of one octet and small numbers among zeros: what binary formats are full of. */
const COMMON_WORDS: readonly number[] = [0, 0xffff_ffff | 0].concat(
  [1, 2, 3, 4, 5, 8, 0x10, 0x40, 0x80, 0xff].flatMap((octet) => [octet, octet << 8, octet << 16, octet << 24]),
);

/** An odd number with about as many ones as zeros, so that all bits of a word reach the top of the product. */
function multiplierOf(seed: number): number {
  for (let turn = 0; ; turn++) {
    const multiplier = finishHash(seed + Math.imul(turn, 0x9e37_79b9)) | 1;
    let ones = 0;
    for (let rest = multiplier; rest !== 0; rest &= rest - 1) ones++;
    if (ones >= 12 && ones <= 20) return multiplier;
  }
}

const at32 = (column: Int32Array, index: number): number => at(column, index);

const bitsFor = (size: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.ceil(Math.log2(size))));

function edgeWord(octets: Uint8Array, off: number): number {
  let word = 0;
  for (let i = Math.min(4, octets.length) - 1; i >= 0; i--) word = (word << 8) | u8(octets, off + i);
  return word;
}

function edgeMask(octets: Uint8Array, off: number, nocase: boolean): number {
  let mask = 0;
  for (let i = Math.min(4, octets.length) - 1; i >= 0; i--) mask = (mask << 8) | caseMask(u8(octets, off + i), nocase);
  return mask;
}

/**
 * Which octets can stand first, second and third in a word. An octet without bit 5 is one of 128: sixteen low halves, and eight high ones told apart by
 * bits 4, 6 and 7.
 */
function octetSets(rows: Int32Array, width: number): Uint8Array {
  const sets = new Uint8Array(3 * PIECE);
  for (let k = 0; k < 3; k++) {
    if (k >= width) sets.fill(0xff, k * PIECE, (k + 1) * PIECE);
    for (let row = 0; row < rows.length && k < width; row += ENTRY_WORDS) {
      const octet = (at32(rows, row) >>> (8 * k)) & FOLD;
      const high = ((octet >>> 4) & 1) | ((octet >>> 5) & 6);
      sets[k * PIECE + (octet & 15)] = u8(sets, k * PIECE + (octet & 15)) | (1 << high);
    }
  }
  return sets;
}
