import { MICROS } from "../core/clock.ts";
import { LruMap } from "../core/lru-map.ts";

/** Parts into which a window is cut: the count is right to a twelfth of the window. */
const SLOTS = 12;

interface Slots {
  readonly counts: Float64Array;
  /** Number of the slot written last. */
  last: number;
}

/** Sums per key over a sliding window of packet time. Late packets count into the newest slot; time never runs backwards. */
export class SlidingCount {
  readonly #keys: LruMap<string, Slots>;
  readonly #slotUs: number;

  /** `windowSeconds` above 0; at most `maxKeys` keys, the least used forgotten first. */
  constructor(windowSeconds: number, maxKeys = 4096) {
    this.#keys = new LruMap(maxKeys);
    this.#slotUs = (windowSeconds * MICROS) / SLOTS;
  }

  /** Adds and returns the sum over the window that ends now. */
  add(key: string, atUs: number, amount = 1): number {
    const slot = Math.floor(atUs / this.#slotUs);
    const slots = this.#keys.ensure(key, () => ({ counts: new Float64Array(SLOTS), last: slot }));
    this.#advance(slots, slot);
    const index = slots.last % SLOTS;
    slots.counts[index] = (slots.counts[index] ?? 0) + amount;
    return total(slots.counts);
  }

  /** The sum over the window that ends now. */
  sum(key: string, atUs: number): number {
    const slots = this.#keys.peek(key);
    if (!slots) return 0;
    this.#advance(slots, Math.floor(atUs / this.#slotUs));
    return total(slots.counts);
  }

  clear(key: string): void {
    this.#keys.delete(key);
  }

  #advance(slots: Slots, slot: number): void {
    const steps = slot - slots.last;
    if (steps <= 0) return;
    if (steps >= SLOTS) slots.counts.fill(0);
    else for (let i = 1; i <= steps; i++) slots.counts[(slots.last + i) % SLOTS] = 0;
    slots.last = slot;
  }
}

function total(counts: Float64Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

/** Distinct values per key over a sliding window of packet time, both capped. */
export class DistinctCount<V extends string | number = string | number> {
  readonly #keys: LruMap<string, Map<V, number>>;
  readonly #windowUs: number;
  readonly #maxValues: number;

  /** At most `maxKeys` keys with `maxValues` values each; a full key forgets its oldest value, so the count stops at `maxValues`. */
  constructor(windowSeconds: number, maxKeys = 1024, maxValues = 512) {
    this.#keys = new LruMap(maxKeys);
    this.#windowUs = windowSeconds * MICROS;
    this.#maxValues = maxValues;
  }

  /** Adds and returns how many distinct values the window that ends now holds. */
  add(key: string, value: V, atUs: number): number {
    const values = this.#keys.ensure(key, () => new Map());
    values.delete(value);
    if (values.size >= this.#maxValues) {
      const oldest = values.keys().next();
      if (!oldest.done) values.delete(oldest.value);
    }
    values.set(value, atUs);
    this.#prune(values, atUs);
    return values.size;
  }

  count(key: string, atUs: number): number {
    const values = this.#keys.peek(key);
    if (!values) return 0;
    this.#prune(values, atUs);
    return values.size;
  }

  /** The values in the window, oldest first. */
  values(key: string): V[] {
    return [...(this.#keys.peek(key)?.keys() ?? [])];
  }

  has(key: string, value: V): boolean {
    return this.#keys.peek(key)?.has(value) ?? false;
  }

  remove(key: string, value: V): void {
    this.#keys.peek(key)?.delete(value);
  }

  /** All keys, the least used first. */
  keys(): IterableIterator<string> {
    return this.#keys.keys();
  }

  clear(key: string): void {
    this.#keys.delete(key);
  }

  /** Values stand in order of their last sight, so the old ones are in front. */
  #prune(values: Map<V, number>, nowUs: number): void {
    for (const [value, atUs] of values) {
      if (nowUs - atUs <= this.#windowUs) return;
      values.delete(value);
    }
  }
}

/**
 * Says when to speak again about something that goes on: the first time, each time its number has doubled, and after a pause.
 * Keeps a flood of packets from becoming a flood of findings.
 */
export class Rearm {
  readonly #keys: LruMap<string, { number: number; atUs: number }>;
  readonly #pauseUs: number;

  constructor(pauseSeconds: number, maxKeys = 2048) {
    this.#keys = new LruMap(maxKeys);
    this.#pauseUs = pauseSeconds * MICROS;
  }

  due(key: string, number: number, atUs: number): boolean {
    const told = this.#keys.get(key);
    if (told && number < told.number * 2 && atUs - told.atUs < this.#pauseUs) return false;
    this.#keys.set(key, { number: Math.max(1, number), atUs });
    return true;
  }
}
