import { closeSync, constants, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "./version.ts";

/** The folder is everybody's: a link that somebody laid there is not followed. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** A bug: one line for the person, the stack into a file that a report can attach. */
export function reportBug(error: unknown): void {
  const path = join(tmpdir(), "lanwarden-crash.log");
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  let where = `the details are in ${path}`;
  try {
    const file = openSync(path, FLAGS, 0o600);
    writeSync(file, `${new Date().toISOString()} lanwarden ${version} node ${process.version}\n${text}\n\n`);
    closeSync(file);
  } catch {
    where = "and its log could not be written";
  }
  const [said = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  process.stderr.write(`lanwarden: a fault in the program itself (${said}); ${where}\n`);
}
