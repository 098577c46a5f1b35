import { i32At } from "../core/bytes.ts";
import { finishHash, mixWord } from "../core/hash.ts";

/**
 * Numbers the different keys it is shown, 0, 1, 2 …, up to a cap: the row number of typed columns that a caller keeps. A key is two 32-bit words.
 * Allocates nothing after its construction; a full table knows its keys and takes no more.
 */
export class SlotTable {
  size = 0;
  readonly capacity: number;
  readonly #seed: number;
  readonly #mask: number;
  /** Slot + 1, or 0. Twice as many places as keys at least, so that a look-up is short. */
  readonly #index: Int32Array;
  readonly #keys: Int32Array;

  /** `capacity`: a power of two. */
  constructor(capacity: number, seed: number) {
    this.capacity = capacity;
    this.#seed = seed;
    this.#mask = capacity * 2 - 1;
    this.#index = new Int32Array(capacity * 2);
    this.#keys = new Int32Array(capacity * 2);
  }

  /** Slot of the key, given to it now if it is new; -1 when it is new and the table is full. */
  take(high: number, low: number): number {
    const keys = this.#keys;
    let place = finishHash(mixWord(mixWord(this.#seed, high), low)) & this.#mask;
    for (;;) {
      const slot = i32At(this.#index, place) - 1;
      if (slot < 0) break;
      if (i32At(keys, 2 * slot) === (high | 0) && i32At(keys, 2 * slot + 1) === (low | 0)) return slot;
      place = (place + 1) & this.#mask;
    }
    if (this.size === this.capacity) return -1;
    const slot = this.size++;
    this.#index[place] = slot + 1;
    keys[2 * slot] = high;
    keys[2 * slot + 1] = low;
    return slot;
  }

  high(slot: number): number {
    return i32At(this.#keys, 2 * slot);
  }

  low(slot: number): number {
    return i32At(this.#keys, 2 * slot + 1);
  }
}
