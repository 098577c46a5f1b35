import { finishHash } from "../../core/hash.ts";
import { HEADER_WORDS, PASS_WORDS, PIECE } from "./layout.ts";
import { buildPass, type PassTable } from "./pass-table.ts";
import { kindOf, PASS_KINDS } from "./passes.ts";
import { caseMask, checkPatterns, FOLD_WORD, type Pattern } from "./pattern.ts";
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
  const multiplier = multiplierOf(options.seed ?? 0);
  const passes = buildPasses(patterns, options.model ?? WordModel.typical(), multiplier);
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
  words.set([passes.length, multiplier, ids, ranges, stamps, places]);
  for (const [i, { kind, ...pass }] of passes.entries()) {
    const place = passPlaces[i];
    if (place === undefined) continue;
    const mask = kind.width === 4 ? FOLD_WORD : FOLD_WORD & ((1 << (kind.width * 8)) - 1);
    const row = [kind.step, kind.width, mask, place.bloom, pass.bloomShift, place.heads, pass.headShift];
    words.set([...row, place.entries, place.sets], HEADER_WORDS + i * PASS_WORDS);
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

function buildPasses(patterns: readonly Pattern[], model: WordModel, multiplier: number): PassTable[] {
  const members = PASS_KINDS.map((kind) => ({ kind, patterns: [] as Pattern[], numbers: [] as number[] }));
  for (const [number, pattern] of patterns.entries()) {
    const group = members[kindOf(pattern.octets.length)];
    group?.patterns.push(pattern);
    group?.numbers.push(number);
  }
  return members
    .filter((group) => group.numbers.length > 0)
    .map((group) => buildPass(group.patterns, group.numbers, group.kind, model, multiplier));
}

function writeOctets(block: Uint8Array, place: number, { octets, nocase = false }: Pattern): void {
  for (const [i, octet] of octets.entries()) {
    const piece = place + (i >> 4) * 2 * PIECE + (i & 15);
    block[piece] = octet;
    block[piece + PIECE] = caseMask(octet, nocase);
  }
}

/** An odd number with about as many ones as zeros, so that all bits of a word reach the top of the product. */
function multiplierOf(seed: number): number {
  for (let turn = 0; ; turn++) {
    const multiplier = finishHash(seed + Math.imul(turn, 0x9e37_79b9)) | 1;
    let ones = 0;
    for (let rest = multiplier; rest !== 0; rest &= rest - 1) ones++;
    if (ones >= 12 && ones <= 20) return multiplier;
  }
}
