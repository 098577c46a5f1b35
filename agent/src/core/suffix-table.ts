import { i32At } from "./bytes.ts";

const DOT = 0x2e;
/** FNV-1a. */
const BASIS = 0x811c_9dc5 | 0;
const PRIME = 0x0100_0193;

const step = (hash: number, unit: number): number => Math.imul(hash ^ unit, PRIME);

/**
 * Values by the ends of host names: whole labels, the longest that is known. A name is gone through once from its end; a string is made only
 * for an end whose hash is known, so that the many names which belong to nothing cost no more than their length.
 */
export class SuffixTable<T> {
  readonly #values: ReadonlyMap<string, T>;
  /** Hashes of the suffixes, open addressing; 0 is an empty slot. */
  readonly #hashes: Int32Array;
  readonly #mask: number;

  /** `entries`: suffixes in lower case without a dot in front or behind. */
  constructor(entries: Iterable<readonly [string, T]>) {
    this.#values = new Map(entries);
    let slots = 16;
    while (slots < this.#values.size * 4) slots *= 2;
    this.#hashes = new Int32Array(slots);
    this.#mask = slots - 1;
    for (const suffix of this.#values.keys()) this.#enter(suffix);
  }

  /** Value of the longest known suffix of `name` (lower case, no dot behind); undefined when there is none. */
  find(name: string): T | undefined {
    let found: T | undefined;
    let hash = BASIS;
    for (let i = name.length - 1; i >= 0; i--) {
      const unit = name.charCodeAt(i);
      if (unit === DOT && this.#isKnown(hash)) found = this.#values.get(name.slice(i + 1)) ?? found;
      hash = step(hash, unit);
    }
    return this.#isKnown(hash) ? (this.#values.get(name) ?? found) : found;
  }

  #enter(suffix: string): void {
    let hash = BASIS;
    for (let i = suffix.length - 1; i >= 0; i--) hash = step(hash, suffix.charCodeAt(i));
    let slot = hash & this.#mask;
    while (i32At(this.#hashes, slot) !== 0 && i32At(this.#hashes, slot) !== hash) slot = (slot + 1) & this.#mask;
    this.#hashes[slot] = hash;
  }

  #isKnown(hash: number): boolean {
    let slot = hash & this.#mask;
    for (let known = i32At(this.#hashes, slot); known !== 0; known = i32At(this.#hashes, slot)) {
      if (known === hash) return true;
      slot = (slot + 1) & this.#mask;
    }
    return false;
  }
}
