import type { CaptureCounters } from "./define.ts";

/**
 * Packets in a second above which a link is busy: dumpcap then takes a fifth of a core (2.5 µs a packet) and soon loses packets on a small board;
 * and tcpdump, which takes a third of that, holds its blocks for some hundredths of a second instead of a whole one.
 */
const BUSY_PACKETS = 50_000;
/** Seconds in a row: a backup or a speed test goes by. */
const BUSY_SECONDS = 5;

/** Watches how many packets come, and says once that a link is busy. */
export class BusyLink {
  readonly #timer: NodeJS.Timeout;

  constructor(counters: CaptureCounters, tell: () => void, everyMs = 1000) {
    let before = counters.packets;
    let seconds = 0;
    this.#timer = setInterval(() => {
      const packets = counters.packets - before;
      before = counters.packets;
      seconds = packets >= (BUSY_PACKETS * everyMs) / 1000 ? seconds + 1 : 0;
      if (seconds < BUSY_SECONDS) return;
      this.stop();
      tell();
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
