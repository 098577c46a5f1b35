/** Load is told as the mean of about so many seconds: a figure that a person can read, not one that jumps. */
const SMOOTHING_SECONDS = 10;

/** What this process (with its threads) takes of the machine. */
export class ProcessLoad {
  #usage = process.cpuUsage();
  #atMs = performance.now();
  #percent = 0;
  #rss = process.memoryUsage.rss();

  /** Call about once a second. */
  measure(): void {
    const now = performance.now();
    const seconds = (now - this.#atMs) / 1000;
    if (seconds <= 0) return;
    const { user, system } = process.cpuUsage(this.#usage);
    const share = Math.min(1, seconds / SMOOTHING_SECONDS);
    this.#percent += ((user + system) / 1e4 / seconds - this.#percent) * share;
    this.#usage = process.cpuUsage();
    this.#atMs = now;
    this.#rss = process.memoryUsage.rss();
  }

  /** Percent of one core. */
  get cpuPercent(): number {
    return Math.round(this.#percent * 10) / 10;
  }

  get rssBytes(): number {
    return this.#rss;
  }
}
