import { closeSync, openSync, writeSync } from "node:fs";
import { AgentError } from "../core/errors.ts";

const BUFFER_CHARACTERS = 1 << 20;

/** Appends JSON lines to a file through one megabyte of buffer. Throws ERR_EVE_WRITE when the file cannot be opened or written. */
export class EveWriter {
  readonly #path: string;
  readonly #fd: number;
  #pending: string[] = [];
  #pendingLength = 0;

  constructor(path: string, flags: "w" | "a" = "w") {
    this.#path = path;
    try {
      this.#fd = openSync(path, flags, 0o640);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Returns the length of the line, characters. */
  write(record: object): number {
    const line = `${JSON.stringify(record)}\n`;
    this.#pending.push(line);
    this.#pendingLength += line.length;
    if (this.#pendingLength >= BUFFER_CHARACTERS) this.flush();
    return line.length;
  }

  flush(): void {
    if (this.#pendingLength === 0) return;
    const text = this.#pending.join("");
    this.#pending = [];
    this.#pendingLength = 0;
    try {
      writeSync(this.#fd, text);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  #failed(error: unknown): AgentError {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    const mend =
      code === "ENOSPC"
        ? "free some space on that disk"
        : code === "ENOENT"
          ? "make the folder first"
          : "choose a folder that this user may write";
    return new AgentError("ERR_EVE_WRITE", `${this.#path}: cannot be written (${code}); ${mend}`);
  }
}
