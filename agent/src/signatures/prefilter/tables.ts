import {
  H_IDS,
  H_PASSES,
  H_PLACES,
  H_RANGES,
  H_STAMPS,
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
  P_SETS,
  P_STEP,
  P_WIDTH,
  PASS_WORDS,
  PIECE,
} from "./layout.ts";
import { buildPass, type PassTable } from "./pass-table.ts";
import { kindsFor } from "./passes.ts";
import { caseMask, checkPatterns, maskOf, type Pattern } from "./pattern.ts";
import { WordModel } from "./word-model.ts";

export interface TableOptions {
  /**
   * Of the hash. Random on a live link, so that nobody can send octets that pass the filter without holding a word of a pattern; fixed for files, so
   * that the same capture takes the same way.
   */
  readonly seed?: number;
  /** What traffic holds; default what is typical. */
  readonly model?: WordModel;
}

export interface PrefilterTables {
  /** The tables as layout.ts says; at the start of its buffer. */
  readonly block: Uint8Array;
  readonly patterns: number;
  /** What one look can meet at most: entries of the fullest bucket. */
  readonly longestChain: number;
}

/** @throws RangeError for patterns that break their limits. */
export function buildTables(patterns: readonly Pattern[], options: TableOptions = {}): PrefilterTables {
  checkPatterns(patterns);
  const passes = buildPasses(patterns, options.model ?? WordModel.typical(), options.seed ?? 0);
  let size = 0;
  const take = (octets: number): number => {
    const place = size;
    size = (size + octets + PIECE - 1) & -PIECE;
    return place;
  };
  take((HEADER_WORDS + passes.length * PASS_WORDS) * 4);
  const ids = take(patterns.length * 4);
  const ranges = take(patterns.length * 8);
  const stamps = take(patterns.length * 4);
  const places = take(patterns.length * 4);
  const octetPlaces = patterns.map(({ octets }) => take(Math.ceil(octets.length / PIECE) * 2 * PIECE));
  const passPlaces = passes.map(({ sets, bloom, heads, entries }) => ({
    sets: take(sets.byteLength),
    bloom: take(bloom.byteLength),
    heads: take(heads.byteLength),
    entries: take(entries.byteLength),
  }));
  const block = new Uint8Array(size);
  const words = new Int32Array(block.buffer);
  words[H_PASSES] = passes.length;
  words[H_IDS] = ids;
  words[H_RANGES] = ranges;
  words[H_STAMPS] = stamps;
  words[H_PLACES] = places;
  for (const [i, pass] of passes.entries()) {
    const place = passPlaces[i];
    if (place === undefined) continue;
    const row = words.subarray(HEADER_WORDS + i * PASS_WORDS, HEADER_WORDS + (i + 1) * PASS_WORDS);
    row[P_STEP] = pass.kind.step;
    row[P_WIDTH] = pass.kind.width;
    row[P_MASK] = maskOf(pass.kind.width);
    row[P_BLOOM] = place.bloom;
    row[P_BLOOM_SHIFT] = pass.bloomShift;
    row[P_HEADS] = place.heads;
    row[P_HEAD_SHIFT] = pass.headShift;
    row[P_ENTRIES] = place.entries;
    row[P_SETS] = place.sets;
    row[P_MULTIPLIER] = pass.multiplier;
    row[P_SALT] = pass.salt;
    row[P_PATTERNS] = pass.patterns;
    block.set(pass.sets, place.sets);
    words.set(pass.bloom, place.bloom >> 2);
    words.set(pass.heads, place.heads >> 2);
    words.set(pass.entries, place.entries >> 2);
  }
  for (const [i, pattern] of patterns.entries()) {
    const { offset = 0, depth } = pattern;
    const place = octetPlaces[i] ?? 0;
    words[(ids >> 2) + i] = pattern.id;
    words.set([offset, depth === undefined ? 0x7fff_ffff : offset + depth], (ranges >> 2) + 2 * i);
    words[(places >> 2) + i] = place;
    writeOctets(block, place, pattern);
  }
  return {
    block,
    patterns: patterns.length,
    longestChain: passes.reduce((most, pass) => Math.max(most, pass.longestChain), 0),
  };
}

function buildPasses(patterns: readonly Pattern[], model: WordModel, seed: number): PassTable[] {
  const kinds = kindsFor(patterns.map(({ octets }) => octets.length));
  const groups = kinds.map((kind) => ({ kind, patterns: [] as Pattern[], numbers: [] as number[] }));
  for (const [number, pattern] of patterns.entries()) {
    const group = groups.find(({ kind }) => pattern.octets.length >= kind.minOctets);
    group?.patterns.push(pattern);
    group?.numbers.push(number);
  }
  return groups.map((group) => buildPass(group.patterns, group.numbers, group.kind, model, seed));
}

function writeOctets(block: Uint8Array, place: number, { octets, nocase = false }: Pattern): void {
  for (const [i, octet] of octets.entries()) {
    const piece = place + (i >> 4) * 2 * PIECE + (i & 15);
    block[piece] = octet;
    block[piece + PIECE] = caseMask(octet, nocase);
  }
}
