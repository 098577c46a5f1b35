import { setTimeout as sleep } from "node:timers/promises";
import { at } from "../core/bytes.ts";
import type { FrameSink } from "./define.ts";

/** A longer pause or step back between two frames is a clock that was set, or captures joined: nobody waits for it. */
const LONGEST_GAP_US = 3_600_000_000;
/** What such a step becomes, and the pause between two passes of a loop. */
const JOIN_GAP_US = 1_000_000;
/** Frames due within this time go out together: one wake-up for many frames at a high rate, and not to be felt. */
const BATCH_US = 2000;
/** Longest single sleep; also keeps a very low speed inside the range of timers. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Maps the time of captured frames to the present.
 *
 * Rule     The first frame gets what `startUs` says at that moment; every later one lies as far from it as in the capture, divided by `speed`.
 *          Time goes on over the passes of a loop and over steps of the capture's clock of more than an hour either way.
 */
export class ReplayClock {
  /** Present time of the latest frame. */
  lastUs = 0;
  #begun = false;
  #originUs = 0;
  #baseUs = 0;
  #previousUs = 0;
  readonly #speed: number;
  readonly #startUs: () => number;

  constructor(speed: number, startUs: () => number) {
    this.#speed = speed;
    this.#startUs = startUs;
  }

  map(atUs: number): number {
    if (!this.#begun || Math.abs(atUs - this.#previousUs) > LONGEST_GAP_US) {
      this.#begun = true;
      this.#originUs = atUs;
      this.#baseUs = this.lastUs === 0 ? this.#startUs() : Math.max(this.#startUs(), this.lastUs + JOIN_GAP_US);
    }
    this.#previousUs = atUs;
    const presentUs = this.#baseUs + Math.round((atUs - this.#originUs) / this.#speed);
    if (presentUs > this.lastUs) this.lastUs = presentUs;
    return presentUs;
  }

  /** The capture begins anew: its next frame comes now, but after all that came before. */
  nextPass(): void {
    this.#begun = false;
  }
}

/** Gives every frame its present time and passes it on at once. */
export class Restamp implements FrameSink {
  readonly #clock: ReplayClock;
  readonly #sink: FrameSink;

  constructor(clock: ReplayClock, sink: FrameSink) {
    this.#clock = clock;
    this.#sink = sink;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    this.#sink.frame(buf, off, end, wireLength, linkType, this.#clock.map(atUs));
  }

  flush(): void {
    this.#sink.flush();
  }
}

/** Columns of a queued frame. */
const OFF = 0;
const END = 1;
const WIRE = 2;
const LINK = 3;
const DUE = 4;
const COLUMNS = 5;

/**
 * Holds the frames of one chunk and lets each go when its time has come.
 *
 * Shape    Frames are kept as offsets into the buffers of the parser and its source, which therefore must not be reused before {@link drain}
 *          has settled: collect a chunk, drain, read the next. Grows to the most frames of a chunk and no more.
 */
export class PacedQueue implements FrameSink {
  #count = 0;
  #columns = new Float64Array(1024 * COLUMNS);
  readonly #buffers: Uint8Array[] = [];
  readonly #clock: ReplayClock;
  readonly #sink: FrameSink;
  readonly #nowUs: () => number;

  constructor(clock: ReplayClock, sink: FrameSink, nowUs: () => number) {
    this.#clock = clock;
    this.#sink = sink;
    this.#nowUs = nowUs;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    const at = this.#count * COLUMNS;
    if (at === this.#columns.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#columns);
      this.#columns = larger;
    }
    this.#columns[at + OFF] = off;
    this.#columns[at + END] = end;
    this.#columns[at + WIRE] = wireLength;
    this.#columns[at + LINK] = linkType;
    this.#columns[at + DUE] = this.#clock.map(atUs);
    this.#buffers[this.#count++] = buf;
  }

  /** Nothing: frames leave when they are due, see {@link drain}. */
  flush(): void {}

  /** Delivers what was collected, each frame at its time; frames that are late go out at once. Returns early, leaving them, on abort. */
  async drain(signal: AbortSignal): Promise<void> {
    let next = 0;
    while (next < this.#count && !signal.aborted) {
      const waitUs = at(this.#columns, next * COLUMNS + DUE) - this.#nowUs();
      if (waitUs > BATCH_US) {
        await pause(waitUs / 1000, signal);
        continue;
      }
      next = this.#release(next, this.#nowUs() + BATCH_US);
    }
    this.#count = 0;
    this.#buffers.length = 0;
  }

  /** Delivers frames from `first` while they are due by `untilUs`; returns the first that is not. */
  #release(first: number, untilUs: number): number {
    const columns = this.#columns;
    let i = first;
    for (; i < this.#count; i++) {
      const row = i * COLUMNS;
      const buf = this.#buffers[i];
      if (buf === undefined || at(columns, row + DUE) > untilUs) break;
      this.#sink.frame(
        buf,
        at(columns, row + OFF),
        at(columns, row + END),
        at(columns, row + WIRE),
        at(columns, row + LINK),
        at(columns, row + DUE),
      );
    }
    this.#sink.flush();
    return i;
  }
}

/** Sleeps, or wakes early when the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.min(milliseconds, LONGEST_SLEEP_MS), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
