import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { wallClock } from "../../core/clock.ts";
import { encodePcap } from "../pcap-writer.ts";
import { FrameRecorder } from "../test-octets.ts";
import { file } from "./file.ts";

const folder = mkdtempSync(join(tmpdir(), "file-source-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Frames in November 2023, `gapUs` apart. */
function capture(name: string, count: number, gapUs: number): string {
  const path = join(folder, name);
  const frames = Array.from({ length: count }, (_, i) => ({
    octets: Uint8Array.of(i, 0xaa),
    atUs: 1_700_000_000_000_000 + i * gapUs,
  }));
  writeFileSync(path, encodePcap(frames));
  return path;
}

async function play(config: Record<string, unknown>, signal: AbortSignal = new AbortController().signal) {
  const warnings: string[] = [];
  const source = file.open(file.parse({ type: "file", ...config }), { warn: (message) => warnings.push(message) });
  const sink = new FrameRecorder();
  const begunUs = wallClock.nowUs();
  await source.run(sink, signal);
  return { frames: sink.frames, warnings, counters: source.counters, begunUs, endedUs: wallClock.nowUs() };
}

describe("file source at a given speed", () => {
  it("plays at the speed asked for and stamps each frame with the moment it is played", async () => {
    const path = capture("paced.pcap", 5, 500_000);
    const { frames, begunUs, endedUs, counters } = await play({ path, speed: 10 });
    const first = frames[0]?.atUs ?? 0;
    expect(frames.map(({ atUs }) => atUs - first)).toEqual([0, 50_000, 100_000, 150_000, 200_000]);
    expect(first).toBeGreaterThanOrEqual(begunUs);
    expect(first - begunUs).toBeLessThan(1_000_000);
    expect(endedUs - begunUs).toBeGreaterThanOrEqual(190_000);
    expect(counters.packets).toBe(5);
  });

  it("plays at the capture's own speed unless told otherwise", async () => {
    const { begunUs, endedUs } = await play({ path: capture("own.pcap", 3, 100_000) });
    expect(endedUs - begunUs).toBeGreaterThanOrEqual(190_000);
  });

  it("loops until it is stopped, and time goes on", async () => {
    const path = capture("loop.pcap", 3, 1000);
    const { frames, begunUs } = await play({ path, speed: 100, loop: true }, AbortSignal.timeout(2500));
    expect(frames.length).toBeGreaterThanOrEqual(6);
    expect(frames.length).toBeLessThanOrEqual(9);
    const times = frames.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThanOrEqual(1_000_000);
    expect((times[3] ?? 0) - begunUs).toBeLessThan(3_000_000);
  });

  it("warns of a cut end after the frames before it", async () => {
    const path = join(folder, "cut.pcap");
    writeFileSync(
      path,
      encodePcap([
        { octets: Uint8Array.of(1), atUs: 1 },
        { octets: Uint8Array.of(2), atUs: 2 },
      ]).subarray(0, 50),
    );
    const { frames, warnings, counters } = await play({ path });
    expect(frames).toHaveLength(1);
    expect(counters.truncated).toBe(true);
    expect(warnings).toEqual([
      `${path}: the capture ends inside a record at offset 41 (at least 7 octets are missing); 1 packet read before it`,
    ]);
  });
});

describe("file source at full speed", () => {
  it("keeps the distances of the capture and ends at the present, however long it is", async () => {
    const path = capture("day.pcap", 25, 3_600_000_000 - 1);
    const { frames, begunUs, endedUs } = await play({ path, speed: "max" });
    const times = frames.map(({ atUs }) => atUs);
    for (let i = 1; i < 25; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBe(3_600_000_000 - 1);
    expect(times.at(-1)).toBeGreaterThanOrEqual(begunUs);
    expect(times.at(-1)).toBeLessThanOrEqual(endedUs);
    expect(endedUs - begunUs).toBeLessThan(5_000_000);
  });

  it("loops with time going on, and stops at an abort", async () => {
    const path = capture("max-loop.pcap", 10, 1_000_000);
    const { frames } = await play({ path, speed: "max", loop: true }, AbortSignal.timeout(100));
    expect(frames.length).toBeGreaterThan(20);
    const times = frames.map(({ atUs }) => atUs);
    expect(times.every((atUs, i) => i === 0 || atUs - (times[i - 1] ?? 0) === 1_000_000)).toBe(true);
  });

  it("does not loop over a capture without packets", async () => {
    const { frames } = await play({ path: capture("none.pcap", 0, 0), speed: "max", loop: true });
    expect(frames).toEqual([]);
  });
});

describe("file source's configuration", () => {
  it("fills in the defaults", () => {
    expect(file.parse({ type: "file", path: "a.pcap" })).toEqual({ path: "a.pcap", speed: 1, loop: false });
  });

  it.each([
    [{}, "path: is missing; expected a capture file, or -"],
    [{ path: "a", speed: 0 }, "speed: 0 is not allowed; expected max, or a number from 0.001 to 100000"],
    [{ path: "a", speed: "fast" }, 'speed: "fast" is not allowed; expected max'],
    [{ path: "a", speed: Number.NaN }, "speed: null is not allowed"],
    [{ path: "a", loop: "yes" }, 'loop: "yes" is not allowed; expected true or false'],
    [{ path: "-", loop: true }, "loop: true is not allowed; expected false: standard input cannot be read again"],
    [{ path: "a", sped: 2 }, "sped: unknown key; allowed: type, path, speed, loop"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => file.parse({ type: "file", ...config })).toThrow(`sources: type file: ${text}`);
  });

  it.each([1, "max"])("rejects at once what is no capture (speed %s)", async (speed) => {
    const path = join(folder, "text");
    writeFileSync(path, "hello, world");
    await expect(play({ path, speed })).rejects.toMatchObject({ code: "ERR_CAPTURE_FORMAT" });
    await expect(play({ path: `${path}.none`, speed })).rejects.toMatchObject({ code: "ERR_CAPTURE_MISSING" });
  });
});
