import type { IsolationBook } from "./book.ts";
import type { Backend, IsolationTarget } from "./define.ts";
import type { IsolationRecord } from "./record.ts";

export interface LaneOptions {
  readonly book: IsolationBook;
  nowMs(): number;
  target(record: IsolationRecord): IsolationTarget;
  protectedReason(record: IsolationRecord): string | undefined;
  applied(): void;
  changed(): void;
  warn(message: string): void;
}

/** Pauses between tries while a back-end fails: soon, since a person waits, then seldom. */
const PAUSES_MS = [1000, 2000, 5000, 15_000, 60_000] as const;
/**
 * A new address is followed in this. A hostile device changes its addresses all the time, to fill the journal and to keep the router busy: then
 * the pause doubles, up to a minute, and is short again after a while without a change.
 */
const ADDRESS_PAUSE_MS = 2000;
const LONGEST_ADDRESS_PAUSE_MS = 60_000;
const ADDRESS_QUIET_MS = 5 * 60_000;

/** One device at one back-end: acts one after the other, each from what is wanted at that moment. */
export class Lane {
  readonly backend: Backend;
  readonly device: string;
  /** What goes wrong now, in words. */
  problem: string | undefined;
  readonly #options: LaneOptions;
  #running: Promise<void> | undefined;
  #isDirty = false;
  #isClosed = false;
  #isStray = false;
  #isDistrusted = false;
  #tries = 0;
  #retryAtMs: number | undefined;
  #appliedAtMs = Number.NEGATIVE_INFINITY;
  #addressPauseMs = ADDRESS_PAUSE_MS;

  constructor(backend: Backend, device: string, options: LaneOptions) {
    this.backend = backend;
    this.device = device;
    this.#options = options;
  }

  /** Nothing is left to do here. */
  get isDone(): boolean {
    return this.#running === undefined && this.#retryAtMs === undefined && !this.#isStray;
  }

  /** What is wanted changed: acts at once. */
  kick(): void {
    this.#retryAtMs = undefined;
    this.#tries = 0;
    this.#go();
  }

