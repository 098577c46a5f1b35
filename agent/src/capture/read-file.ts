import { u8 } from "../core/bytes.ts";
import { AgentError } from "../core/errors.ts";
import { emptyInput, readInput } from "./capture-input.ts";
import { CaptureParser } from "./capture-parser.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";

export interface ReadFileOptions {
  /** One line about a capture that is damaged or cut; it begins with the path. */
  readonly warn: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Octets read so far, and of how many (0 = not known: a stream). */
  readonly onProgress?: (bytesRead: number, totalBytes: number) => void;
}

/**
 * Reads a capture (`-` = standard input) as fast as it goes into the sink.
 *
 * Errors   AgentError for what cannot be read at all: missing, a folder, no permission, empty, not a capture. Damage and a cut end are
 *          warned of and counted, and what came before is delivered.
 * Turns    Every 4 MiB the event loop gets its turn; `signal` ends the reading quietly.
 */
export async function readCaptureFile(
  path: string,
  sink: FrameSink,
  counters: CaptureCounters,
  options: ReadFileOptions,
): Promise<void> {
  const name = inputName(path);
  const parser = new CaptureParser(sink, counters, (message) => options.warn(`${name}: ${message}`));
  let any = false;
  const end = await readInput(
    path,
    (chunk) => {
      any = true;
      parser.push(chunk);
      return !parser.stopped;
    },
    options,
  );
  finishCapture(
    path,
    parser,
    counters,
    { any, fault: end.fault, aborted: options.signal?.aborted === true },
    options.warn,
  );
}

/** What the end of the input means: an error when there was no capture in it, a warning when it was cut. */
export function finishCapture(
  path: string,
  parser: CaptureParser,
  counters: CaptureCounters,
  input: { any: boolean; fault: string; aborted: boolean },
  warn: (message: string) => void,
): void {
  if (input.aborted) return;
  const name = inputName(path);
  if (input.fault !== "") {
    counters.truncated = true;
    counters.invalid++;
    warn(`${name}: ${input.fault}; the packets before the damage were read`);
    return;
  }
  if (!input.any) throw emptyInput(path);
  parser.end();
  if (parser.unrecognized) throw notCapture(name, parser.head);
}

const inputName = (path: string): string => (path === "-" ? "standard input" : path);

/** First octets of well-known files that are no capture, with what to do about them. */
const FOREIGN: readonly (readonly [octets: readonly number[], advice: string])[] = [
  [[0x1f, 0x8b], "gzip: pipe it through zcat"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd: pipe it through zstdcat"],
  [[0x50, 0x4b, 0x03, 0x04], "a zip archive: unpack it first"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz: unpack it first"],
  [[0x42, 0x5a, 0x68], "bzip2: unpack it first"],
  [[0x04, 0x22, 0x4d, 0x18], "lz4: unpack it first"],
  [[0x73, 0x6e, 0x6f, 0x6f, 0x70], "a snoop capture: convert it with editcap -F pcap"],
];

function notCapture(name: string, head: Uint8Array): AgentError {
  const hex = Array.from(head, (octet) => octet.toString(16).padStart(2, "0")).join(" ");
  const foreign = FOREIGN.find(([octets]) => octets.every((octet, i) => head.length > i && u8(head, i) === octet));
  const mend = foreign ? `; this is ${foreign[1]}` : ": give a pcap or pcapng file";
  return new AgentError("ERR_CAPTURE_FORMAT", `${name}: not a capture, it begins with ${hex}${mend}`);
}
