import type { DatabaseSync, StatementSync } from "node:sqlite";

export interface StreamRow {
  id: number;
  event: string;
  body: string;
}

/** Events kept for clients that come back (Last-Event-ID): hours of a usual home, minutes of a bad one. */
const MAX_ROWS = 10_000;
/** Old rows are removed so many at a time. */
const SLACK = 1000;
/** Numbers left out at a start: those of events that were sent but not written before a crash must not be given again. */
const START_GAP = 10_000;

/** Numbered events of the stream, on disk. */
export class StreamLog {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #pending: StreamRow[] = [];
  #lastId: number;
  /** Events up to this number are gone. */
  #goneUpTo: number;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare("INSERT INTO stream (id, event, body) VALUES (?,?,?)");
    const used = Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'stream'").get()?.seq ?? 0);
    const oldest = database.prepare("SELECT min(id) AS id FROM stream").get()?.id;
    this.#goneUpTo = typeof oldest === "number" ? oldest - 1 : used;
    this.#lastId = used === 0 ? 0 : used + START_GAP;
  }

  get pending(): number {
    return this.#pending.length;
  }

  get lastId(): number {
    return this.#lastId;
  }

  /** Keeps an event and returns its number. */
  add(event: string, body: string): number {
    this.#lastId++;
    this.#pending.push({ id: this.#lastId, event, body });
    // Only when nothing can be written: who comes back gets the present state instead.
    if (this.#pending.length > MAX_ROWS) this.#goneUpTo = this.#pending.shift()?.id ?? this.#goneUpTo;
    return this.#lastId;
  }

  /** Inside the owner's transaction. */
  write(): void {
    for (const { id, event, body } of this.#pending) this.#insert.run(id, event, body);
    if (this.#lastId - this.#goneUpTo <= MAX_ROWS + SLACK) return;
    const keepFrom = this.#database
      .prepare("SELECT id FROM stream ORDER BY id DESC LIMIT 1 OFFSET ?")
      .get(MAX_ROWS - 1)?.id;
    if (typeof keepFrom !== "number") return;
    this.#database.prepare("DELETE FROM stream WHERE id < ?").run(keepFrom);
    this.#goneUpTo = keepFrom - 1;
  }

  written(): void {
    this.#pending = [];
  }

  /** Events after a number, oldest first; null when some of them are gone, or the number was never given. */
  after(id: number, limit: number): StreamRow[] | null {
    if (id < this.#goneUpTo || id > this.#lastId) return null;
    const rows = this.#database
      .prepare("SELECT id, event, body FROM stream WHERE id > ? ORDER BY id LIMIT ?")
      .all(id, limit)
      .map((row) => ({ id: Number(row.id), event: String(row.event), body: String(row.body) }));
    if (rows.length < limit) rows.push(...this.#pending.filter((row) => row.id > id).slice(0, limit - rows.length));
    return rows;
  }
}
