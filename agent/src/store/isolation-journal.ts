import type { DatabaseSync, StatementSync } from "node:sqlite";

/** One line of the journal; what it says is respond's. */
export interface IsolationStepRow {
  readonly isolation: string;
  readonly atMs: number;
  readonly step: string;
  readonly body: string;
}

/**
 * The journal of isolations: append-only, and each line is on the disk when `append` returns, also if the power goes the next moment. That is
 * why it writes by itself and does not wait for the store's next flush.
 */
export class IsolationJournal {
  readonly #database: DatabaseSync;
  readonly #append: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#append = database.prepare("INSERT INTO isolation_step (isolation, at_ms, step, body) VALUES (?,?,?,?)");
  }

  /** Throws what SQLite says when it cannot be written. */
  append({ isolation, atMs, step, body }: IsolationStepRow): void {
    this.#durably(() => this.#append.run(isolation, Math.trunc(atMs), step, body));
  }

  /** Everything, oldest first. */
  rows(): IsolationStepRow[] {
    return this.#database
      .prepare("SELECT isolation, at_ms, step, body FROM isolation_step ORDER BY id")
      .all()
      .map((row) => ({
        isolation: String(row.isolation),
        atMs: Number(row.at_ms),
        step: String(row.step),
        body: String(row.body),
      }));
  }

  /** Forgets all steps of these isolations, in one transaction. */
  forget(isolations: readonly string[]): void {
    const remove = this.#database.prepare("DELETE FROM isolation_step WHERE isolation = ?");
    this.#durably(() => {
      for (const isolation of isolations) remove.run(isolation);
    });
  }

  /** In WAL mode a commit reaches the disk only under FULL (sqlite.org/pragma.html#pragma_synchronous); the store's own rows can do without. */
  #durably(write: () => void): void {
    this.#database.exec("PRAGMA synchronous = FULL");
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      write();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    } finally {
      this.#database.exec("PRAGMA synchronous = NORMAL");
    }
  }
}
