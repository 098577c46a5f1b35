/** One piece of evidence for a value. */
export interface Ballot {
  readonly value: string;
  /** 0 to 1. */
  readonly weight: number;
  readonly evidence: string;
}

const MAX_BALLOTS = 8;

/** A weighted vote over pieces of evidence that may disagree. Evidence for the same value adds up as a noisy-or, so no heap of weak hints reaches certainty. */
export class Vote {
  readonly #ballots = new Map<string, Ballot>();

  /** Enters evidence; a newer one of the same source replaces the older. Returns true if the winner or its confidence changed. */
  cast(source: string, ballot: Ballot): boolean {
    const before = this.#ballots.get(source);
    if (before && before.value === ballot.value && before.weight === ballot.weight) return false;
    if (!before && this.#ballots.size >= MAX_BALLOTS && !this.#dropWeakest(ballot.weight)) return false;
    const winner = this.winner();
    this.#ballots.set(source, ballot);
    const after = this.winner();
    return winner?.value !== after?.value || winner?.confidence !== after?.confidence;
  }

  /** Takes the evidence of a source back. Returns true if there was any. */
  withdraw(source: string): boolean {
    return this.#ballots.delete(source);
  }

  #dropWeakest(weight: number): boolean {
    let weakest: string | undefined;
    let least = weight;
    for (const [source, ballot] of this.#ballots) {
      if (ballot.weight < least) {
        weakest = source;
        least = ballot.weight;
      }
    }
    return weakest !== undefined && this.#ballots.delete(weakest);
  }

  /** The value with the most weight; ties go to the smaller text, so that the order of evidence does not matter. */
  winner(): { value: string; confidence: number; evidence: string } | undefined {
    const doubt = new Map<string, number>();
    for (const { value, weight } of this.#ballots.values()) doubt.set(value, (doubt.get(value) ?? 1) * (1 - weight));
    let best: string | undefined;
    let bestDoubt = 2;
    for (const [value, remaining] of doubt) {
      if (
        remaining < bestDoubt - 1e-12 ||
        (Math.abs(remaining - bestDoubt) <= 1e-12 && best !== undefined && value < best)
      ) {
        best = value;
        bestDoubt = remaining;
      }
    }
    if (best === undefined) return undefined;
    const evidence = [...this.#ballots.values()]
      .filter(({ value }) => value === best)
      .sort((a, b) => b.weight - a.weight)[0];
    return { value: best, confidence: Math.round((1 - bestDoubt) * 100) / 100, evidence: evidence?.evidence ?? "" };
  }

  entries(): [string, Ballot][] {
    return [...this.#ballots];
  }
}
