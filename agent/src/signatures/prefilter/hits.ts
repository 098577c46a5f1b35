/** What a scan found; made once, filled again and again. */
export class Hits {
  /** For each hit two numbers: the pattern's id and the offset in the buffer at which it first stands. */
  readonly pairs: Int32Array;
  /** Hits of the last scan. */
  count = 0;
  /** What the last scan did behind the filter, in entries whose word was there and pieces of 16 octets of their patterns. */
  work = 0;

  constructor(capacity: number) {
    this.pairs = new Int32Array(2 * capacity);
  }
}

/** Finds which patterns stand in a window of octets. Engines of one set of tables give the same hits in the same order. */
export interface Prefilter {
  readonly engine: "wasm" | "typescript";
  /**
   * Scans `buf` from `off` to `end` and rewrites `hits`: each pattern that stands there at most once, where it first does. The window is all there is:
   * `offset` and `depth` of patterns count from `off`, and nothing outside is read.
   *
   * False when it was cut short: more hits than fit, or more work than the window's length allows, which no ordinary traffic needs. What was found until
   * then is true, but any other pattern may be there as well: evaluate all.
   *
   * Never throws, never allocates. `buf` is neither kept nor written.
   */
  scan(buf: Uint8Array, off: number, end: number, hits: Hits): boolean;
}
