import type { EventSink, SensorEvent } from "../dissect/event.ts";

/** Events a message carries at most, and how long the first one waits for company. */
export const BATCH_EVENTS = 256;
export const BATCH_MS = 50;
/** Batches that the other side may be behind before flow records are dropped (16k events) … */
const BEHIND_FLOWS = 64;
/** … before observations are (64k) … */
const BEHIND_ALL = 256;
/** … and before even what incidents are made of is (128k, about 100 MB): a side that far behind is stuck, and memory ends. */
const BEHIND_MOST = 512;

/**
 * Gathers the sensor's events into batches for the other thread. When that thread falls behind: `lossless` sources (files) wait for it; live
 * ones drop flow starts and updates first, then everything but logins, flow ends and mining, each counted. Incidents are made on the other
 * side and are never dropped.
 */
export class EventBatches implements EventSink {
  readonly #post: (batch: SensorEvent[]) => void;
  /** Batches handled by the other side: one Int32 in shared memory, so that a busy thread can wait for it. */
  readonly #handled: Int32Array<SharedArrayBuffer>;
  readonly #lossless: boolean;
  #batch: SensorEvent[] = [];
  #posted = 0;
  #timer: NodeJS.Timeout | undefined;
  droppedFlows = 0;
  droppedObservations = 0;

  constructor(post: (batch: SensorEvent[]) => void, handled: Int32Array<SharedArrayBuffer>, lossless: boolean) {
    this.#post = post;
    this.#handled = handled;
    this.#lossless = lossless;
  }

  emit(event: SensorEvent): void {
    if (!this.#lossless && this.#isDropped(event)) return;
    this.#batch.push(event);
    if (this.#batch.length >= BATCH_EVENTS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Events that belong together: they travel in one batch. */
  emitTogether(events: readonly SensorEvent[]): void {
    for (const event of events) if (this.#lossless || !this.#isDropped(event)) this.#batch.push(event);
    if (this.#batch.length >= BATCH_EVENTS) this.flush();
    else if (this.#batch.length > 0) this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  #isDropped(event: SensorEvent): boolean {
    const behind = this.#behind();
    if (behind < BEHIND_FLOWS) return false;
    if (event.name === "flow" && event.data.phase !== "end") {
      this.droppedFlows++;
      return true;
    }
    const isLast = event.name === "flow" || event.name === "login" || event.name === "stratum";
    if (behind < (isLast ? BEHIND_MOST : BEHIND_ALL)) return false;
    this.droppedObservations++;
    return true;
  }

  #behind(): number {
    return (this.#posted - Atomics.load(this.#handled, 0)) | 0;
  }

  flush(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#posted = (this.#posted + 1) | 0;
    this.#post(batch);
    if (!this.#lossless) return;
    for (let behind = this.#behind(); behind >= BEHIND_FLOWS; behind = this.#behind()) {
      // Bounded wait: should the other thread be gone, this one must still be able to stop.
      if (Atomics.wait(this.#handled, 0, Atomics.load(this.#handled, 0), 1000) === "timed-out") break;
    }
  }
}
