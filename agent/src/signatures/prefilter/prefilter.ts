import type { Hits } from "./hits.ts";

/** Finds which patterns stand in a window of octets. Engines with the same tables give the same hits in the same order. */
export interface Prefilter {
  readonly engine: "wasm" | "typescript";
  /**
   * Scans `buf` from `off` to `end` and rewrites `hits`: each pattern that stands there at most once, where it first does. The window is all there is:
   * `offset` and `depth` of patterns count from `off`, and nothing outside counts.
   *
   * False when it was cut short: more hits than fit, or more work than the window's length allows, which no ordinary traffic needs. What was found until
   * then is true, but any other pattern may be there as well: evaluate all.
   *
   * Never throws, never allocates. `buf` is neither kept nor written.
   */
  scan(buf: Uint8Array, off: number, end: number, hits: Hits): boolean;
}
