/** One line of the journal. `body`: JSON of what the step says. */
export interface JournalRow {
  /** Id of the isolation. */
  readonly isolation: string;
  /** Wall clock, milliseconds since 1970. */
  readonly atMs: number;
  readonly step: string;
  readonly body: string;
}

/**
 * Where the steps are kept: append-only, and on disk when {@link append} returns. The act follows the word, so that after a crash at any point
 * the journal names everything that may have been done to the router.
 */
export interface IsolationJournal {
  /** Throws an Error of one line when it could not be written. */
  append(row: JournalRow): void;
  /** Everything, oldest first. */
  rows(): readonly JournalRow[];
  /** Forgets all steps of these isolations, which are over. */
  forget(isolations: readonly string[]): void;
}
