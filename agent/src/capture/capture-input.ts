import { close, closeSync, createReadStream, fstatSync, open, openSync, readSync, statSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Transform } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import { u8 } from "../core/bytes.ts";
import { AgentError } from "../core/errors.ts";

/** Fastest chunk for files: stays in the second-level cache (reference: 128 KiB to 512 KiB are alike, larger is slower). */
const CHUNK = 524_288;
/** Unpacked octets per chunk. A decompressor keeps back what it has of a chunk when it meets damage: so little is lost with it. */
const UNPACKED_CHUNK = 65_536;
/** Chunks read at a stretch before timers and sockets of the process get their turn: 4 MiB, some 5 ms of analysis. */
const CHUNKS_PER_TURN = 8;

/** Takes a chunk, borrowed for the call or until the promise it returns settles. Returning false ends the reading. */
export type ChunkTaker = (chunk: Uint8Array) => boolean | Promise<boolean>;

export interface ReadInputOptions {
  readonly signal?: AbortSignal;
  /** Octets read of the file as it lies on the disk; `totalBytes` is 0 for streams. Called once a chunk. */
  readonly onProgress?: (bytesRead: number, totalBytes: number) => void;
  /** Octets per chunk, for sources that play slowly. */
  readonly chunkBytes?: number;
}

/** Octets that could not be unpacked end the input: what came before has been handed on. */
export interface InputEnd {
  /** Why the input ended early; empty when it was read to its end. */
  readonly fault: string;
}

/**
 * Reads a capture file (`-` = standard input) chunk by chunk; `.gz` and `.zst` files are unpacked by their first octets, not by their names.
 *
 * Errors   AgentError naming the path and the mend: no such file, a folder, no permission, empty. A read that fails later, too.
 * Abort    Ends the reading quietly.
 */
export async function readInput(path: string, take: ChunkTaker, options: ReadInputOptions = {}): Promise<InputEnd> {
  if (path === "-") return readStandardInput(take, options);
  const stat = inspect(path);
  if (stat === "pipe") return readPipe(path, take, options);
  const fd = attempt(path, () => openSync(path, "r"));
  try {
    const decoder = unpacker(fd);
    if (!decoder) return await readWhole(fd, path, stat, take, options);
    return await unpack(path, stat, decoder, take, options);
  } finally {
    closeSync(fd);
  }
}

/** True if the file can be read from its beginning again: not standard input, not a pipe. */
export function isRereadable(path: string): boolean {
  return path !== "-" && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Size of a regular file, or "pipe". */
function inspect(path: string): number | "pipe" {
  const stat = attempt(path, () => statSync(path));
  if (stat.isDirectory()) {
    throw new AgentError("ERR_CAPTURE_FOLDER", `${path}: is a folder: name a capture file in it`);
  }
  if (stat.isFIFO()) return "pipe";
  if (!stat.isFile()) {
    throw new AgentError(
      "ERR_CAPTURE_KIND",
      `${path}: is not a file: give a capture file, a pipe or - for standard input`,
    );
  }
  if (stat.size === 0) throw emptyInput(path);
  return stat.size;
}

export function emptyInput(path: string): AgentError {
  return new AgentError(
    "ERR_CAPTURE_EMPTY",
    path === "-"
      ? "standard input: nothing came: pipe a capture into it, as in: tcpdump -w - | lanwarden …"
      : `${path}: the file is empty: record it again, or give another one`,
  );
}

/** Runs a file operation; failures become one line with place and mend. */
function attempt<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw systemFailure(path, error);
  }
}

function readFailure(path: string, error: unknown): AgentError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new AgentError("ERR_CAPTURE_MISSING", `${path}: no such file: check the name`);
  }
  if (code === "EACCES" || code === "EPERM") {
    return new AgentError(
      "ERR_CAPTURE_UNREADABLE",
      `${path}: no permission to read it: run "chmod a+r" on it, or run as its owner`,
    );
  }
  return new AgentError(
    "ERR_CAPTURE_UNREADABLE",
    `${path}: cannot be read (${code}): check the disk, or copy it again`,
  );
}

