import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { FolderFile } from "./capture-folder.ts";
import { CaptureParser } from "./capture-parser.ts";
import { type FrameSink, newCounters } from "./define.ts";

/** First octets by which a file is known again: pcap's file header and the first record's, with its time. */
const HEAD = 40;

/** Lets the first frames of a file pass unseen: those that were delivered before a restart. */
class Skip implements FrameSink {
  delivered: number;
  #left: number;
  readonly #sink: FrameSink;

  constructor(sink: FrameSink, count: number) {
    this.#sink = sink;
    this.#left = count;
    this.delivered = count;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    if (this.#left > 0) {
      this.#left--;
      return;
    }
    this.delivered++;
    this.#sink.frame(buf, off, end, wireLength, linkType, atUs);
  }

  flush(): void {
    this.#sink.flush();
  }
}

/** A capture file that is read while it is written. It is held open: renaming or deleting it loses nothing of it. */
export class GrowingFile {
  readonly file: FolderFile;
  readonly counters = newCounters();
  readonly #fd: number;
  readonly #skip: Skip;
  readonly #parser: CaptureParser;
  #position = 0;
  #head = "";

  /** Throws what the system throws when the file cannot be opened. */
  constructor(file: FolderFile, sink: FrameSink, skip: number, warn: (message: string) => void) {
    this.file = file;
    this.#skip = new Skip(sink, skip);
    this.#parser = new CaptureParser(this.#skip, this.counters, warn);
    this.#fd = openSync(file.path, "r");
  }

  /** Packets of the file that were delivered, those before a restart among them. */
  get delivered(): number {
    return this.#skip.delivered;
  }

  /** Its first octets in hexadecimal, as they were when they were read; empty while it has fewer than 40. */
  get head(): string {
    return this.#head;
  }

  /** It is no capture, or damaged: nothing more comes of it. */
  get isOver(): boolean {
    return this.#parser.stopped;
  }

  get isCapture(): boolean {
    return !this.#parser.unrecognized;
  }

  /** The writer has begun it anew: it is shorter than what was read of it. */
  get isCutShort(): boolean {
    return fstatSync(this.#fd).size < this.#position;
  }

  /** Reads what is there, at most one buffer full, and delivers it; returns the count of octets. */
  read(buffer: Uint8Array): number {
    const count = readSync(this.#fd, buffer, 0, buffer.length, this.#position);
    this.#position += count;
    if (this.#head === "" && this.#position >= HEAD) this.#head = readHead(this.#fd);
    if (count > 0) this.#parser.push(buffer.subarray(0, count));
    return count;
  }

  /** Nothing more is written to it: says so if it ends inside a record. */
  finish(): void {
    if (!this.#parser.stopped && this.#position > 0) this.#parser.end();
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function readHead(fd: number): string {
  const octets = Buffer.alloc(HEAD);
  return readSync(fd, octets, 0, HEAD, 0) === HEAD ? octets.toString("hex") : "";
}

/** The same of a file that is not open; empty when it cannot be read. */
export function headOf(path: string): string {
  try {
    const fd = openSync(path, "r");
    try {
      return readHead(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}
