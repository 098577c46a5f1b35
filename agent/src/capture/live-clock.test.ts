import { describe, expect, it } from "vitest";
import { LiveClock } from "./live-clock.ts";

const SECOND = 1_000_000;
const NOW = 1_700_000_000 * SECOND;

function clock() {
  const times: number[] = [];
  const warnings: string[] = [];
  let nowUs = NOW;
  const sink = { frame: (...args: unknown[]) => void times.push(args[5] as number), flush() {} };
  const live = new LiveClock(
    sink,
    (message) => warnings.push(message),
    () => nowUs,
  );
  /** A frame stamped `stampUs` arrives at `arrivalUs`; returns the time it got, both from NOW. */
  const arrive = (arrivalUs: number, stampUs: number): number => {
    nowUs = NOW + arrivalUs;
    live.frame(new Uint8Array(0), 0, 0, 0, 1, NOW + stampUs);
    live.flush();
    return (times.at(-1) ?? 0) - NOW;
  };
  return { arrive, warnings };
}

describe("the clock of a live stream", () => {
  it("leaves stamps alone that are in step with ours", () => {
    const { arrive, warnings } = clock();
    expect([arrive(0, -20_000), arrive(100, -1000), arrive(5000, 4900), arrive(SECOND, -40)]).toEqual([
      -20_000, -1000, 4900, -40,
    ]);
    expect(warnings).toEqual([]);
  });

  it("moves those of a clock that began in 1970 to ours, and says so once", () => {
    const { arrive, warnings } = clock();
    expect(arrive(0, -NOW + 5 * SECOND)).toBe(0);
    expect(arrive(SECOND, -NOW + 6 * SECOND - 300)).toBe(SECOND - 300);
    expect(warnings).toEqual([
      "its clock is 1699999995 s behind: its packets get the time of this machine; switch NTP on there",
    ]);
  });

  it("takes the least delay for the difference: what waited longer is told earlier", () => {
    const { arrive } = clock();
    arrive(0, 3 * SECOND - 400_000);
    expect(arrive(SECOND, 4 * SECOND - 1000)).toBe(SECOND);
    expect(arrive(2 * SECOND, 4 * SECOND - 500_000)).toBe(SECOND + 1000 - 500_000);
  });

  it("follows a clock that is set while it runs, forth and back", () => {
    const { arrive } = clock();
    expect(arrive(0, -3600 * SECOND)).toBe(0);
    expect(arrive(SECOND, SECOND)).toBe(SECOND);
    expect(arrive(2 * SECOND, -7200 * SECOND)).toBe(2 * SECOND);
    expect(arrive(3 * SECOND, -7199 * SECOND)).toBe(3 * SECOND);
  });

  it("follows one that drifts, within a minute", () => {
    const { arrive } = clock();
    let got = 0;
    for (let i = 0; i < 120; i++) got = arrive(i * SECOND, i * SECOND * 0.999 - SECOND) - i * SECOND;
    expect(Math.abs(got)).toBeLessThanOrEqual(60_000);
  });
});
