import { at, u8 } from "../../core/bytes.ts";
import { FOLD } from "./pattern.ts";
import { TYPICAL_TRAFFIC } from "./typical-traffic.ts";

const WORD_BITS = 18;
const WORDS = 1 << WORD_BITS;
const OCTETS = 256;
const PAIRS = OCTETS * OCTETS;
/** Share of a word's rate that its own count decides; the rest comes from its pairs, for words that were never seen. */
const SEEN_SHARE = 0.7;
/** Octets of a pair that count as seen once, spread as octets are: what a pair that was never seen is worth. */
const PAIR_DOUBT = 4;
/** All octets are possible: encrypted and compressed payload holds each alike. */
const FLAT = 1 / OCTETS;
const FLAT_SHARE = 0.05;

/** Case does not count, nor does which digit it is: what a sample has of one digit holds for all. */
const symbolOf = (octet: number): number => (octet >= 0x30 && octet <= 0x39 ? 0x30 & FOLD : octet & FOLD);
const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39;

/**
 * How often a word of up to four octets is to be expected at a place in traffic: from samples, by counts of words where there are any, else as a chain of
 * octet pairs. It decides which part of a pattern is looked for, never what is found.
 */
export class WordModel {
  readonly #octets = new Float64Array(OCTETS);
  readonly #pairs = new Float64Array(PAIRS);
  readonly #words = new Float32Array(WORDS);
  #total = 0;

  /** A model of what is typical; more can be added to it. */
  static typical(): WordModel {
    const model = new WordModel();
    for (const { octets, weight } of TYPICAL_TRAFFIC) model.add(octets, 0, octets.length, weight);
    return model;
  }

  /** Counts a sample in. `weight` is that of one of its octets. */
  add(buf: Uint8Array, off: number, end: number, weight: number): void {
    let word = 0;
    let last = 0;
    for (let i = off; i < end; i++) {
      const symbol = symbolOf(u8(buf, i));
      word = (word >>> 8) | (symbol << 24);
      this.#octets[symbol] = at(this.#octets, symbol) + weight;
      if (i > off) this.#pairs[last + symbol] = at(this.#pairs, last + symbol) + weight;
      if (i >= off + 3) this.#words[slot(word)] = wordAt(this.#words, slot(word)) + weight;
      last = symbol << 8;
    }
    this.#total += weight * Math.max(0, end - off);
  }

  /** Chance that the `width` octets (1 to 4) at `off` stand at a place in traffic, letters in either case. */
  rate(buf: Uint8Array, off: number, width: number): number {
    let word = 0;
    let chain = 1;
    let digits = 1;
    let last = -1;
    for (let i = 0; i < width; i++) {
      const octet = u8(buf, off + i);
      const symbol = symbolOf(octet);
      if (isDigit(octet)) digits *= 0.1;
      word = (word >>> 8) | (symbol << 24);
      const alone = this.#octetRate(symbol);
      chain *=
        last < 0
          ? alone
          : (at(this.#pairs, (last << 8) + symbol) + PAIR_DOUBT * alone) / (at(this.#octets, last) + PAIR_DOUBT);
      last = symbol;
    }
    const seen = width === 4 && this.#total > 0 ? wordAt(this.#words, slot(word)) / this.#total : chain;
    return digits * (SEEN_SHARE * seen + (1 - SEEN_SHARE) * chain);
  }

  #octetRate(symbol: number): number {
    const counted = this.#total > 0 ? at(this.#octets, symbol) / this.#total : FLAT;
    return FLAT_SHARE * FLAT + (1 - FLAT_SHARE) * counted;
  }
}

const slot = (word: number): number => Math.imul(word ^ (word >>> 15), 0x9e37_79b1) >>> (32 - WORD_BITS);
const wordAt = (column: Float32Array, index: number): number => column[index] ?? 0;
