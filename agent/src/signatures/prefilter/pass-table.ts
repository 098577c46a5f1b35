import { at, u8 } from "../../core/bytes.ts";
import { ENTRY_WORDS, edgeOf, PIECE } from "./layout.ts";
import type { PassKind } from "./passes.ts";
import { caseMask, FOLD, type Pattern } from "./pattern.ts";
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

/** The tables of one pass, before they are put into the block. */
export interface PassTable {
  readonly kind: PassKind;
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
  multiplier: number,
): PassTable {
  const { step, width } = kind;
  const firsts = chooseWords(patterns, kind, model);
  const count = patterns.length * step;
  const bloomBits = bitsFor((count * BLOOM_BITS_PER_ENTRY) / 32, MIN_BLOOM_BITS, MAX_BLOOM_BITS);
  const headBits = bitsFor(count * 2, 1, MAX_HEAD_BITS);
  const bloomShift = 32 - bloomBits;
  const headShift = 32 - headBits;
  const bloom = new Int32Array(1 << bloomBits);
  const heads = new Int32Array((1 << headBits) + 1);
  const sets = new Uint8Array(3 * PIECE);
  const rows = new Int32Array(count * ENTRY_WORDS);
  const buckets = new Int32Array(count);
  let row = 0;
  for (const [i, { octets, nocase = false }] of patterns.entries()) {
    const first = at(firsts, i);
    // The word that stands furthest inside the pattern first: where one look meets a pattern in two ways, the one that starts earlier is told.
    for (let before = first + step - 1; before >= first; before--, row++) {
      const word = foldedWord(octets, before, width);
      const hash = Math.imul(word, multiplier);
      const slot = hash >>> bloomShift;
      bloom[slot] = at32(bloom, slot) | (1 << (hash >>> (bloomShift - 5))) | (1 << (hash >>> (bloomShift - 10)));
      const bucket = hash >>> headShift;
      buckets[row] = bucket;
      heads[bucket + 1] = at32(heads, bucket + 1) + 1;
      for (let k = 0; k < Math.min(3, width); k++) addToSet(sets, k, u8(octets, before + k));
      const edge = edgeOf(octets.length, before);
      const number = numbers[i] ?? 0;
      rows[row * ENTRY_WORDS] = word;
      rows[row * ENTRY_WORDS + 1] = edgeWord(octets, edge);
      rows[row * ENTRY_WORDS + 2] = edgeMask(octets, edge, nocase);
      rows[row * ENTRY_WORDS + 3] = (number << 16) | (before << 8) | octets.length;
    }
  }
  for (let k = width; k < 3; k++) sets.fill(0xff, k * PIECE, (k + 1) * PIECE);
  let longestChain = 0;
  for (let i = 1; i < heads.length; i++) {
    longestChain = Math.max(longestChain, at32(heads, i));
    heads[i] = at32(heads, i) + at32(heads, i - 1);
  }
  const entries = sortRows(rows, buckets, heads);
  return { kind, bloom, bloomShift, heads, headShift, entries, sets, longestChain };
}

const at32 = (column: Int32Array, index: number): number => at(column, index);

const bitsFor = (size: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.ceil(Math.log2(size))));

/** Rows by bucket; those of one bucket keep their order. */
function sortRows(rows: Int32Array, buckets: Int32Array, heads: Int32Array): Int32Array {
  const entries = new Int32Array(rows.length);
  const filled = heads.slice();
  for (const [i, bucket] of buckets.entries()) {
    const place = at32(filled, bucket);
    filled[bucket] = place + 1;
    for (let k = 0; k < ENTRY_WORDS; k++) entries[place * ENTRY_WORDS + k] = at32(rows, i * ENTRY_WORDS + k);
  }
  return entries;
}

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

/** An octet without bit 5 is one of 128: sixteen low halves, and eight high ones told apart by bits 4, 6 and 7. */
function addToSet(sets: Uint8Array, k: number, octet: number): void {
  const folded = octet & FOLD;
  const high = ((folded >>> 4) & 1) | ((folded >>> 5) & 6);
  sets[k * PIECE + (folded & 15)] = u8(sets, k * PIECE + (folded & 15)) | (1 << high);
}
