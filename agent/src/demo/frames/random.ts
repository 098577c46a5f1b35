/**
 * A seeded generator (mulberry32): the same seed gives the same numbers for ever, so a capture can be built twice and compared by hash.
 * Not for secrets.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [low, high]. */
  int(low: number, high: number): number;
  /** `value` changed by up to `share` of itself either way: people and networks are never on time. */
  jitter(value: number, share?: number): number;
  pick<T>(list: readonly T[]): T;
  octets(count: number): Uint8Array;
  /** `count` octets as hexadecimal digits. */
  hex(count: number): string;
  /** An independent generator for one part of a scene: adding calls in one part leaves the others as they were. */
  fork(label: string): Random;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const random: Random = {
    next: () => word() / 0x1_0000_0000,
    int: (low, high) => low + Math.floor(random.next() * (high - low + 1)),
    jitter: (value, share = 0.1) => Math.round(value * (1 + share * (2 * random.next() - 1))),
    pick: (list) => {
      const chosen = list[random.int(0, list.length - 1)];
      if (chosen === undefined) throw new RangeError("pick from an empty list");
      return chosen;
    },
    octets: (count) => {
      const out = new Uint8Array(count);
      for (let i = 0; i < count; i++) out[i] = word() >>> 24;
      return out;
    },
    hex: (count) => Buffer.from(random.octets(count)).toString("hex"),
    fork: (label) => seededRandom(hashText(label, seed)),
  };
  return random;
}

/** FNV-1a over the text, started from `seed`. */
export function hashText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
