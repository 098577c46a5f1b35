import { spawn } from "node:child_process";
import { delimiter } from "node:path";
import { sanitizeText } from "../core/sanitize.ts";
import type { CaptureOrder, CaptureProgramName, ProgramEnd } from "./capture-order.ts";
import { CaptureParser } from "./capture-parser.ts";
import { CapturePipe } from "./capture-pipe.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { droppedPackets } from "./program-output.ts";

const MAX_LINE = 512;
const MAX_LINES = 16;
/** tcpdump tells its drops when asked (SIGUSR1); every 5 s keeps the figure fresh and costs nothing. */
const ASK_DROPS_MS = 5000;
/** Time to end in order and report the drops, within the 3 s that the whole agent has. */
const GRACE_MS = 1000;
/** Where capture programs live on systems that keep them off a user's PATH. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** Folders that capture programs are looked for in: PATH, then the system's. */
export const defaultSearchPath = (): string => [process.env.PATH ?? "", ...SYSTEM_FOLDERS].join(delimiter);

/**
 * Argument list of a capture program.
 *
 * Why   dumpcap hands over what it has every 0.1 s. tcpdump keeps 4 KiB back, on a quiet link for minutes, hence -U: a packet is out within the
 *       kernel's block time, at most 1 s (measured: 0.86 s); it costs 0.8 µs more a packet. Never --immediate-mode: it shrinks the ring to a few
 *       hundred slots and loses bursts.
 */
export function captureArguments(program: CaptureProgramName, order: CaptureOrder): string[] {
  const snap = String(order.snapLength);
  if (program === "dumpcap") {
    const args = ["-i", order.interface, "-q", "-P", "-s", snap, "-B", String(order.bufferMib), "-w", "-"];
    return order.filter === "" ? args : [...args, "-f", order.filter];
  }
  const buffer = String(order.bufferMib * 1024);
  const args = ["-i", order.interface, "-n", "-s", snap, "-B", buffer, "-U", "-w", "-"];
  return order.filter === "" ? args : [...args, "--", order.filter];
}

export interface ProgramRun {
  /** Name or path of the program; it is run as it is, without a shell. */
  readonly command: string;
  readonly args: readonly string[];
  /** It tells its drops when it gets SIGUSR1, as tcpdump does; others may die of it. */
  readonly asksDrops: boolean;
  readonly sink: FrameSink;
  readonly counters: CaptureCounters;
  readonly warn: (message: string) => void;
  readonly signal: AbortSignal;
  /** Folders searched for the program. */
  readonly searchPath: string;
  /** The first octets came. */
  readonly onBegin?: () => void;
}

/** Runs a program that writes a capture until it ends or the signal aborts, and feeds what it writes to the sink. Never rejects. */
export function runCaptureProgram(run: ProgramRun): Promise<ProgramEnd> {
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  const begun = performance.now();
  const parser = new CaptureParser(run.sink, run.counters, run.warn);
  const dropsBefore = run.counters.kernelDrops;
  const lines: string[] = [];
  let started = false;
  let spawnError = "";
  let timer: NodeJS.Timeout | undefined;
  let ask: NodeJS.Timeout | undefined;
  const result = (ended: string): ProgramEnd => {
    return { started, spawnError, lines, ended, seconds: (performance.now() - begun) / 1000 };
  };

  let pipe: CapturePipe;
  try {
    pipe = new CapturePipe((octets) => {
      if (!started) startAsking();
      if (run.signal.aborted) return;
      parser.push(octets);
      if (parser.stopped) stop();
    });
  } catch (error) {
    return Promise.resolve(result(`no pipe could be made: ${(error as Error).message}`));
  }
  const child = spawn(run.command, run.args, {
    stdio: ["ignore", pipe.writeEnd, "pipe"],
    // The messages are read by program-output.ts, in English.
    env: { ...process.env, PATH: run.searchPath, LC_ALL: "C" },
  });
  pipe.forget();

  const stop = (): void => {
    if (timer) return;
    child.kill("SIGTERM");
    timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  const startAsking = (): void => {
    started = true;
    run.onBegin?.();
    if (run.asksDrops) ask = setInterval(() => child.kill("SIGUSR1"), ASK_DROPS_MS);
  };
  const end = async (ended: string): Promise<void> => {
    clearTimeout(timer);
    clearInterval(ask);
    run.signal.removeEventListener("abort", stop);
    await pipe.finish(GRACE_MS);
    clearInterval(ask);
    resolve(result(ended));
  };

  const splitter = new LineSplitter((line) => {
    const dropped = droppedPackets(line);
    if (dropped !== undefined) run.counters.kernelDrops = Math.max(run.counters.kernelDrops, dropsBefore + dropped);
    else lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
  });
  child.stderr?.on("data", (chunk: Buffer) => splitter.push(chunk.toString("utf8")));
  child.once("error", (error: NodeJS.ErrnoException) => {
    spawnError = error.code ?? "unknown reason";
    if (child.pid === undefined) void end("not started");
  });
  child.once("close", (code, signal) => {
    splitter.end();
    void end(signal ? `signal ${signal}` : `exit status ${code}`);
  });
  if (run.signal.aborted) stop();
  run.signal.addEventListener("abort", stop, { once: true });
  return promise;
}

/** Cuts text into lines; longer ones than 512 characters lose their end. */
class LineSplitter {
  #rest = "";
  readonly #line: (text: string) => void;

  constructor(line: (text: string) => void) {
    this.#line = line;
  }

  push(text: string): void {
    const parts = (this.#rest + text).split("\n");
    this.#rest = (parts.pop() ?? "").slice(0, MAX_LINE);
    for (const part of parts) this.#say(part);
  }

  end(): void {
    this.#say(this.#rest);
    this.#rest = "";
  }

  #say(text: string): void {
    const line = sanitizeText(text.trim(), MAX_LINE);
    if (line !== "") this.#line(line);
  }
}
