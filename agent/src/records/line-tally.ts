import type { CaptureCounters } from "../capture/define.ts";

/** What came of a line. `passed`: well-formed, and nothing that is watched. */
export type LineFate = "taken" | "passed" | "invalid";

/** Lines without one that could be read after which the input is said to be of another kind. */
const HOPELESS = 20;

/** Counts lines, and says once when none of them can be read. */
export class LineTally {
  readonly #counters: CaptureCounters;
  readonly #mend: string;
  readonly #warn: (message: string) => void;
  #readable = 0;
  #isTold = false;

  constructor(counters: CaptureCounters, mend: string, warn: (message: string) => void) {
    this.#counters = counters;
    this.#mend = mend;
    this.#warn = warn;
  }

  count(fate: LineFate): void {
    if (fate === "invalid") {
      this.#counters.invalid++;
      if (this.#readable === 0 && this.#counters.invalid >= HOPELESS) this.#tell(this.#mend);
      return;
    }
    this.#readable++;
    // Lines that are passed over show all the same that the log is alive.
    this.#counters.packets++;
  }

  tooLong(count: number): void {
    this.#counters.invalid += count;
  }

  #tell(message: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#warn(message);
  }
}
