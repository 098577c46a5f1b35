import type { IsolationBook } from "./book.ts";
import type { Backend, BackendEntry, IsolationTarget } from "./define.ts";
import { Lane } from "./lane.ts";
import type { Hold, IsolationRecord } from "./record.ts";

/** How often the router is read back while anything is isolated. */
const READ_EVERY_MS = 30_000;
/** The agent starts after this, even if a router has not answered; its lanes go on. */
const START_LIMIT_MS = 10_000;

export interface EnforcerOptions {
  readonly backends: readonly Backend[];
  readonly book: IsolationBook;
  nowMs(): number;
  /** Whom the isolation shuts off, with the device's present addresses. */
  target(record: IsolationRecord): IsolationTarget;
  /** Why it must not be shut off, asked right before each act. */
  protectedReason(record: IsolationRecord): string | undefined;
  /** What a back-end holds of the isolation changed. */
  changed(device: string): void;
  /** A back-end holds it now, or anew. */
  applied(device: string): void;
  /** The router was read, and shows what the journal says. */
  confirmed(record: IsolationRecord): void;
  warn(message: string): void;
}

/**
 * Brings the back-ends to what the book says. Each device has one lane a back-end, in which one act follows the other; a slow or silent
 * back-end delays no other. A lane looks at what is wanted when it acts, not when it was asked, so any order of events ends in the same state.
 */
export class Enforcer {
  readonly #options: EnforcerOptions;
  readonly #lanes = new Map<string, Lane>();
  #readAtMs = 0;
  #reading: Promise<void> | undefined;
  /** Back-ends that have not told yet what the last run left there. */
  readonly #unread: Set<Backend>;
  #isClosed = false;

  constructor(options: EnforcerOptions) {
    this.#options = options;
    this.#unread = new Set(options.backends);
  }

  /** Reads the back-ends back, then finishes or undoes what was cut short. Waits for it within limits. */
  async start(): Promise<void> {
    await within(START_LIMIT_MS, this.#read());
    for (const record of this.#options.book.live()) this.kick(record.device);
    await within(START_LIMIT_MS, this.idle());
  }

  /** Something about the device changed: its lanes look again. */
  kick(device: string): void {
    const record = this.#options.book.of(device);
    if (record === undefined || this.#isClosed) return;
    for (const backend of this.#options.backends) this.#lane(backend, device).kick();
    this.#finish(record.device);
  }

  /** The device changed: its lanes look whether it has new addresses. */
  look(device: string): void {
    if (this.#isClosed) return;
    for (const backend of this.#options.backends) this.#lane(backend, device).look();
  }

  /** The router lets packets through although it is said to hold: everything is applied anew. Resolves when that was tried. */
  async reapply(device: string): Promise<void> {
    const lanes = this.#options.backends.map((backend) => this.#lane(backend, device));
    for (const lane of lanes) lane.distrust();
    await Promise.all(lanes.map((lane) => lane.idle()));
  }

  /** Called a few times a second: what failed is tried again, and the router is read back every 30 seconds. */
  tick(): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.nowMs();
    for (const lane of this.#lanes.values()) lane.tick(nowMs);
    const isNeeded = this.#options.book.live().length > 0 || this.#unread.size > 0;
    if (!isNeeded || nowMs - this.#readAtMs < READ_EVERY_MS) return;
    void this.#read();
  }

  /** What goes wrong with a device at each back-end now, in words. */
  problems(device: string): string[] {
    return [...this.#lanes.values()].flatMap((lane) =>
      lane.device === device && lane.problem !== undefined ? [`${lane.backend.name}: ${lane.problem}`] : [],
    );
  }

  /** Resolves when no lane is at work. */
  async idle(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.idle()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes.values()) lane.close();
    await this.idle();
  }

  #lane(backend: Backend, device: string): Lane {
    const key = `${backend.name}\n${device}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const { book, nowMs, target, protectedReason, warn, applied } = this.#options;
    const lane = new Lane(backend, device, {
      book,
      nowMs,
      target,
      protectedReason,
      warn,
      applied: () => applied(device),
      changed: () => {
        this.#finish(device);
        if (!this.#isClosed) this.#options.changed(device);
      },
    });
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Ends an isolation that no back-end holds any more; forgets lanes that have nothing to do. */
  #finish(device: string): void {
    const { book, backends, warn } = this.#options;
    const record = book.of(device);
    if (record !== undefined && !record.isWanted && !this.#isClosed) {
      for (const [backend, hold] of record.holds) {
        if (hold.state === "reverted" || backends.some(({ name }) => name === backend)) continue;
        warn(`${record.name}: ${backend} is no longer configured, so what it holds must be taken away by hand`);
        book.note(record.id, { step: "reverted", backend });
      }
      const rest = book.of(device);
      if (rest !== undefined && [...rest.holds.values()].every(({ state }) => state === "reverted")) {
        book.note(rest.id, { step: "released" });
      }
    }
    if (book.of(device) !== undefined) return;
    for (const [key, lane] of this.#lanes) if (lane.device === device && lane.isDone) this.#lanes.delete(key);
  }

  /** Reads every back-end once; at most one reading at a time. */
  #read(): Promise<void> {
    this.#readAtMs = this.#options.nowMs();
    this.#reading ??= Promise.all(this.#options.backends.map((backend) => this.#readOne(backend)))
      .then(() => undefined)
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  async #readOne(backend: Backend): Promise<void> {
    let entries: readonly BackendEntry[];
    try {
      if ((await backend.notReady()) !== undefined) return;
      entries = await backend.list(this.#heldBy(backend));
    } catch {
      // The lanes say what is wrong when they act; what cannot be read is read again later.
      return;
    }
    if (this.#isClosed) return;
    this.#unread.delete(backend);
    this.#revertStrays(backend, entries);
    for (const record of this.#options.book.live()) {
      const hold = record.holds.get(backend.name);
      if (hold?.state !== "applied") continue;
      if (holds(backend, hold, record, entries)) this.#options.confirmed(record);
      else this.#lane(backend, record.device).missing(record);
    }
  }

  #heldBy({ name: backend }: Backend): IsolationTarget[] {
    return this.#options.book.live().flatMap(({ device, name, holds: all }) => {
      const hold = all.get(backend);
      return hold?.state === "applied" ? [{ device, name, mac: hold.mac, ips: hold.ips }] : [];
    });
  }

  /** Entries with our mark that no isolation wants: left by a crash, or by an older journal. */
  #revertStrays(backend: Backend, entries: readonly BackendEntry[]): void {
    for (const device of new Set(entries.map((entry) => entry.device))) {
      if (this.#options.book.of(device) === undefined) this.#lane(backend, device).stray();
    }
  }
}

/** True when everything that the hold stands for is among the entries. */
function holds(
  backend: Backend,
  { mac, ips }: Pick<Hold, "mac" | "ips">,
  { device, name }: Pick<IsolationRecord, "device" | "name">,
  entries: readonly BackendEntry[],
): boolean {
  const present = new Set(entries.filter((entry) => entry.device === device).map(({ key }) => key));
  return backend.keysOf({ device, mac, ips, name }).every((key) => present.has(key));
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((done) => {
    timer = setTimeout(done, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
