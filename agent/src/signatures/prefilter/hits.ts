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
