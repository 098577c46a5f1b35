/** Connections of which both directions came, that show what an exporter tells. */
const ENOUGH = 8;
/** One in ten may be lonely: its other direction was cut off by a restart, or went another way. */
const LONELY_SHARE = 10;
const MANY = 1024;
/** Lonely ones after which it is said. */
const TELL_AFTER = 50;

/**
 * Whether an exporter tells both directions of a connection under the same addresses. Some tell one only, or the other one as the internet
 * sees it, after address translation: then each connection looks unanswered. Judged by TCP connections whose client acknowledged, which it
 * does only after an answer.
 */
export class ExporterTrust {
  #both = 0;
  #lonely = 0;
  #isTold = false;

  /** An answered connection; `hasBoth`: its other direction came too. */
  saw(hasBoth: boolean): void {
    if (hasBoth) this.#both++;
    else this.#lonely++;
    if (this.#both + this.#lonely < MANY) return;
    this.#both >>= 1;
    this.#lonely >>= 1;
  }

  /** What has no answer here had none. */
  get showsAnswers(): boolean {
    return this.#both >= ENOUGH && this.#lonely * LONELY_SHARE <= this.#both;
  }

  /** True once, when it is clear that answers do not come. */
  get isToBeTold(): boolean {
    if (this.#isTold || this.#lonely < TELL_AFTER || this.showsAnswers) return false;
    this.#isTold = true;
    return true;
  }
}
