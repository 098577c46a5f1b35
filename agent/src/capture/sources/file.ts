import { setImmediate as nextTurn } from "node:timers/promises";
import { wallClock } from "../../core/clock.ts";
import { isRereadable, readInput } from "../capture-input.ts";
import { CaptureParser } from "../capture-parser.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { finishCapture, readCaptureFile } from "../read-file.ts";
import { PacedQueue, ReplayClock, Restamp } from "../replay.ts";
import { badSourceValue, checkSourceKeys } from "../source-keys.ts";

export interface FileConfig {
  /** A pcap or pcapng file, packed by gzip or zstd or not; a named pipe; `-` for standard input. */
  readonly path: string;
  /** Times the speed of the capture, or as fast as it goes. */
  readonly speed: number | "max";
  /** Begin anew at the end, for ever. */
  readonly loop: boolean;
}

/** Octets read at a time when playing at a given speed: little, so that a loop over a small file stays light. */
const PACED_CHUNK = 65_536;
const SLOWEST = 0.001;
const FASTEST = 100_000;

/**
 * A capture file as if it happened now.
 *
 * Time     At N times the speed of the capture a frame's time is the moment at which it is played, so 10 means traffic ten times as dense.
 *          At "max" frames keep their distances, and the last one of the first pass lies at the present; further passes go on from there.
 */
export const file = defineSource<FileConfig>({
  type: "file",
  parse(config) {
    checkSourceKeys(config, "file", ["path", "speed", "loop"]);
    const { path, speed = 1, loop = false } = config;
    if (typeof path !== "string" || path === "") throw badSourceValue("file", "path", path, "a capture file, or -");
    const isSpeed = typeof speed === "number" && speed >= SLOWEST && speed <= FASTEST;
    if (speed !== "max" && !isSpeed) {
      throw badSourceValue("file", "speed", speed, `max, or a number from ${SLOWEST} to ${FASTEST}`);
    }
    if (typeof loop !== "boolean") throw badSourceValue("file", "loop", loop, "true or false");
    if (loop && path === "-") throw badSourceValue("file", "loop", loop, "false: standard input cannot be read again");
    return { path, speed: speed as number | "max", loop };
  },
  open: (config, context) => new FileSource(config, context),
});

class FileSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: FileConfig;
  readonly #context: SourceContext;

  constructor(config: FileConfig, context: SourceContext) {
    this.#config = config;
    this.#context = context;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const { path, speed, loop } = this.#config;
    const clock = speed === "max" ? await this.#clockEndingNow(signal) : new ReplayClock(speed, wallClock.nowUs);
    const pass =
      speed === "max" ? () => this.#atOnce(new Restamp(clock, sink), signal) : () => this.#paced(clock, sink, signal);
    while (!signal.aborted) {
      const before = this.counters.packets;
      await pass();
      // A capture without packets, or a pipe, gives nothing the second time either.
      if (!loop || this.counters.packets === before || !isRereadable(path)) return;
      clock.nextPass();
      // A small file is read within one turn of the event loop: without this an abort would never be heard.
      await nextTurn();
    }
  }

  /** Plays the file once in the mind: only its end tells where it has to begin for its last frame to lie at the present. */
  async #clockEndingNow(signal: AbortSignal): Promise<ReplayClock> {
    const nowUs = wallClock.nowUs();
    if (!isRereadable(this.#config.path)) return new ReplayClock(1, () => nowUs);
    const rehearsal = new ReplayClock(1, () => 0);
    const silent: FrameSink = { frame: (_buf, _off, _end, _wire, _link, atUs) => void rehearsal.map(atUs), flush() {} };
    await readCaptureFile(this.#config.path, silent, newCounters(), { warn: () => undefined, signal });
    return new ReplayClock(1, () => nowUs - rehearsal.lastUs);
  }

  #atOnce(sink: FrameSink, signal: AbortSignal): Promise<void> {
    return readCaptureFile(this.#config.path, sink, this.counters, {
      warn: (line) => this.#context.warn(line),
      signal,
    });
  }

  async #paced(clock: ReplayClock, sink: FrameSink, signal: AbortSignal): Promise<void> {
    const { path } = this.#config;
    const warn = (line: string): void => this.#context.warn(line);
    const queue = new PacedQueue(clock, sink, wallClock.nowUs);
    const parser = new CaptureParser(queue, this.counters, (line) => warn(`${path}: ${line}`));
    let any = false;
    const end = await readInput(
      path,
      async (chunk) => {
        any = true;
        parser.push(chunk);
        await queue.drain(signal);
        return !parser.stopped && !signal.aborted;
      },
      { signal, chunkBytes: PACED_CHUNK },
    );
    finishCapture(path, parser, this.counters, { any, fault: end.fault, aborted: signal.aborted }, warn);
  }
}