/** A decompressor for the first octets of the file (RFC 1952 §2.3.1; RFC 8878 §3.1.1), or undefined when it is not packed. */
function unpacker(fd: number): Transform | undefined {
  const head = new Uint8Array(4);
  if (readSync(fd, head, 0, 4, 0) < 4) return undefined;
  // Flushing at the end, instead of insisting on a proper one, keeps what a cut file still holds; the parser sees the cut.
  if (u8(head, 0) === 0x1f && u8(head, 1) === 0x8b) {
    return createGunzip({ chunkSize: UNPACKED_CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  }
  if (u8(head, 0) === 0x28 && u8(head, 1) === 0xb5 && u8(head, 2) === 0x2f && u8(head, 3) === 0xfd) {
    return createZstdDecompress({ chunkSize: UNPACKED_CHUNK, finishFlush: constants.ZSTD_e_flush });
  }
  return undefined;
}

async function readWhole(
  fd: number,
  path: string,
  size: number,
  take: ChunkTaker,
  { signal, onProgress, chunkBytes = CHUNK }: ReadInputOptions,
): Promise<InputEnd> {
  const buffer = new Uint8Array(chunkBytes);
  let bytes = 0;
  for (let turn = 1; !signal?.aborted; turn++) {
    const count = attempt(path, () => readSync(fd, buffer, 0, buffer.length, null));
    if (count === 0) break;
    bytes += count;
    const taken = take(count === buffer.length ? buffer : buffer.subarray(0, count));
    const goOn = typeof taken === "boolean" ? taken : await taken;
    onProgress?.(bytes, size);
    if (!goOn) break;
    if (turn % CHUNKS_PER_TURN === 0) await nextTurn();
  }
  return { fault: "" };
}

async function unpack(
  path: string,
  size: number,
  decoder: Transform,
  take: ChunkTaker,
  options: ReadInputOptions,
): Promise<InputEnd> {
  const packed = createReadStream(path, { highWaterMark: 65_536 });
  packed.once("error", (error) => decoder.destroy(error));
  packed.pipe(decoder);
  try {
    await consume(
      decoder,
      (chunk) => {
        options.onProgress?.(packed.bytesRead, size);
        return take(chunk);
      },
      options.signal,
    );
    return { fault: "" };
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code ?? "");
    if (!code.startsWith("Z")) throw systemFailure(path, error);
    return { fault: `its compressed octets are damaged (${code})` };
  } finally {
    packed.destroy();
  }
}

async function readStandardInput(take: ChunkTaker, options: ReadInputOptions): Promise<InputEnd> {
  const stat = attempt("-", () => fstatSync(0));
  if (stat.isFile()) return readWhole(0, "-", stat.size, take, options);
  if (stat.isDirectory())
    throw new AgentError("ERR_CAPTURE_FOLDER", "standard input is a folder: pipe a capture into it");
  if (!stat.isFIFO() && !stat.isSocket()) throw emptyInput("-");
  return readSocket(0, "-", take, options);
}

async function readPipe(path: string, take: ChunkTaker, options: ReadInputOptions): Promise<InputEnd> {
  const fd = await openPipe(path, options.signal);
  return fd < 0 ? { fault: "" } : readSocket(fd, path, take, options);
}

/** Opening a named pipe waits for its writer, which may never come: an abort gives up waiting and yields -1. */
function openPipe(path: string, signal: AbortSignal | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const giveUp = (): void => resolve(-1);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp, { once: true });
  open(path, "r", (error, fd) => {
    signal?.removeEventListener("abort", giveUp);
    if (error) reject(readFailure(path, error));
    else if (signal?.aborted) close(fd, () => undefined);
    else resolve(fd);
  });
  return promise;
}

async function readSocket(fd: number, path: string, take: ChunkTaker, options: ReadInputOptions): Promise<InputEnd> {
  let bytes = 0;
  const stream = new Socket({ fd, readable: true, writable: false });
  try {
    await consume(
      stream,
      (chunk) => {
        bytes += chunk.length;
        options.onProgress?.(bytes, 0);
        return take(chunk);
      },
      options.signal,
    );
  } catch (error) {
    throw systemFailure(path, error);
  }
  return { fault: "" };
}

/** A failed system call in words; anything else is a fault of the program and goes up as it is. */
const systemFailure = (path: string, error: unknown): unknown =>
  typeof (error as NodeJS.ErrnoException).syscall === "string" ? readFailure(path, error) : error;

/** Hands every chunk of the stream on, in flowing mode: unlike an iterator it loses none that came before an error. */
export function consume(stream: Readable, take: ChunkTaker, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: Error | undefined;
  const stop = (): void => {
    stream.destroy();
  };
  const settled = (goOn: boolean): void => {
    if (goOn) stream.resume();
    else stop();
  };
  stream.on("data", (chunk: Uint8Array) => {
    if (stream.destroyed) return;
    try {
      const taken = take(chunk);
      if (taken === false) stop();
      if (typeof taken === "boolean") return;
      stream.pause();
      taken.then(settled, (error: unknown) => stream.destroy(error as Error));
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
  stream.once("error", (error) => {
    failure = error;
  });
  stream.once("close", () => {
    signal?.removeEventListener("abort", stop);
    if (failure) reject(failure);
    else resolve();
  });
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return promise;
}
