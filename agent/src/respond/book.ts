import type { IsolationJournal, JournalRow } from "./journal.ts";
import { fold, foldRows, type IsolationRecord, rowOf, type Step } from "./record.ts";

/** Isolations that are over and still known: what a home does in years. Older ones are forgotten at the start. */
const MAX_OVER = 500;
/** Lines that wait for a disk that cannot be written. Beyond it the oldest go: only undoing is ever owed. */
const MAX_OWED = 1000;

/** All isolations, in memory as the journal has them: every change is a line of the journal first. */
export class IsolationBook {
  readonly #journal: IsolationJournal;
  readonly #nowMs: () => number;
  readonly #warn: (message: string) => void;
  #records = new Map<string, IsolationRecord>();
  /** Those that are not over, by device: at most one each. */
  readonly #live = new Map<string, string>();
  readonly #owed: JournalRow[] = [];

  constructor(journal: IsolationJournal, nowMs: () => number, warn: (message: string) => void) {
    this.#journal = journal;
    this.#nowMs = nowMs;
    this.#warn = warn;
  }

  /** Reads the journal, and forgets what is over and long past. Throws what the journal says. */
  load(): void {
    this.#records = foldRows(this.#journal.rows());
    const over = [...this.#records.values()].filter(({ releasedMs }) => releasedMs !== null);
    const old = over.slice(0, Math.max(0, over.length - MAX_OVER)).map(({ id }) => id);
    if (old.length > 0) this.#journal.forget(old);
    for (const id of old) this.#records.delete(id);
    for (const record of this.#records.values())
      if (record.releasedMs === null) this.#live.set(record.device, record.id);
  }

  /** The isolation of a device that is not over. */
  of(device: string): IsolationRecord | undefined {
    const id = this.#live.get(device);
    return id === undefined ? undefined : this.#records.get(id);
  }

  /** The newest isolation of a device, over or not. */
  lastOf(device: string): IsolationRecord | undefined {
    return this.of(device) ?? this.all().find((record) => record.device === device);
  }

  live(): IsolationRecord[] {
    return [...this.#live.keys()].map((device) => this.of(device)).filter((record) => record !== undefined);
  }

  /** Newest first. */
  all(): IsolationRecord[] {
    return [...this.#records.values()].reverse();
  }

  /** Writes the step, then lets it count. Throws, with nothing changed, when it cannot be written. */
  write(id: string, step: Step): IsolationRecord | undefined {
    this.settleDebts();
    const atMs = this.#nowMs();
    this.#journal.append(rowOf(id, atMs, step));
    return this.#take(id, atMs, step);
  }

  /**
   * The same for what must be done even when it cannot be written: letting a device in again, and what the router has told. A line that is
   * refused is written later, in order.
   */
  note(id: string, step: Step): IsolationRecord | undefined {
    const atMs = this.#nowMs();
    const row = rowOf(id, atMs, step);
    try {
      this.settleDebts();
      this.#journal.append(row);
    } catch (error) {
      if (this.#owed.length === 0) this.#warn(`Isolation: the journal cannot be written: ${(error as Error).message}`);
      this.#owed.push(row);
      if (this.#owed.length > MAX_OWED) this.#owed.shift();
    }
    return this.#take(id, atMs, step);
  }

  /** Writes what is owed. Throws while it cannot. */
  settleDebts(): void {
    for (let row = this.#owed[0]; row !== undefined; row = this.#owed[0]) {
      this.#journal.append(row);
      this.#owed.shift();
    }
  }

  #take(id: string, atMs: number, step: Step): IsolationRecord | undefined {
    const record = fold(this.#records.get(id), id, atMs, step);
    if (record === undefined) return undefined;
    this.#records.set(id, record);
    if (record.releasedMs === null) this.#live.set(record.device, id);
    else if (this.#live.get(record.device) === id) this.#live.delete(record.device);
    if (record.releasedMs !== null) this.#bound();
    return record;
  }

  /** Keeps what is in memory bounded while running; the journal follows at the next start. */
  #bound(): void {
    if (this.#records.size <= MAX_OVER * 2) return;
    for (const { id, releasedMs } of this.#records.values()) {
      if (releasedMs === null) continue;
      this.#records.delete(id);
      return;
    }
  }
}
