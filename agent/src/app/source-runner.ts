import { setTimeout as sleep } from "node:timers/promises";
import { type CaptureCounters, type FrameSink, newCounters, type Source } from "../capture/define.ts";
import { AgentError } from "../core/errors.ts";
import type { SourceState } from "./sensor-message.ts";

/** Without a packet, a source that has not complained for so long counts as up: capture programs fail within some 100 ms. */
const SETTLE_MS = 1500;
const LOOK_MS = 50;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A password or key that was refused is not made right by trying again, and routers lock out who tries often. */
const REFUSED_PAUSE_MS = 900_000;
/** A source that ran this long was healthy: it is tried again quickly. */
const HEALTHY_MS = 60_000;

/** What tests change. */
export interface SourceRunnerOptions {
  readonly settleMs?: number;
  readonly firstPauseMs?: number;
}

/** Keeps one source running: opens it, says how it is, and tries again with growing pauses when it fails. Others go on meanwhile. */
export class SourceRunner {
  readonly #open: () => Source;
  readonly #tell: (state: SourceState, reason: string) => void;
  readonly #settleMs: number;
  readonly #firstPauseMs: number;
  /** Of sources that have failed. */
  readonly #past: CaptureCounters = newCounters();
  #source: Source | undefined;
  #state: SourceState = "starting";

  constructor(
    open: () => Source,
    tell: (state: SourceState, reason: string) => void,
    options: SourceRunnerOptions = {},
  ) {
    this.#open = open;
    this.#tell = tell;
    this.#settleMs = options.settleMs ?? SETTLE_MS;
    this.#firstPauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
  }

  /** Counts over all attempts. */
  count(name: "packets" | "kernelDrops" | "invalid"): number {
    return this.#past[name] + (this.#source?.counters[name] ?? 0);
  }

  /** Settles when the source has ended for good, or `signal` aborts. Rejects with what is no AgentError: a fault of the program. */
  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    let pauseMs = this.#firstPauseMs;
    while (!signal.aborted) {
      const startedMs = Date.now();
      const failure = await this.#once(sink, signal);
      if (failure === undefined || signal.aborted) return;
      this.#say("failed", failure.message);
      if (Date.now() - startedMs >= HEALTHY_MS) pauseMs = this.#firstPauseMs;
      const waitMs = failure.code === "ERR_TAP_LOGIN" ? REFUSED_PAUSE_MS : pauseMs;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  async #once(sink: FrameSink, signal: AbortSignal): Promise<AgentError | undefined> {
    let look: NodeJS.Timeout | undefined;
    try {
      const source = this.#open();
      this.#source = source;
      const upMs = Date.now() + this.#settleMs;
      look = setInterval(() => {
        if (source.counters.packets === 0 && (Date.now() < upMs || source.isConnected === false)) return;
        clearInterval(look);
        this.#say("up", "");
      }, LOOK_MS);
      await source.run(sink, signal);
      if (!signal.aborted) this.#say("ended", "");
      return undefined;
    } catch (error) {
      if (error instanceof AgentError) return error;
      throw error;
    } finally {
      clearInterval(look);
      this.#keepCounts();
    }
  }

  #keepCounts(): void {
    const counters = this.#source?.counters;
    this.#source = undefined;
    if (!counters) return;
    this.#past.packets += counters.packets;
    this.#past.kernelDrops += counters.kernelDrops;
    this.#past.invalid += counters.invalid;
  }

  #say(state: SourceState, reason: string): void {
    if (state === this.#state && state !== "failed") return;
    this.#state = state;
    this.#tell(state, reason);
  }
}
