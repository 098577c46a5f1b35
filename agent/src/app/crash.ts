import { appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "./version.ts";

/** A bug: one line for the person, the stack into a file that a report can attach. */
export function reportBug(error: unknown): void {
  const path = join(tmpdir(), "lanwarden-crash.log");
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  let where = `the details are in ${path}`;
  try {
    appendFileSync(path, `${new Date().toISOString()} lanwarden ${version} node ${process.version}\n${text}\n\n`, {
      mode: 0o600,
    });
  } catch {
    where = "and its log could not be written";
  }
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  process.stderr.write(`lanwarden: a fault in the program itself (${said}); ${where}\n`);
}
