/**
 * A map of at most `cap` keys that forgets what was not touched for longest. In two generations: when the young one holds half of the keys it
 * becomes the old one, and what is still in the old one then is forgotten. That is cheaper by far than to keep a strict order, since a
 * JavaScript map that loses its first key again and again has to walk over the holes.
 */
export class LruMap<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #half: number;

  constructor(cap: number) {
    this.#half = Math.max(1, Math.floor(cap / 2));
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** The value, and marks the key as used. */
  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const value = this.#old.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** The value, without marking the key as used. */
  peek(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  has(key: K): boolean {
    return this.#young.has(key) || this.#old.has(key);
  }

  set(key: K, value: V): void {
    this.#old.delete(key);
    if (this.#young.size >= this.#half && !this.#young.has(key)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  /** The value, made by `make` when there is none. */
  ensure(key: K, make: () => V): V {
    let value = this.get(key);
    if (value === undefined) {
      value = make();
      this.set(key, value);
    }
    return value;
  }

  delete(key: K): boolean {
    return this.#young.delete(key) || this.#old.delete(key);
  }

  /** The old generation first. Keys may be deleted meanwhile, not set. */
  *entries(): IterableIterator<[K, V]> {
    yield* this.#old;
    yield* this.#young;
  }

  *keys(): IterableIterator<K> {
    yield* this.#old.keys();
    yield* this.#young.keys();
  }

  *values(): IterableIterator<V> {
    yield* this.#old.values();
    yield* this.#young.values();
  }
}
