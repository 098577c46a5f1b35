import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { newCounters } from "./define.ts";
import { encodePcap } from "./pcap-writer.ts";
import { readCaptureFile } from "./read-file.ts";
import { FrameRecorder, parsePieces } from "./test-octets.ts";

const folder = mkdtempSync(join(tmpdir(), "capture-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 3 MB of frames that do not pack away to nothing: several chunks in every way of reading. */
const stream = encodePcap(
  Array.from({ length: 3000 }, (_, i) => ({
    octets: Uint8Array.from({ length: 1000 }, (_, k) => (i * 31 + k * k * 7 + ((i * k) >> 3)) & 255),
    atUs: i * 1000,
  })),
);
const whole = parsePieces([stream]).frames;

function put(name: string, octets: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, octets);
  return path;
}

async function read(path: string, signal?: AbortSignal) {
  const sink = new FrameRecorder();
  const counters = newCounters();
  const warnings: string[] = [];
  const progress: [number, number][] = [];
  await readCaptureFile(path, sink, counters, {
    warn: (message) => warnings.push(message),
    onProgress: (bytes, total) => progress.push([bytes, total]),
    ...(signal ? { signal } : {}),
  });
  return { frames: sink.frames, counters, warnings, progress };
}

describe("readCaptureFile", () => {
  it.each([
    ["plain", stream],
    ["packed by gzip", gzipSync(stream)],
    ["in two gzip members", Buffer.concat([gzipSync(stream.subarray(0, 99_999)), gzipSync(stream.subarray(99_999))])],
    ["packed by zstd", zstdCompressSync(stream)],
  ])("reads a capture that is %s, whatever its name", async (_name, octets) => {
    const { frames, counters, warnings, progress } = await read(put("any.bin", octets));
    expect(frames).toEqual(whole);
    expect(counters).toEqual({ packets: 3000, kernelDrops: 0, invalid: 0, truncated: false });
    expect(warnings).toEqual([]);
    expect(progress.at(-1)).toEqual([octets.length, octets.length]);
  });

  it.each([
    ["plain", stream],
    ["packed by gzip", gzipSync(stream)],
    ["packed by zstd", zstdCompressSync(stream)],
  ])("reads a cut capture (%s) as far as it goes and warns", async (_name, octets) => {
    const path = put("cut.pcap", octets.subarray(0, Math.floor(octets.length * 0.7)));
    const { frames, counters, warnings } = await read(path);
    expect(frames.length).toBeGreaterThan(1000);
    expect(frames).toEqual(whole.slice(0, frames.length));
    expect(counters.truncated).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^${path}: the capture ends inside a record at offset \\d+ `));
  });

  it("keeps what came before packed octets that are damaged", async () => {
    const octets = Buffer.from(gzipSync(stream));
    octets.fill(0xff, octets.length - 8, octets.length - 4); // RFC 1952 §2.3.1: the check sum
    const { frames, counters, warnings } = await read(put("bad.gz", octets));
    // zlib keeps back the chunk of at most 64 KiB in which it fails
    expect(frames.length).toBeGreaterThan(3000 - 65_536 / 1016 - 2);
    expect(frames).toEqual(whole.slice(0, frames.length));
    expect(counters).toMatchObject({ invalid: 1, truncated: true });
    expect(warnings).toEqual([
      `${join(folder, "bad.gz")}: its compressed octets are damaged (Z_DATA_ERROR); the packets before the damage were read`,
    ]);
  });

  it("stops quietly at an abort", async () => {
    const { frames, warnings } = await read(put("some.pcap", stream), AbortSignal.abort());
    expect(frames).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("reads from a named pipe, and does not wait for its writer after an abort", async ({ skip }) => {
    const pipe = join(folder, "pipe");
    try {
      execFileSync("mkfifo", [pipe]);
    } catch {
      skip("there is no mkfifo");
    }
    const source = put("some.pcap", stream);
    const waiting = read(pipe);
    const writer = spawn("dd", [`if=${source}`, `of=${pipe}`, "bs=7777", "status=none"], { stdio: "ignore" });
    expect((await waiting).frames).toEqual(whole);
    await new Promise((done) => (writer.exitCode === null ? writer.once("exit", done) : done(0)));

    expect((await read(pipe, AbortSignal.timeout(50))).frames).toEqual([]);
    // Lets the abandoned open go, which else keeps a thread for ever.
    execFileSync("dd", ["if=/dev/null", `of=${pipe}`, "status=none"]);
  });

  it("passes a fault of the sink on", async () => {
    const sink = {
      frame(): void {
        throw new TypeError("sink");
      },
      flush(): void {},
    };
    for (const octets of [stream, gzipSync(stream)]) {
      const reading = readCaptureFile(put("f", octets), sink, newCounters(), { warn: () => undefined });
      await expect(reading).rejects.toThrow(TypeError);
    }
  });
});

describe("what cannot be read", () => {
  it.each([
    ["a missing file", () => join(folder, "none.pcap"), "ERR_CAPTURE_MISSING", "no such file: check the name"],
    ["a folder", () => folder, "ERR_CAPTURE_FOLDER", "is a folder: name a capture file in it"],
    ["an empty file", () => put("empty.pcap", ""), "ERR_CAPTURE_EMPTY", "the file is empty"],
    ["a device", () => "/dev/zero", "ERR_CAPTURE_KIND", "is not a file"],
    [
      "something else",
      () => put("x.json", '{"a": 1}'),
      "ERR_CAPTURE_FORMAT",
      "not a capture, it begins with 7b 22 61 22 3a 20 31 7d: give a pcap or pcapng file",
    ],
    ["a few octets", () => put("x", "ab"), "ERR_CAPTURE_FORMAT", "not a capture, it begins with 61 62: give a pcap"],
    [
      "an archive",
      () => put("x.zip", "PK\x03\x04...."),
      "ERR_CAPTURE_FORMAT",
      "this is a zip archive: unpack it first",
    ],
    ["packed text", () => put("x.gz", gzipSync("hello")), "ERR_CAPTURE_FORMAT", "begins with 68 65 6c 6c 6f: give"],
  ])("is told in one line with place and mend: %s", async (_name, make, code, text) => {
    const path = make();
    const error: unknown = await read(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "AgentError", code, exitCode: 2 });
    const { message } = error as Error;
    expect(message).toContain(text);
    expect(message.startsWith(`${path}: `)).toBe(true);
    expect(message).not.toContain("\n");
  });

  it("is told for a file without permission", async ({ skip }) => {
    if (process.getuid?.() === 0) skip("root may read everything");
    const locked = join(folder, "locked");
    mkdirSync(locked);
    const path = put("locked/x.pcap", stream);
    chmodSync(path, 0);
    await expect(read(path)).rejects.toMatchObject({ code: "ERR_CAPTURE_UNREADABLE" });
  });
});
