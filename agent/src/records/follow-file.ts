import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { AgentError } from "../core/errors.ts";
import { LineSplitter } from "./line-splitter.ts";

const CHUNK = 65_536;
/** Octets read of one file before others have their turn: 4 MiB, some ten thousand lines. */
const CHUNKS_AT_ONCE = 64;

/** Reads a log that grows, as `tail -F` does: over rotation by renaming and by truncating. Call {@link poll} again and again. */
export class FileFollower {
  readonly path: string;
  readonly splitter: LineSplitter;
  readonly #buffer = new Uint8Array(CHUNK);
  #fd = -1;
  #at = 0;
  #inode = 0n;
  #device = 0n;

  constructor(path: string, line: (text: string) => void) {
    this.path = path;
    this.splitter = new LineSplitter(line);
  }

  /** Opens the file. `fromStart`: with what stands in it; else with what comes. Throws AgentError when it cannot be read. */
  open(fromStart: boolean, programOf: string): void {
    try {
      this.#open();
    } catch (error) {
      throw fileError(this.path, error, programOf);
    }
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) {
      this.close();
      throw new AgentError("ERR_LOG_FILE", `${this.path}: is not a file; name the log file itself`);
    }
    if (fromStart) return;
    this.#at = stats.size;
    // The end may lie within a line that is being written: its rest is no line.
    if (this.#at > 0 && !this.#endsLine()) this.splitter.skipLine();
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  /** Reads what has come. True when there may be more at once. */
  poll(): boolean {
    for (let i = 0; i < CHUNKS_AT_ONCE; i++) {
      const length = this.#read();
      if (length < 0) return false;
      if (length === 0) return this.#turn();
    }
    return true;
  }

  #open(): void {
    this.#fd = openSync(this.path, "r");
    const stats = fstatSync(this.#fd, { bigint: true });
    this.#inode = stats.ino;
    this.#device = stats.dev;
    this.#at = 0;
  }

  #endsLine(): boolean {
    return readSync(this.#fd, this.#buffer, 0, 1, this.#at - 1) === 1 && this.#buffer[0] === 10;
  }

  /** Octets read; -1 when the file cannot be read at present. */
  #read(): number {
    if (this.#fd < 0) return 0;
    try {
      const length = readSync(this.#fd, this.#buffer, 0, CHUNK, this.#at);
      this.#at += length;
      this.splitter.push(this.#buffer.subarray(0, length));
      return length;
    } catch {
      return -1;
    }
  }

  /** At the end of the file: has it been put aside for another, or been emptied? True when there is a new one to read. */
  #turn(): boolean {
    const stats = statSync(this.path, { bigint: true, throwIfNoEntry: false });
    // Renamed, and the next one is not there yet: the old one may still be written to.
    if (stats === undefined) return false;
    if (stats.ino !== this.#inode || stats.dev !== this.#device) {
      this.splitter.finish();
      this.close();
      try {
        this.#open();
      } catch {
        // Gone again, or not readable yet: the next poll tries anew.
        this.#inode = 0n;
        return false;
      }
      return true;
    }
    if (Number(stats.size) >= this.#at) return false;
    this.splitter.reset();
    this.#at = 0;
    return true;
  }
}

/** What is wrong with a log file, and the mend. */
export function fileError(path: string, error: unknown, program: string): AgentError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  if (code === "ENOENT")
    return new AgentError(
      "ERR_LOG_FILE",
      `${path}: no such file; check the path, and that ${program} runs and writes it`,
    );
  if (code === "EACCES" || code === "EPERM")
    return new AgentError(
      "ERR_LOG_FILE",
      `${path}: no permission to read it; add the user of Lanwarden to the group that owns it (ls -l shows which)`,
    );
  return new AgentError("ERR_LOG_FILE", `${path}: cannot be read (${code})`);
}

/** Stats of a path; undefined when there is nothing. */
export function statsOf(path: string, program: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw fileError(path, error, program);
  }
}
