/** What a person waits for, and how long at most: the table at the end of the story. */
export class Latencies {
  readonly #rows: { step: string; ms: number; limitMs: number }[] = [];

  /** Notes how long something took; throws when it took too long. */
  note(step: string, ms: number, limitMs: number): void {
    this.#rows.push({ step, ms: Math.round(ms), limitMs });
    if (!(ms <= limitMs)) throw new Error(`${step}: ${Math.round(ms)} ms, at most ${limitMs} are allowed`);
  }

  toString(): string {
    const width = Math.max(...this.#rows.map(({ step }) => step.length), 4);
    const line = (step: string, ms: string, limit: string): string =>
      `${step.padEnd(width)}  ${ms.padStart(8)}  ${limit.padStart(8)}`;
    return [
      line("step", "ms", "limit"),
      line("-".repeat(width), "--------", "--------"),
      ...this.#rows.map(({ step, ms, limitMs }) => line(step, String(ms), String(limitMs))),
    ].join("\n");
  }
}
