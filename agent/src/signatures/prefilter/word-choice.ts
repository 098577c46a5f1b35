import { at, u8 } from "../../core/bytes.ts";
import type { PassKind } from "./passes.ts";
import { FOLD, MAX_PATTERN_OCTETS, type Pattern } from "./pattern.ts";
import type { WordModel } from "./word-model.ts";

const COUNT_BITS = 18;
/** So rare is no word that it may be shared without limit: a rate of about one in 2^24 places. */
const LEAST_RATE = 6e-8;
/** Entries of one word from which another word is taken even if it is common: an attacker can send any word as often as he likes. */
const CROWDED = 8;

/** The `width` octets at `off`, the first lowest, without the bit of case. */
export function foldedWord(buf: Uint8Array, off: number, width: number): number {
  let word = 0;
  for (let i = width - 1; i >= 0; i--) word = (word << 8) | (u8(buf, off + i) & FOLD);
  return word;
}

/**
 * Where in each pattern the walk shall meet it: the offset of the first of its `step` words. Takes what traffic holds least, and spreads patterns that
 * share words, so that no word has many entries where that can be helped.
 */
export function chooseWords(patterns: readonly Pattern[], kind: PassKind, model: WordModel): Uint8Array {
  const chosen = new Uint8Array(patterns.length);
  const used = new Uint16Array(1 << COUNT_BITS);
  const rates = new Float64Array(MAX_PATTERN_OCTETS);
  const slots = new Int32Array(MAX_PATTERN_OCTETS);
  // Short patterns have the least choice, so they choose first.
  const order = patterns.map((_, index) => index);
  order.sort((a, b) => (patterns[a]?.octets.length ?? 0) - (patterns[b]?.octets.length ?? 0) || a - b);
  for (const index of order) {
    const octets = patterns[index]?.octets;
    if (octets === undefined) continue;
    const words = octets.length - kind.width + 1;
    for (let i = 0; i < words; i++) {
      rates[i] = model.rate(octets, i, kind.width) + LEAST_RATE;
      slots[i] = Math.imul(foldedWord(octets, i, kind.width), 0x9e37_79b1) >>> (32 - COUNT_BITS);
    }
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let first = 0; first + kind.step <= words; first++) {
      let cost = 0;
      for (let i = first; i < first + kind.step; i++) {
        const sharers = at(used, at(slots, i));
        cost += at(rates, i) * (1 + sharers) + (sharers >= CROWDED ? sharers : 0);
      }
      if (cost < least) {
        least = cost;
        best = first;
      }
    }
    chosen[index] = best;
    for (let i = best; i < best + kind.step; i++) {
      const slot = at(slots, i);
      if (at(used, slot) < 0xffff) used[slot] = at(used, slot) + 1;
    }
  }
  return chosen;
}
