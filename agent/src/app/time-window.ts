import type { FrameSink } from "../capture/define.ts";

/** Lets through the frames of a span of packet time, both ends included. */
export class TimeWindow implements FrameSink {
  readonly #sink: FrameSink;
  readonly #fromUs: number;
  readonly #toUs: number;

  constructor(sink: FrameSink, fromUs: number, toUs: number) {
    this.#sink = sink;
    this.#fromUs = fromUs;
    this.#toUs = toUs;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    if (atUs >= this.#fromUs && atUs <= this.#toUs) this.#sink.frame(buf, off, end, wireLength, linkType, atUs);
  }

  flush(): void {
    this.#sink.flush();
  }
}
