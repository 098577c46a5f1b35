/** Longest line that is read, octets. Records of logs have some hundred; those that carry packets (alerts with payload) up to 100 KiB. */
export const MAX_LINE = 262_144;

const LF = 10;

/** Cuts a stream of octets into lines. One longer than the limit is left out whole and counted; memory is bounded by it. */
export class LineSplitter {
  /** Lines left out because of their length. */
  tooLong = 0;
  readonly #line: (text: string) => void;
  readonly #max: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: false });
  #held: Uint8Array[] = [];
  #length = 0;
  #isSkipping = false;
  #isPartial = false;

  constructor(line: (text: string) => void, max = MAX_LINE) {
    this.#line = line;
    this.#max = max;
  }

  /** Octets are borrowed for the call. Any cut of a stream into pieces gives the same lines. */
  push(octets: Uint8Array): void {
    let from = 0;
    for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, from)) {
      this.#piece(octets.subarray(from, at));
      this.#end();
      from = at + 1;
    }
    this.#piece(octets.subarray(from));
  }

  /** The stream is over: what is left counts as a line. */
  finish(): void {
    if (this.#length > 0 || this.#isSkipping) this.#end();
  }

  /** The stream begins in the middle of a line: its rest is left out, without being counted. */
  skipLine(): void {
    this.reset();
    this.#isSkipping = true;
    this.#isPartial = true;
  }

  /** The stream goes on elsewhere (a new file): half a line is forgotten. */
  reset(): void {
    this.#held = [];
    this.#length = 0;
    this.#isSkipping = false;
    this.#isPartial = false;
  }

  #piece(octets: Uint8Array): void {
    if (octets.length === 0 || this.#isSkipping) return;
    if (this.#length + octets.length > this.#max) {
      this.#isSkipping = true;
      this.#held = [];
      this.#length = 0;
      return;
    }
    this.#held.push(Uint8Array.from(octets));
    this.#length += octets.length;
  }

  #end(): void {
    const held = this.#held;
    const skipped = this.#isSkipping;
    const isPartial = this.#isPartial;
    const length = this.#length;
    this.reset();
    if (skipped) {
      if (!isPartial) this.tooLong++;
      return;
    }
    if (length === 0) return;
    const text = this.#decoder.decode(held.length === 1 ? held[0] : Buffer.concat(held, length)).replace(/\r$/, "");
    if (text !== "") this.#line(text);
  }
}
