import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AgentError } from "../core/errors.ts";
import { first } from "./migrations/0001-first.ts";

/** Schema versions in order. A released one is never edited: changes are appended. */
const MIGRATIONS: readonly string[] = [first];

/**
 * Opens the database in `folder` (made 0700 if missing), brings its schema up to date and returns it.
 * Throws ERR_DATA_FOLDER when the folder cannot be written, ERR_DATABASE when the file is damaged or newer than this program.
 */
export function openDatabase(folder: string): DatabaseSync {
  prepareFolder(folder);
  const path = join(folder, "lanwarden.db");
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path);
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000;",
    );
  } catch (error) {
    throw new AgentError(
      "ERR_DATABASE",
      `${path}: not a usable database (${(error as Error).message}); move it away to start afresh`,
    );
  }
  migrate(database, path);
  return database;
}

/** Makes the data folder (0700). Throws ERR_DATA_FOLDER with the mend. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new AgentError(
      "ERR_DATA_FOLDER",
      `data folder ${folder}: cannot be written (${code}); choose another with "data:" in the configuration or --data`,
    );
  }
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) {
    throw new AgentError(
      "ERR_DATABASE",
      `${path}: made by a newer Lanwarden (schema ${version}, this one knows ${MIGRATIONS.length}); update Lanwarden`,
    );
  }
  for (const [i, sql] of MIGRATIONS.entries()) {
    if (i < version) continue;
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${i + 1}; COMMIT;`);
  }
}