  /** The device changed: looks whether its addresses did. What waits for another try goes on waiting. */
  look(): void {
    if (this.#retryAtMs === undefined) this.#go();
  }

  tick(nowMs: number): void {
    if (this.#retryAtMs === undefined || nowMs < this.#retryAtMs) return;
    this.#retryAtMs = undefined;
    this.#go();
  }

  /** The router has entries of a device that nobody wants isolated. */
  stray(): void {
    this.#isStray = true;
    this.kick();
  }

  /** What was applied is not on the router any more. */
  missing(record: IsolationRecord): void {
    if (this.#running !== undefined || !record.isWanted) return;
    this.#options.warn(`${record.name}: ${this.backend.name} has lost its isolation; it is applied again`);
    this.distrust();
  }

  /** Applies again what counts as applied. */
  distrust(): void {
    this.#isDistrusted = true;
    this.kick();
  }

  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  close(): void {
    this.#isClosed = true;
  }

  #go(): void {
    this.#isDirty = true;
    if (this.#running !== undefined || this.#isClosed) return;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    // Lets the caller finish its own words first.
    await null;
    while (this.#isDirty && !this.#isClosed) {
      this.#isDirty = false;
      try {
        await this.#act();
        if (this.problem !== undefined) continue;
        this.#tries = 0;
      } catch (error) {
        this.#failed((error as Error).message);
      }
    }
    // In the same turn as the last look: whoever wants something later starts it anew.
    this.#running = undefined;
    this.#options.changed();
  }

  async #act(): Promise<void> {
    const record = this.#options.book.of(this.device);
    if (record === undefined) await this.#revertStray();
    else if (record.isWanted) await this.#hold(record);
    else await this.#letGo(record);
  }

  async #hold(before: IsolationRecord): Promise<void> {
    const { book, nowMs, target, protectedReason } = this.#options;
    if (this.#isUpToDate(before)) return;
    const { backend } = this;
    const unable = backend.cannot(target(before));
    if (unable !== undefined) {
      // Nothing to try again: new addresses come by themselves.
      this.problem = unable;
      return;
    }
    const notReady = await backend.notReady();
    // The world may have moved on meanwhile.
    const record = book.of(this.device);
    if (this.#isClosed || record === undefined || !record.isWanted || protectedReason(record) !== undefined) return;
    if (notReady !== undefined) throw new Error(notReady);
    const aim = target(record);
    const { mac, ips } = aim;
    book.write(record.id, { step: "applying", backend: backend.name, level: backend.level, mac, ips });
    this.#noteApply(record, nowMs());
    this.#isDistrusted = true;
    await backend.apply(aim);
    await this.#confirm(aim);
    if (this.#isClosed) return;
    this.#isDistrusted = false;
    this.problem = undefined;
    book.note(record.id, { step: "applied", backend: backend.name });
    this.#isDirty = true;
    this.#options.applied();
  }

  #noteApply({ holds }: IsolationRecord, nowMs: number): void {
    const isMove = holds.get(this.backend.name)?.state === "applied" && !this.#isDistrusted;
    const isQuiet = nowMs - this.#appliedAtMs > ADDRESS_QUIET_MS;
    if (isQuiet) this.#addressPauseMs = ADDRESS_PAUSE_MS;
    else if (isMove) this.#addressPauseMs = Math.min(this.#addressPauseMs * 2, LONGEST_ADDRESS_PAUSE_MS);
    this.#appliedAtMs = nowMs;
  }

  /** True when the back-end holds it under the present addresses, or when it is too early to change them again. */
  #isUpToDate(record: IsolationRecord): boolean {
    const hold = record.holds.get(this.backend.name);
    if (hold?.state !== "applied" || this.#isDistrusted) return false;
    const { device, name } = record;
    const held = new Set(this.backend.keysOf({ device, name, mac: hold.mac, ips: hold.ips }));
    const wanted = this.backend.keysOf(this.#options.target(record));
    if (wanted.length === held.size && wanted.every((key) => held.has(key))) return true;
    const dueMs = this.#appliedAtMs + this.#addressPauseMs;
    if (this.#options.nowMs() >= dueMs) return false;
    this.#retryAtMs = dueMs;
    return true;
  }

  async #letGo(record: IsolationRecord): Promise<void> {
    const { book } = this.#options;
    const hold = record.holds.get(this.backend.name);
    this.#isDistrusted = false;
    if (hold === undefined || hold.state === "reverted") {
      this.problem = undefined;
      return;
    }
    // As it was applied, not as the device is called and addressed by now.
    const { device, name } = record;
    await this.#revert({ device, name, mac: hold.mac, ips: hold.ips });
    this.#isStray = false;
    if (this.#isClosed) return;
    book.note(record.id, { step: "reverted", backend: this.backend.name });
    this.#isDirty = true;
  }

  async #revertStray(): Promise<void> {
    if (!this.#isStray) return;
    await this.#revert({ device: this.device, mac: null, ips: [], name: this.device });
    this.#isStray = false;
  }

  async #revert(target: IsolationTarget): Promise<void> {
    await this.backend.revert(target);
    const entries = await this.backend.list([target]);
    if (entries.some(({ device }) => device === this.device)) throw new Error("the router still shows it isolated");
    this.problem = undefined;
  }

  async #confirm(target: IsolationTarget): Promise<void> {
    const entries = await this.backend.list([target]);
    const present = new Set(entries.filter(({ device }) => device === this.device).map(({ key }) => key));
    const missing = this.backend.keysOf(target).find((key) => !present.has(key));
    if (missing !== undefined) throw new Error(`the router does not show ${missing} isolated`);
  }

  #failed(message: string): void {
    const { book, nowMs, warn } = this.#options;
    const pauseMs = PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)] ?? 0;
    this.#retryAtMs = nowMs() + pauseMs;
    if (this.#isClosed || message === this.problem) return;
    this.problem = message;
    const record = book.of(this.device);
    const name = record?.name ?? this.device;
    const what = record?.isWanted === true ? "cannot be isolated" : "cannot be let in again";
    warn(`${name} ${what} by ${this.backend.name}: ${message}`);
    if (record !== undefined) book.note(record.id, { step: "failed", backend: this.backend.name, detail: message });
  }
}
