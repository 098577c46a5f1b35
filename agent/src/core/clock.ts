/** Wall time, injected so that tests and offline analysis decide what "now" is. Below the app layer only packet time counts. */
export interface Clock {
  /** Microseconds since 1970 (exact as a number until 2255). */
  nowUs(): number;
}

export const wallClock: Clock = { nowUs: () => Date.now() * 1000 };

export const MICROS = 1_000_000;
