import { type CaptureCounters, newCounters, type Source } from "../capture/define.ts";
import { MICROS } from "../core/clock.ts";
import { buildDemoHome } from "../demo/home/build.ts";

/** How much of the sample home's story goes on live after the start; what lies before is analysed at once, as the past hours. */
const LIVE_SECONDS = 30 * 60;
const SLICE_MS = 100;
const LINKTYPE_ETHERNET = 1;

interface Frame {
  readonly atUs: number;
  readonly frame: Uint8Array;
  readonly wireLength: number;
}

/** The sample home as a source: its past hours at once, the last half hour at the pace of life, then that half hour again and again. */
export class DemoSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #seed: number;

  constructor(options: { seed: number }) {
    this.#seed = options.seed;
  }

  async run(sink: Parameters<Source["run"]>[0], signal: AbortSignal): Promise<void> {
    const frames = [...buildDemoHome({ seed: this.#seed, startUs: 0 }).builder.frames()] as Frame[];
    const endUs = frames.at(-1)?.atUs ?? 0;
    const liveFromUs = endUs - LIVE_SECONDS * MICROS;
    const liveStart = frames.findIndex(({ atUs }) => atUs >= liveFromUs);
    const nowUs = Date.now() * 1000;
    // The story's live half begins now, so that what came before lies in the past hours.
    let shiftUs = nowUs - liveFromUs;
    for (let i = 0; i < liveStart; i++) {
      if (signal.aborted) return;
      this.#deliver(sink, frames[i], shiftUs);
      if (i % 4096 === 4095) await new Promise((resolve) => setImmediate(resolve));
    }
    sink.flush();
    while (!signal.aborted) {
      await this.#play(frames, liveStart, shiftUs, sink, signal);
      shiftUs += LIVE_SECONDS * MICROS;
    }
  }

  /** Delivers frames from `first` on as their time comes. */
  async #play(
    frames: readonly Frame[],
    first: number,
    shiftUs: number,
    sink: Parameters<Source["run"]>[0],
    signal: AbortSignal,
  ): Promise<void> {
    const startWallMs = Date.now();
    const startUs = (frames[first]?.atUs ?? 0) + shiftUs;
    for (let i = first; i < frames.length && !signal.aborted; ) {
      const dueUs = startUs + (Date.now() - startWallMs) * 1000;
      while (i < frames.length && (frames[i]?.atUs ?? 0) + shiftUs <= dueUs) this.#deliver(sink, frames[i++], shiftUs);
      sink.flush();
      await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
    }
  }

  #deliver(sink: Parameters<Source["run"]>[0], frame: Frame | undefined, shiftUs: number): void {
    if (!frame) return;
    this.counters.packets++;
    sink.frame(frame.frame, 0, frame.frame.length, frame.wireLength, LINKTYPE_ETHERNET, frame.atUs + shiftUs);
  }
}
