/**
 * How much of the traffic is looked into. 0: everything. 1: of large transfers only the headers are counted. 2: also of new flows beyond some
 * hundreds a second only the headers, and no word on flows between their start and their end.
 */
export type DetailStep = 0 | 1 | 2;

/** What tells of overload, measured over one second. */
export interface LoadSample {
  /** Packets that the kernel dropped in this second because they were not fetched in time. */
  readonly drops: number;
  /** Share of the second in which the sensor's thread was at work, 0 to 1. */
  readonly busy: number;
}

/** Busier than that, the next burst is lost: nothing is left to catch up with. */
const TOO_BUSY = 0.95;
/** Seconds in a row before a step is taken: one alone is a burst, which buffers are for. */
const SECONDS_UP = 3;
/** Calm is when a third of the time is free, for as long as bursts of a home last; so the steps do not swing to and fro. */
const CALM = 0.65;
const SECONDS_DOWN = 15;

/** Decides, second by second, how far detail is given up under overload, and takes it back step by step when the load is gone. */
export class Overload {
  step: DetailStep = 0;
  #hot = 0;
  #calm = 0;

  /** Takes a second's sample; true when the step changed. */
  take({ drops, busy }: LoadSample): boolean {
    const isHot = drops > 0 || busy >= TOO_BUSY;
    this.#hot = isHot ? this.#hot + 1 : 0;
    this.#calm = !isHot && busy <= CALM ? this.#calm + 1 : 0;
    if (this.#hot >= SECONDS_UP && this.step < 2) return this.#go(this.step === 0 ? 1 : 2);
    if (this.#calm >= SECONDS_DOWN && this.step > 0) return this.#go(this.step === 2 ? 1 : 0);
    return false;
  }

  #go(step: DetailStep): boolean {
    this.step = step;
    this.#hot = 0;
    this.#calm = 0;
    return true;
  }
}

/** What a person is told of a step. */
export const OVERLOAD_TEXTS: readonly [calm: string, headers: string, thinned: string] = [
  "the traffic is within reach again: everything is looked into",
  "more traffic than this machine can look into: of large transfers only the headers are counted",
  "far more traffic than this machine can look into: of large transfers and of new flows beyond some hundreds a second only the headers are counted",
];
