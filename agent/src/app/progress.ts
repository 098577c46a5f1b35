const WIDTH = 30;
const PAUSE_MS = 200;

/** A bar on standard error with rate and time left. Shown on long work only, and removed at its end. */
export class ProgressBar {
  readonly #name: string;
  readonly #startMs = Date.now();
  #shownMs = 0;

  constructor(name: string) {
    this.#name = name.length > 24 ? `${name.slice(0, 23)}…` : name;
  }

  /** `total` 0 = unknown (a stream). */
  show(done: number, total: number): void {
    const now = Date.now();
    if (now - this.#startMs < 500 || now - this.#shownMs < PAUSE_MS) return;
    this.#shownMs = now;
    const seconds = (now - this.#startMs) / 1000;
    const rate = `${(done / seconds / 1e6).toFixed(0)} MB/s`;
    if (total <= 0) {
      process.stderr.write(`\r\u001b[K${this.#name} ${(done / 1e6).toFixed(0)} MB  ${rate}`);
      return;
    }
    const share = Math.min(1, done / total);
    const bar = "█".repeat(Math.round(share * WIDTH)).padEnd(WIDTH, "░");
    const left = share > 0 ? Math.ceil((seconds / share) * (1 - share)) : 0;
    process.stderr.write(
      `\r\u001b[K${this.#name} ${bar} ${(share * 100).toFixed(0).padStart(3)} %  ${rate}  ${left} s left`,
    );
  }

  close(): void {
    if (this.#shownMs > 0) process.stderr.write("\r\u001b[K");
  }
}
