import { type CaptureCounters, type FrameSink, newCounters, type Source } from "../capture/define.ts";
import { MICROS } from "../core/clock.ts";
import type { CapturedFrame } from "../demo/frames/capture.ts";
import { buildDemoHome } from "../demo/home/build.ts";
import { SCENE_HOURS } from "../demo/home/world.ts";

/** How much of the sample home's story goes on live after the start; what lies before is analysed at once, as the past hours. */
const LIVE_SECONDS = 30 * 60;
const PAST_SECONDS = SCENE_HOURS * 3600 - LIVE_SECONDS;
const SLICE_MS = 100;
const LINKTYPE_ETHERNET = 1;

/** The sample home as a source: its past hours at once, the last half hour at the pace of life, then that half hour again and again. */
export class DemoSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #seed: number;
  /** MACs, as the twelve digits without colons, whose frames are no longer carried. */
  #blocked: ReadonlySet<string> = new Set();

  constructor(options: { seed: number }) {
    this.#seed = options.seed;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const liveUs = Date.now() * 1000;
    const frames = buildDemoHome({ seed: this.#seed, startUs: liveUs - PAST_SECONDS * MICROS }).builder.frames();
    const liveStart = frames.findIndex(({ atUs }) => atUs >= liveUs);
    for (let i = 0; i < liveStart; i++) {
      if (signal.aborted) return;
      this.#deliver(sink, frames[i], 0);
      // The event loop gets its turn, so that the agent can be stopped meanwhile.
      if (i % 4096 === 4095) await new Promise((resolve) => setImmediate(resolve));
    }
    sink.flush();
    for (let round = 0; !signal.aborted; round++) await this.#play(frames, liveStart, round, sink, signal);
  }

  /** Plays the live part once, each frame as its time comes. */
  async #play(
    frames: readonly CapturedFrame[],
    first: number,
    round: number,
    sink: FrameSink,
    signal: AbortSignal,
  ): Promise<void> {
    const shiftUs = round * LIVE_SECONDS * MICROS;
    for (let i = first; i < frames.length && !signal.aborted; ) {
      const nowUs = Date.now() * 1000;
      while (i < frames.length && (frames[i]?.atUs ?? 0) + shiftUs <= nowUs) this.#deliver(sink, frames[i++], shiftUs);
      sink.flush();
      await new Promise((resolve) => setTimeout(resolve, SLICE_MS));
    }
  }

  /** The sample home's router shuts these devices off, and nobody else. Takes effect at once. */
  block(macs: readonly string[]): void {
    this.#blocked = new Set(macs.map((mac) => mac.replaceAll(":", "")));
  }

  #isBlocked(frame: Uint8Array): boolean {
    const macs = Buffer.from(frame.buffer, frame.byteOffset, 12).toString("hex");
    return this.#blocked.has(macs.slice(0, 12)) || this.#blocked.has(macs.slice(12));
  }

  #deliver(sink: FrameSink, frame: CapturedFrame | undefined, shiftUs: number): void {
    if (!frame || (this.#blocked.size > 0 && this.#isBlocked(frame.frame))) return;
    this.counters.packets++;
    sink.frame(frame.frame, 0, frame.frame.length, frame.wireLength, LINKTYPE_ETHERNET, frame.atUs + shiftUs);
  }
}
