/**
 * Mixing of 32-bit words for hash tables. The seed is secret and random on a live link, so that nobody on the wire can choose addresses and
 * ports that fall into one slot; it is fixed for offline analysis, so that the same capture gives the same identifiers.
 */

/** Brings one word into a running hash. */
export function mixWord(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85eb_ca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0xc2b2_ae35) ^ (h >>> 13);
}

/** Last step: every input bit reaches every output bit (Wang/Prospector "lowbias32"). */
export function finishHash(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x7feb_352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846c_a68b);
  return h ^ (h >>> 16);
}

/** 53-bit number from two 32-bit hashes; never 0. */
export function wideId(high: number, low: number): number {
  const id = (high & 0x1f_ffff) * 0x1_0000_0000 + (low >>> 0);
  return id === 0 ? 1 : id;
}
