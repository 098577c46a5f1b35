/** The same trouble is said once in this time. */
const REPEAT_MS = 60_000;

/** Repeated work whose fault is said and does not end the agent: a full disk today is mended tomorrow. */
export class Timers {
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #fault: (message: string) => void;
  readonly #said = new Map<() => void, { message: string; atMs: number }>();

  constructor(fault: (message: string) => void) {
    this.#fault = fault;
  }

  every(ms: number, work: () => void): void {
    this.#timers.push(setInterval(() => this.#guarded(work), ms));
  }

  #guarded(work: () => void): void {
    try {
      work();
      this.#said.delete(work);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const said = this.#said.get(work);
      if (said?.message === message && Date.now() - said.atMs < REPEAT_MS) return;
      this.#said.set(work, { message, atMs: Date.now() });
      this.#fault(message);
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
