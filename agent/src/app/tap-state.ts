import type { SourceState } from "./sensor-message.ts";

/**
 * A live tap that delivered nothing for this long is blind. Every home speaks more often: switches send spanning tree every 2 s, phones and
 * plugs keep their cloud connections alive every 30 to 60 s, and computers ask by ARP and mDNS in between; a whole home silent for a minute
 * is a mirror port that was switched off or a cable that was pulled.
 */
export const SILENT_MS = 60_000;

/**
 * The same for records of other programs: they come when flows end, and exporters (softflowd) send them once a minute; five silent minutes
 * mean that the exporter or the sensor that writes the log has stopped.
 */
export const RECORDS_SILENT_MS = 300_000;

/** Whether the home is seen, and if not, why: made of the state of each source and the packets that come. Wall time, milliseconds. */
export class TapState {
  readonly #sources: { state: SourceState; reason: string; readonly isLive: boolean }[];
  #packets = 0;
  #heardMs = 0;

  readonly #isRecordsOnly: boolean;

  constructor(isLive: readonly boolean[], isRecordsOnly = false) {
    this.#isRecordsOnly = isRecordsOnly;
    this.#sources = isLive.map((live) => ({ state: "starting", reason: "", isLive: live }));
  }

  /** True if that is news: a source that fails is tried again and again, and says the same each time. */
  source(index: number, state: SourceState, reason: string, nowMs: number): boolean {
    const source = this.#sources[index];
    if (!source) return false;
    const isNews = source.state !== state || source.reason !== reason;
    if (state === "up" && source.state !== "up") this.#heardMs = nowMs;
    source.state = state;
    source.reason = reason;
    return isNews;
  }

  /** The sensor died: nothing comes from anywhere. A file that had been read to its end stays so. */
  sensorGone(reason: string): void {
    for (const source of this.#sources) {
      if (source.state === "ended") continue;
      source.state = "failed";
      source.reason = reason;
    }
  }

  /** `total` packets have come so far. */
  counted(total: number, nowMs: number): void {
    if (total !== this.#packets) this.#heardMs = nowMs;
    this.#packets = total;
  }

  /** Packets come. A capture that is played has its own pauses. */
  isUp(nowMs: number): boolean {
    const up = this.#sources.filter(({ state }) => state === "up");
    return up.length > 0 && (up.some(({ isLive }) => !isLive) || nowMs - this.#heardMs < this.#silentMs);
  }

  get #silentMs(): number {
    return this.#isRecordsOnly ? RECORDS_SILENT_MS : SILENT_MS;
  }

  /** Every source was a file and has been read to its end. */
  get isOver(): boolean {
    return this.#sources.every(({ state }) => state === "ended");
  }

  get isStarting(): boolean {
    return this.#sources.every(({ state }) => state === "starting");
  }

  /** Why the tap is down, or which of several sources fails; undefined when all is well. */
  reason(nowMs: number): string | undefined {
    const failed = this.#sources.filter(({ state }) => state === "failed").map(({ reason }) => reason);
    if (failed.length > 0) return [...new Set(failed)].join("; ");
    if (this.isUp(nowMs)) return undefined;
    if (this.isOver) return "the capture has ended";
    if (this.#sources.some(({ state }) => state === "starting")) return "starting";
    const seconds = Math.floor((nowMs - this.#heardMs) / 1000);
    return this.#isRecordsOnly
      ? `no record for ${seconds} s: does the program that writes or sends them run, and does it send them here?`
      : `no packet for ${seconds} s: is the mirror port switched on and its cable in?`;
  }

  /** Sources that are not up yet, for /readyz. A silent tap is up: to start the agent again would not help. */
  notReady(): string[] {
    return this.#sources
      .filter(({ state }) => state === "starting" || state === "failed")
      .map(({ state, reason }) => `source (${state === "failed" ? reason : "starting"})`);
  }
}
