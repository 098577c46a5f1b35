const SMALLEST = 256;
const LARGEST = 128 * 1024;
/** Buffers of one size kept for reuse, octets together. */
const SPARE_PER_SIZE = 1024 * 1024;
export const NO_BUFFER = new Uint8Array(0);

/** Buffers in powers of two that are used again. The octets lent out at a time are capped: who gets none has to do without. */
export class BufferPool {
  readonly #spare = new Map<number, Uint8Array[]>();
  readonly #maxOctets: number;
  /** Octets lent out. */
  lent = 0;

  constructor(maxOctets: number) {
    this.#maxOctets = maxOctets;
  }

  /** A buffer of at least `octets`, its content undefined; NO_BUFFER when the cap is reached or the size is beyond 128 KiB. */
  take(octets: number): Uint8Array {
    let size = SMALLEST;
    while (size < octets) size *= 2;
    if (size > LARGEST || this.lent + size > this.#maxOctets) return NO_BUFFER;
    this.lent += size;
    return this.#spare.get(size)?.pop() ?? new Uint8Array(size);
  }

  give(buffer: Uint8Array): void {
    const size = buffer.length;
    if (size === 0) return;
    this.lent -= size;
    let list = this.#spare.get(size);
    if (list === undefined) {
      list = [];
      this.#spare.set(size, list);
    }
    if (list.length * size < SPARE_PER_SIZE) list.push(buffer);
  }
}
