import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AgentError } from "../core/errors.ts";
import { first } from "./migrations/0001-first.ts";
import { isolation } from "./migrations/0002-isolation.ts";

/** Schema versions in order. A released one is never edited: changes are appended. */
const MIGRATIONS: readonly string[] = [first, isolation];

/** Result codes of SQLite that speak of the place and not of the file's content (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;

/**
 * Opens the database in `folder` (made 0700 if missing), brings its schema up to date and returns it.
 * Throws ERR_DATA_FOLDER when the folder cannot be written, ERR_DATABASE when the file is damaged, in use or newer than this program.
 */
export function openDatabase(folder: string, migrations: readonly string[] = MIGRATIONS): DatabaseSync {
  prepareFolder(folder);
  const path = join(folder, "lanwarden.db");
  let database: DatabaseSync | undefined;
  try {
    // Made by us and not by SQLite, so that nobody else may read it; its journal files take the same mode.
    closeSync(openSync(path, "a", 0o600));
    database = new DatabaseSync(path);
    database.exec(
      "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;",
    );
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw error instanceof AgentError ? error : openingFault(error, folder, path);
  }
}

/** Makes the data folder (0700). Throws ERR_DATA_FOLDER with the mend. */
function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    throw folderFault(folder, (error as NodeJS.ErrnoException).code);
  }
}

const folderFault = (folder: string, code = "unknown reason"): AgentError =>
  new AgentError(
    "ERR_DATA_FOLDER",
    `data folder ${folder}: cannot be written (${code}); choose another with "data:" in the configuration or --data`,
  );

function openingFault(error: unknown, folder: string, path: string): AgentError {
  const { code, errcode, message } = error as NodeJS.ErrnoException & { errcode?: number };
  // The low octet is the primary code.
  const reason = errcode === undefined ? undefined : errcode & 0xff;
  if (reason === undefined && code !== "ERR_SQLITE_ERROR") return folderFault(folder, code);
  if (reason === SQLITE_BUSY)
    return new AgentError("ERR_DATABASE", `${path}: another program uses it; is Lanwarden running already?`);
  if (reason === SQLITE_FULL) return new AgentError("ERR_DATABASE", `${path}: the disk is full; free some space on it`);
  if (reason === SQLITE_READONLY || reason === SQLITE_CANTOPEN || reason === SQLITE_IOERR)
    return folderFault(folder, message);
  return new AgentError("ERR_DATABASE", `${path}: damaged or no database (${message}); move it away to start afresh`);
}

function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  if (version > migrations.length) {
    throw new AgentError(
      "ERR_DATABASE",
      `${path}: made by a newer Lanwarden (schema ${version}, this one knows ${migrations.length}); update Lanwarden`,
    );
  }
  for (const [i, sql] of migrations.entries()) {
    if (i < version) continue;
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(`${sql}\nPRAGMA user_version = ${i + 1};`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}
