import { wallClock } from "../core/clock.ts";
import type { FrameSink } from "./define.ts";

/** Delays like these are those of a network and of a program that collects before it sends; clocks in step need no correction. */
const LEAST_DELAY_US = -5000;
const MOST_DELAY_US = 50_000;
/** Half of the time over which the least delay is taken: long enough for one packet that did not have to wait, short enough for drift. */
const HALF_US = 30_000_000;
/** A delay this much above the least is a clock that was set back, not a queue. */
const STEP_US = 10_000_000;
/** From here on the clock itself is worth a word to its owner. */
const WORTH_SAYING_US = 2_000_000;

/**
 * Gives the frames of another machine's clock our time.
 *
 * Why      Routers often have no clock that survives a power cut, and start in 1970; packets of several taps are compared by time.
 * Rule     The delay of a frame is its arrival less its stamp. The least delay of the last 30 to 60 s is the difference of the clocks, as no packet
 *          comes before it was seen. Within what a network does (-5 to 50 ms) the stamp stays as it is; else it is moved by that difference.
 */
export class LiveClock implements FrameSink {
  #arrivalUs = 0;
  #leastUs = Number.POSITIVE_INFINITY;
  #formerUs = Number.POSITIVE_INFINITY;
  #halfEndsUs = 0;
  #shiftUs = 0;
  #isSaid = false;
  readonly #sink: FrameSink;
  readonly #warn: (message: string) => void;
  readonly #nowUs: () => number;

  constructor(sink: FrameSink, warn: (message: string) => void, nowUs: () => number = wallClock.nowUs) {
    this.#sink = sink;
    this.#warn = warn;
    this.#nowUs = nowUs;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    if (this.#arrivalUs === 0) this.#arrive();
    const delayUs = this.#arrivalUs - atUs;
    if (delayUs < this.#leastUs || delayUs - this.#shiftUs > STEP_US) this.#fit(delayUs);
    this.#sink.frame(buf, off, end, wireLength, linkType, atUs + this.#shiftUs);
  }

  flush(): void {
    this.#arrivalUs = 0;
    this.#sink.flush();
  }

  /** Asks for the time once a chunk. */
  #arrive(): void {
    this.#arrivalUs = this.#nowUs();
    if (this.#arrivalUs < this.#halfEndsUs) return;
    this.#halfEndsUs = this.#arrivalUs + HALF_US;
    this.#formerUs = this.#leastUs;
    this.#leastUs = Number.POSITIVE_INFINITY;
  }

  #fit(delayUs: number): void {
    if (delayUs - Math.min(this.#leastUs, this.#formerUs) > STEP_US) this.#formerUs = Number.POSITIVE_INFINITY;
    this.#leastUs = delayUs;
    const leastUs = Math.min(delayUs, this.#formerUs);
    this.#shiftUs = leastUs >= LEAST_DELAY_US && leastUs <= MOST_DELAY_US ? 0 : leastUs;
    if (this.#isSaid || Math.abs(this.#shiftUs) < WORTH_SAYING_US) return;
    this.#isSaid = true;
    const seconds = Math.round(Math.abs(this.#shiftUs) / 1_000_000);
    this.#warn(
      `its clock is ${seconds} s ${this.#shiftUs > 0 ? "behind" : "ahead"}: its packets get the time of this machine; switch NTP on there`,
    );
  }
}
