import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { wallClock } from "../core/clock.ts";
import { PacedQueue, ReplayClock } from "./replay.ts";
import { hex } from "./test-octets.ts";

const NOW = 1_800_000_000_000_000;
const HOUR = 3_600_000_000;

describe("ReplayClock", () => {
  it("keeps distances at the speed of the capture, and divides them at others", () => {
    const once = new ReplayClock(1, () => NOW);
    expect([100, 350, 300].map((atUs) => once.map(atUs) - NOW)).toEqual([0, 250, 200]);
    const tenfold = new ReplayClock(10, () => NOW);
    expect([5_000_000, 15_000_000].map((atUs) => tenfold.map(atUs) - NOW)).toEqual([0, 1_000_000]);
  });

  it("goes on over the passes of a loop, even when the clock behind it stands still", () => {
    let nowUs = NOW;
    const clock = new ReplayClock(1, () => nowUs);
    expect([0, 7_000_000].map((atUs) => clock.map(atUs) - NOW)).toEqual([0, 7_000_000]);
    clock.nextPass();
    expect([0, 7_000_000].map((atUs) => clock.map(atUs) - NOW)).toEqual([8_000_000, 15_000_000]);
    nowUs = NOW + 100_000_000;
    clock.nextPass();
    expect(clock.map(0) - NOW).toBe(100_000_000);
  });

  it("does not wait for a clock that was set, forwards or backwards", () => {
    const clock = new ReplayClock(1, () => NOW);
    const times = [0, 10, HOUR * 1000, HOUR * 1000 + 10, 5, 25];
    expect(times.map((atUs) => clock.map(atUs) - NOW)).toEqual([0, 10, 1_000_010, 1_000_020, 2_000_020, 2_000_040]);
  });

  it("waits for a real pause of up to an hour", () => {
    const clock = new ReplayClock(1, () => NOW);
    expect([0, HOUR].map((atUs) => clock.map(atUs) - NOW)).toEqual([0, HOUR]);
  });
});

describe("PacedQueue", () => {
  const buf = hex("000102030405060708090a0b0c0d0e0f");

  function rig(speed: number) {
    const seen: { octet: number; atUs: number; lateUs: number }[] = [];
    let flushed = 0;
    const sink = {
      frame(from: Uint8Array, off: number, _end: number, _wire: number, _link: number, atUs: number): void {
        seen.push({ octet: from[off]!, atUs, lateUs: wallClock.nowUs() - atUs });
      },
      flush(): void {
        flushed = seen.length;
      },
    };
    const queue = new PacedQueue(new ReplayClock(speed, wallClock.nowUs), sink, wallClock.nowUs);
    return { seen, queue, flushed: () => flushed };
  }

  it("delivers each frame when it is due, and flushes before it waits", async () => {
    const { seen, queue, flushed } = rig(2);
    for (let i = 0; i < 4; i++) queue.frame(buf, i, i + 1, 60, 1, 1_000_000 + i * 100_000); // every 50 ms at double speed
    const drained = queue.drain(new AbortController().signal);
    expect(seen.map(({ octet }) => octet)).toEqual([0]);
    expect(flushed()).toBe(1);
    await drained;
    expect(seen.map(({ octet }) => octet)).toEqual([0, 1, 2, 3]);
    expect(seen.map(({ atUs }) => atUs - seen[0]!.atUs)).toEqual([0, 50_000, 100_000, 150_000]);
    for (const { lateUs } of seen) {
      expect(lateUs).toBeGreaterThan(-4_000);
      expect(lateUs).toBeLessThan(200_000);
    }
    expect(flushed()).toBe(4);
  });

  it("holds many frames of a chunk and delivers those at one time together", async () => {
    const { seen, queue } = rig(1);
    for (let i = 0; i < 5000; i++) queue.frame(buf, i % 16, 16, 60, 1, 7);
    await queue.drain(new AbortController().signal);
    expect(seen).toHaveLength(5000);
    expect(seen[4999]?.octet).toBe(4999 % 16);
  });

  it("wakes at an abort", async () => {
    const { seen, queue } = rig(1);
    queue.frame(buf, 0, 1, 60, 1, 0);
    queue.frame(buf, 1, 2, 60, 1, 60_000_000);
    const abort = new AbortController();
    const begun = performance.now();
    const drained = queue.drain(abort.signal);
    await sleep(20);
    abort.abort();
    await drained;
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(seen).toHaveLength(1);
  });
});
