import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/lanwarden.mjs", import.meta.url));

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command line to its end, as a user's shell would. */
export function runCli(args: readonly string[], options: { input?: Uint8Array; cwd?: string } = {}): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=source", bin, ...args], {
    encoding: "utf8",
    timeout: 60_000,
    ...(options.input === undefined ? {} : { input: Buffer.from(options.input) }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

/** Starts a command that goes on; `output` grows while it runs. */
export function startCli(args: readonly string[], cwd?: string) {
  const child = spawn(process.execPath, ["--conditions=source", bin, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const running = {
    child,
    output: "",
    exited: new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code))),
    /** Waits until the output matches. */
    async sees(pattern: RegExp, timeoutMs = 20_000): Promise<void> {
      const end = Date.now() + timeoutMs;
      while (!pattern.test(running.output)) {
        if (Date.now() > end || child.exitCode !== null) throw new Error(`never saw ${pattern} in:\n${running.output}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop(): Promise<number | null> {
      if (child.exitCode === null) child.kill("SIGTERM");
      return running.exited;
    },
  };
  child.stdout.on("data", (chunk: Buffer) => (running.output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (running.output += chunk.toString()));
  return running;
}

/** One line, and never a stack. */
export const isOneLine = (text: string): boolean => text.trim().split("\n").length === 1 && !/\n\s+at /.test(text);
