import { type BufferPool, NO_BUFFER } from "./buffer-pool.ts";
import type { Direction } from "./session.ts";

/** Longest unfinished message, when the dissector does not say. */
export const DEFAULT_BUFFERED = 16 * 1024;
export const MOST_BUFFERED = 64 * 1024;

/** Appends octets to what a direction keeps, at most up to `max` in all. Returns how many were taken; 0 also when no buffer is to be had. */
export function keep(
  pool: BufferPool,
  direction: Direction,
  buf: Uint8Array,
  off: number,
  end: number,
  max: number,
): number {
  const octets = Math.min(end - off, max - direction.length);
  if (octets <= 0) return 0;
  const length = direction.length + octets;
  if (length > direction.buffer.length) {
    const larger = pool.take(length);
    if (larger === NO_BUFFER) return 0;
    larger.set(direction.buffer.subarray(0, direction.length));
    pool.give(direction.buffer);
    direction.buffer = larger;
  }
  direction.buffer.set(buf.subarray(off, off + octets), direction.length);
  direction.length = length;
  return octets;
}

/** Lets go the first `octets` of what a direction keeps; the buffer goes back to the pool when it is empty. */
export function release(pool: BufferPool, direction: Direction, octets: number): void {
  if (octets >= direction.length) {
    pool.give(direction.buffer);
    direction.buffer = NO_BUFFER;
    direction.length = 0;
    return;
  }
  direction.buffer.copyWithin(0, octets, direction.length);
  direction.length -= octets;
}
