import type { TapReport } from "@lanwarden/contract/doctor";
import type { Network } from "../core/ip.ts";
import { tapReport } from "../doctor/diagnose.ts";
import { TapObserver } from "../doctor/tap-observer.ts";
import { HostWatch, ownAddresses } from "./host-facts.ts";

/** Programs and switches have settled; a person who has just connected the tap still sits there. */
const FIRST_MS = 10_000;
/** Long enough for the keep-alives of most devices, which come every 30 to 60 s. */
const LOOK_MS = 60_000;
/** A busy link says all in less: a look costs about a microsecond a packet, so never more than a fraction of a second in all. */
const LOOK_FRAMES = 200_000;
/** The second look, and any that follows one with another outcome than before: soon, but another moment of the home. */
const SOON_MS = 120_000;
const LATER_MS = 3_600_000;

export interface TapCheckOptions {
  readonly home: readonly Network[];
  readonly seed: number;
  /** Name of the source in reports. */
  readonly name: string;
  /** The interface, where there is one. */
  readonly interface: string | undefined;
  /** Packets that the kernel has lost so far. */
  kernelDrops(): number;
  tell(report: TapReport): void;
}

/**
 * Looks at a live tap now and then, as `lanwarden doctor` does, beside the sensor: soon after the start, again two minutes later, then every hour.
 * Between looks `observer` is undefined and nothing is done per frame.
 */
export class TapCheck {
  observer: TapObserver | undefined;
  readonly #options: TapCheckOptions;
  #host: HostWatch | undefined;
  #dropsBefore = 0;
  #dueMs: number;
  #looks = 0;
  #lastOutcome = "";

  constructor(options: TapCheckOptions, nowMs: number) {
    this.#options = options;
    this.#dueMs = nowMs + FIRST_MS;
  }

  /** About once a second. `nowMs`: of a clock that only runs. */
  tick(nowMs: number): void {
    if (this.observer === undefined) {
      if (nowMs >= this.#dueMs) this.#begin(nowMs);
    } else if (nowMs >= this.#dueMs || this.observer.packets >= LOOK_FRAMES) this.#end(nowMs, this.observer);
  }

  #begin(nowMs: number): void {
    const { home, seed, interface: name, kernelDrops } = this.#options;
    const { macs, ips } = ownAddresses();
    this.observer = new TapObserver({ isLive: true, home, seed, ownMacs: macs, ownIps: ips });
    this.#host = name === undefined ? undefined : new HostWatch(name);
    this.#dropsBefore = kernelDrops();
    this.#dueMs = nowMs + LOOK_MS;
  }

  #end(nowMs: number, observer: TapObserver): void {
    const drops = Math.max(0, this.#options.kernelDrops() - this.#dropsBefore);
    const report = tapReport(this.#options.name, observer.observation(drops, this.#host?.facts()));
    this.stop();
    const outcome = report.findings.map(({ id }) => id).join();
    const isSettled = this.#looks++ > 0 && outcome === this.#lastOutcome;
    this.#lastOutcome = outcome;
    this.#dueMs = nowMs + (isSettled ? LATER_MS : SOON_MS);
    this.#options.tell(report);
  }

  /** Breaks a look off, without a word. */
  stop(): void {
    this.observer = undefined;
    this.#host?.stop();
    this.#host = undefined;
  }
}
