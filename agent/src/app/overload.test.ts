import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LoadSample, Overload } from "./overload.ts";

const HOT: LoadSample = { drops: 9, busy: 0.5 };
const BUSY: LoadSample = { drops: 0, busy: 0.99 };
const CALM: LoadSample = { drops: 0, busy: 0.2 };
const after = (...samples: LoadSample[]): number => {
  const overload = new Overload();
  for (const sample of samples) overload.take(sample);
  return overload.step;
};
const times = (n: number, sample: LoadSample): LoadSample[] => Array<LoadSample>(n).fill(sample);

describe("Overload", () => {
  it("takes no step for a burst", () => {
    expect(after(HOT, HOT, CALM, HOT, HOT, CALM, BUSY, BUSY)).toBe(0);
  });

  it("cuts large transfers first, then thins new flows", () => {
    expect(after(...times(3, HOT))).toBe(1);
    expect(after(...times(5, BUSY))).toBe(1);
    expect(after(...times(6, BUSY))).toBe(2);
    expect(after(...times(60, BUSY))).toBe(2);
  });

  it("comes back by itself, a step at a time", () => {
    const hot = times(6, BUSY);
    expect(after(...hot, ...times(14, CALM))).toBe(2);
    expect(after(...hot, ...times(15, CALM))).toBe(1);
    expect(after(...hot, ...times(30, CALM))).toBe(0);
  });

  it("stays where it is while the load is neither", () => {
    expect(after(...times(3, HOT), ...times(100, { drops: 0, busy: 0.8 }))).toBe(1);
  });

  it("never moves by more than one step a second, and says every change", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ drops: fc.nat(2), busy: fc.double({ min: 0, max: 1, noNaN: true }) })),
        (samples) => {
          const overload = new Overload();
          for (const sample of samples) {
            const before = overload.step;
            const isChanged = overload.take(sample);
            expect(Math.abs(overload.step - before)).toBe(isChanged ? 1 : 0);
          }
        },
      ),
    );
  });
});
