import { spawn } from "node:child_process";
import { sanitizeText } from "../core/sanitize.ts";

export interface CommandEnd {
  readonly stdout: string;
  /** First line that the program complained with; "" when it did not. */
  readonly complaint: string;
  /** null: it was ended from outside, or could not be started. */
  readonly status: number | null;
  /** "ENOENT": there is no such program. */
  readonly spawnError: string | undefined;
}

const MAX_OUTPUT = 16 << 20;
/** Administrators' programs are not on every service's path. */
const PATH_OF_ROOT = "/usr/local/sbin:/usr/sbin:/sbin";

/** Runs a program by its arguments, without a shell, and ends it after the limit. Never rejects. */
export function runCommand(argv: readonly string[], input: string, limitMs: number): Promise<CommandEnd> {
  const [program = "", ...args] = argv;
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${process.env.PATH ?? "/usr/bin:/bin"}:${PATH_OF_ROOT}`, LC_ALL: "C" };
    const child = spawn(program, args, {
      env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: limitMs,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (stdout.length < MAX_OUTPUT) stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (stderr.length < 4096) stderr += text;
    });
    // A program that ends before it has read everything says why by itself.
    child.stdin.on("error", () => undefined).end(input);
    const end = (status: number | null, spawnError?: string): void =>
      resolve({ stdout, complaint: sanitizeText(stderr.trim().split("\n")[0] ?? "", 160), status, spawnError });
    child.once("error", (error: NodeJS.ErrnoException) => end(null, error.code ?? error.message));
    child.once("close", (status) => end(status));
  });
}
