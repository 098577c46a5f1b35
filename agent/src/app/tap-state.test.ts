import { describe, expect, test } from "vitest";
import { SILENT_MS, TapState } from "./tap-state.ts";

const T = 1_800_000_000_000;

describe("the tap", () => {
  test("comes up with its source, and says meanwhile that it starts", () => {
    const tap = new TapState([true]);
    expect([tap.isUp(T), tap.isStarting, tap.reason(T)]).toEqual([false, true, "starting"]);
    expect(tap.notReady()).toEqual(["source (starting)"]);
    tap.source(0, "up", "", T);
    expect([tap.isUp(T), tap.isStarting, tap.reason(T)]).toEqual([true, false, undefined]);
    expect(tap.notReady()).toEqual([]);
  });

  test("that delivers nothing for a minute is blind, though its source is up", () => {
    const tap = new TapState([true]);
    tap.source(0, "up", "", T);
    tap.counted(5, T + 10_000);
    tap.counted(5, T + 60_000);
    expect(tap.isUp(T + 10_000 + SILENT_MS - 1)).toBe(true);
    expect(tap.isUp(T + 10_000 + SILENT_MS)).toBe(false);
    expect(tap.reason(T + 80_000)).toMatch(/^no packet for 70 s: is the mirror port switched on/);
    expect(tap.notReady(), "to start the agent anew would not help").toEqual([]);
    tap.counted(6, T + 80_000);
    expect([tap.isUp(T + 80_001), tap.reason(T + 80_001)]).toEqual([true, undefined]);
  });

  test("a capture that is played has its own pauses", () => {
    const tap = new TapState([false]);
    tap.source(0, "up", "", T);
    expect(tap.isUp(T + 3_600_000)).toBe(true);
  });

  test("a capture that has ended is no fault", () => {
    const tap = new TapState([false]);
    tap.source(0, "ended", "", T);
    expect([tap.isUp(T), tap.isOver, tap.reason(T), tap.notReady()]).toEqual([
      false,
      true,
      "the capture has ended",
      [],
    ]);
    tap.sensorGone("the sensor stopped");
    expect(tap.isOver).toBe(true);
  });

  test("one source of two that fails is said, while the other delivers", () => {
    const tap = new TapState([true, true]);
    tap.source(0, "up", "", T);
    tap.source(1, "failed", "eth9: there is no such interface", T);
    tap.counted(1, T);
    expect([tap.isUp(T), tap.reason(T)]).toEqual([true, "eth9: there is no such interface"]);
    expect(tap.notReady()).toEqual(["source (eth9: there is no such interface)"]);
    expect(tap.isOver).toBe(false);
    expect(tap.source(1, "failed", "eth9: there is no such interface", T + 1), "the same again is no news").toBe(false);
    expect(tap.source(1, "failed", "eth9: permission denied", T + 2)).toBe(true);
    tap.source(1, "failed", "eth9: there is no such interface", T + 3);
    tap.source(7, "failed", "not one of ours", T);
    expect(tap.notReady()).toHaveLength(1);
  });

  test("goes down with the sensor and comes back with it", () => {
    const tap = new TapState([true, false]);
    tap.source(0, "up", "", T);
    tap.source(1, "ended", "", T);
    tap.sensorGone("the sensor has not answered for 15 s");
    expect([tap.isUp(T), tap.reason(T)]).toEqual([false, "the sensor has not answered for 15 s"]);
    // Silence before the restart does not count against the new one.
    tap.source(0, "up", "", T + 600_000);
    expect(tap.isUp(T + 600_001)).toBe(true);
  });
});
