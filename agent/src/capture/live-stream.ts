import type { Readable } from "node:stream";
import { AgentError } from "../core/errors.ts";
import { consume } from "./capture-input.ts";
import { CaptureParser } from "./capture-parser.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { LiveClock } from "./live-clock.ts";

/** A capture that comes from another machine as it happens. */
export interface LiveStream {
  /** Whose it is, for messages. */
  readonly name: string;
  readonly sink: FrameSink;
  readonly counters: CaptureCounters;
  readonly warn: (message: string) => void;
}

/**
 * Reads a live pcap or pcapng stream to its end. What came whole before the end is delivered.
 *
 * Returns  why it ended, as the error to be told: a live stream has no good end. undefined after an abort.
 */
export async function readLiveStream(
  stream: Readable,
  live: LiveStream,
  signal: AbortSignal,
): Promise<AgentError | undefined> {
  const warn = (message: string): void => live.warn(`${live.name}: ${message}`);
  const parser = new CaptureParser(new LiveClock(live.sink, warn), live.counters, warn);
  let reason = "the connection ended";
  try {
    await consume(
      stream,
      (chunk) => {
        parser.push(chunk);
        return !parser.stopped;
      },
      signal,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    reason = `the connection was lost (${code})`;
  }
  if (signal.aborted) return undefined;
  if (parser.unrecognized) return notLive(live.name, parser.head);
  if (parser.stopped) reason = "its capture is damaged";
  return new AgentError("ERR_TAP_ENDED", `${live.name}: ${reason}; it is connected again`);
}

/** Something answers, but not with a capture. */
export function notLive(name: string, head: Uint8Array): AgentError {
  const hex = Array.from(head, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
  return new AgentError(
    "ERR_TAP_STREAM",
    `${name}: sends no capture, it begins with ${hex}: it has to send pcap or pcapng`,
  );
}
