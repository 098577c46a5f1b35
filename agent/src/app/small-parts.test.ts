import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { sampleDevice } from "../../test/api/fake-context.ts";
import { isoTime } from "../core/time-text.ts";
import { reportBug } from "./crash.ts";
import { DeviceNews } from "./device-news.ts";
import { Metrics } from "./metrics.ts";
import { ProgressBar } from "./progress.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { SensorTotals } from "./sensor-totals.ts";
import { serviceStatsRecord } from "./stats-record.ts";
import { TimeWindow } from "./time-window.ts";
import { Timers } from "./timers.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
const standardError = (): string[] => {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  return written;
};

test("a time window lets through what lies in it, both ends included", () => {
  const seen: number[] = [];
  const flush = vi.fn();
  const window = new TimeWindow({ frame: (_b, _o, _e, _w, _l, atUs) => seen.push(atUs), flush }, 10, 20);
  for (const atUs of [9, 10, 15, 20, 21]) window.frame(new Uint8Array(1), 0, 1, 1, 1, atUs);
  window.flush();
  expect([seen, flush.mock.calls.length]).toEqual([[10, 15, 20], 1]);
});

describe("the progress bar", () => {
  test("keeps quiet on short work, then shows share, rate and time left, and goes at the end", () => {
    const written = standardError();
    vi.useFakeTimers();
    const bar = new ProgressBar("a-very-long-capture-file-name.pcapng");
    vi.advanceTimersByTime(400);
    bar.show(10e6, 100e6);
    expect(written).toEqual([]);
    vi.advanceTimersByTime(600);
    bar.show(25e6, 100e6);
    bar.show(26e6, 100e6);
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\r\u001b\[Ka-very-long-capture-fil… █{8}░{22} {2}25 % {2}25 MB\/s {2}3 s left$/);
    bar.close();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  test("of a stream shows what came", () => {
    const written = standardError();
    vi.useFakeTimers();
    const bar = new ProgressBar("-");
    vi.advanceTimersByTime(2000);
    bar.show(50e6, 0);
    expect(written[0]).toBe("\r\u001b[K- 50 MB  25 MB/s");
  });
});

describe("a bug", () => {
  const bug = (): Error => {
    const error = new Error("cannot read x of undefined\nand more");
    error.stack = "Error: cannot read x\n    at secret.ts:1:1";
    return error;
  };

  test("is one line for the person and a stack in a file of theirs", () => {
    const folder = mkdtempSync(join(tmpdir(), "lanwarden-crash-"));
    vi.stubEnv("TMPDIR", folder);
    const written = standardError();
    reportBug(bug());
    const path = join(folder, "lanwarden-crash.log");
    expect(written).toEqual([
      `lanwarden: a fault in the program itself (cannot read x of undefined); the details are in ${path}\n`,
    ]);
    expect(readFileSync(path, "utf8")).toContain("at secret.ts:1:1");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  test("does not write through a link that somebody laid, nor fail without a folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "lanwarden-crash-"));
    vi.stubEnv("TMPDIR", folder);
    const target = join(folder, "target");
    writeFileSync(target, "mine");
    chmodSync(target, 0o600);
    symlinkSync(target, join(folder, "lanwarden-crash.log"));
    const written = standardError();
    reportBug(bug());
    expect(readFileSync(target, "utf8")).toBe("mine");
    vi.stubEnv("TMPDIR", join(folder, "none"));
    reportBug("not even an error");
    expect(written.map((line) => line.trim().split("\n").length)).toEqual([1, 1]);
    expect(written[1]).toBe(
      "lanwarden: a fault in the program itself (not even an error); and its log could not be written\n",
    );
    rmSync(folder, { recursive: true });
  });
});

describe("timers", () => {
  test("a fault ends neither the timer nor the others, and is said once a minute or when it changes", () => {
    vi.useFakeTimers();
    const said: string[] = [];
    const timers = new Timers((message) => said.push(message));
    let trouble: string | undefined = "disk full";
    let runs = 0;
    timers.every(500, () => {
      if (trouble) throw new Error(trouble);
    });
    timers.every(500, () => void runs++);
    vi.advanceTimersByTime(50_000);
    expect([said, runs]).toEqual([["disk full"], 100]);
    vi.advanceTimersByTime(15_000);
    expect(said).toEqual(["disk full", "disk full"]);
    trouble = "disk gone";
    vi.advanceTimersByTime(1000);
    expect(said.at(-1)).toBe("disk gone");
    trouble = undefined;
    vi.advanceTimersByTime(1000);
    trouble = "disk gone";
    vi.advanceTimersByTime(500);
    expect(said, "it was well in between").toHaveLength(4);
    timers.stop();
    vi.advanceTimersByTime(5000);
    expect(said).toHaveLength(4);
  });
});

describe("sensor totals", () => {
  const at = (seconds: number, packets: number): SensorTelemetry => ({
    atMs: 1_000_000 + seconds * 1000,
    packets,
    bytes: packets * 100,
    kernelDrops: 1,
    invalid: 0,
    droppedEvents: 2,
    detail: 0,
    elephantsCut: 0,
    flowsThinned: 0,
    flows: 5,
    lastPacketUs: seconds,
    nowUs: seconds,
  });

  test("go on over a restart, rates do not jump", () => {
    const totals = new SensorTotals();
    totals.take(at(0, 100));
    totals.take(at(2, 300));
    expect([totals.packetsPerSecond, totals.bitsPerSecond]).toEqual([100, 80_000]);
    totals.sensorGone();
    expect([totals.packetsPerSecond, totals.totals.packets, totals.totals.flows]).toEqual([0, 300, 0]);
    totals.take(at(12, 50));
    expect(totals.totals).toMatchObject({
      packets: 350,
      bytes: 35_000,
      kernelDrops: 2,
      droppedEvents: 4,
      detail: 0,
      elephantsCut: 0,
      flowsThinned: 0,
      flows: 5,
    });
    expect(totals.packetsPerSecond).toBe(5);
    totals.sensorGone();
    totals.sensorGone();
    expect(totals.totals.packets).toBe(350);
  });
});

describe("news of devices", () => {
  const minutes = (n: number): number => n * 60_000_000;
  const seenAt = (us: number, more: object = {}) => ({ ...sampleDevice(), last_seen: isoTime(us), ...more });

  test("the same once; that it was seen again every five minutes; a change at once", () => {
    const news = new DeviceNews();
    expect(news.isNew(seenAt(0), 0)).toBe(true);
    expect(news.isNew(seenAt(minutes(1)), minutes(1))).toBe(false);
    expect(news.isNew(seenAt(minutes(4.9)), minutes(4.9))).toBe(false);
    expect(news.isNew(seenAt(minutes(5)), minutes(5))).toBe(true);
    expect(news.isNew(seenAt(minutes(5), { name: "Door camera" }), minutes(5))).toBe(true);
    expect(news.isNew(seenAt(minutes(5), { name: "Door camera" }), minutes(6))).toBe(false);
    expect(news.isNew({ ...seenAt(0), id: "other" }, 0)).toBe(true);
  });
});

const at0 = new SensorTotals().totals;

test("the service's stats record tells losses and duplicates", () => {
  const counted = {
    ...at0,
    packets: 90,
    bytes: 9000,
    kernelDrops: 10,
    invalid: 1,
    flows: 5,
    nowUs: 1_700_000_000_000_000,
  };
  expect(serviceStatsRecord({ ...counted, duplicates: 7 })).toEqual({
    timestamp: expect.stringMatching(/^2023-11-14T/),
    event_type: "stats",
    stats: {
      capture: { kernel_packets: 100, kernel_drops: 10, duplicates: 7 },
      decoder: { pkts: 90, bytes: 9000, invalid: 1 },
      flow: { active: 5 },
    },
  });
  expect(serviceStatsRecord(counted)).toMatchObject({ stats: { capture: { kernel_packets: 100, kernel_drops: 10 } } });
});

test("sums of duplicates stay absent where nobody looks, and go on over a restart", () => {
  const totals = new SensorTotals();
  totals.take(at0);
  expect(totals.totals).not.toHaveProperty("duplicates");
  totals.take({ ...at0, duplicates: 3 });
  totals.sensorGone();
  totals.take({ ...at0, duplicates: 2 });
  expect(totals.totals.duplicates).toBe(5);
});

test("metrics are typed by what they are", async () => {
  const metrics = new Metrics();
  const { sampleHub } = await import("../../test/api/fake-context.ts");
  const telemetry = {
    atMs: 0,
    packets: 12,
    bytes: 1200,
    kernelDrops: 3,
    invalid: 1,
    droppedEvents: 2,
    detail: 0 as const,
    elephantsCut: 0,
    flowsThinned: 0,
    flows: 5,
    lastPacketUs: 0,
    nowUs: 0,
  };
  for (const packets of [12, 20]) metrics.hub(sampleHub(), { ...telemetry, packets }, 4, 2);
  expect([metrics.fault(), metrics.fault()]).toEqual([1, 2]);
  const text = await metrics.text();
  expect(text).toMatch(/# TYPE lanwarden_packets_total counter\nlanwarden_packets_total 20\n/);
  expect(text).toMatch(/# TYPE lanwarden_sensor_restarts_total counter\nlanwarden_sensor_restarts_total 2\n/);
  expect(text).toMatch(/# TYPE lanwarden_flows gauge\nlanwarden_flows 5\n/);
  expect(text).toMatch(/lanwarden_tap_up 0\n/);
  expect(text).toMatch(/lanwarden_faults_total 2\n/);
});
