import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimerWheel } from "./timer-wheel.ts";

const visitorOf = (
  wheel: TimerWheel,
  dueAt: Map<number, number>,
): { fired: [number, number][]; due(id: number): void } => ({
  fired: [],
  due(id) {
    const tick = dueAt.get(id) ?? 0;
    if (tick > wheel.tick) wheel.arm(id, tick);
    else this.fired.push([id, wheel.tick]);
  },
});

describe("TimerWheel", () => {
  it("visits each entry at its tick, moved ones at their new one, disarmed ones never", () => {
    const wheel = new TimerWheel(16, 8);
    wheel.reset(100);
    const visitor = visitorOf(wheel, new Map());
    wheel.arm(1, 103);
    wheel.arm(2, 103);
    wheel.arm(3, 105);
    wheel.arm(2, 104);
    wheel.disarm(3);
    wheel.advance(110, visitor);
    expect(visitor.fired).toEqual([
      [1, 103],
      [2, 104],
    ]);
  });

  it("looks at an entry beyond its reach on the way", () => {
    const wheel = new TimerWheel(16, 2);
    const dueAt = new Map([[1, 40]]);
    const visitor = visitorOf(wheel, dueAt);
    wheel.arm(1, 40);
    for (let tick = 1; tick <= 50; tick++) wheel.advance(tick, visitor);
    expect(visitor.fired).toEqual([[1, 40]]);
  });

  it("visits every entry once when time jumps years ahead, and stands still when it goes back", () => {
    const wheel = new TimerWheel(16, 4);
    const visitor = visitorOf(wheel, new Map());
    for (const id of [1, 2, 3]) wheel.arm(id, id * 4);
    wheel.advance(-5, visitor);
    expect(visitor.fired).toEqual([]);
    wheel.reset(0);
    wheel.advance(1_000_000_000, visitor);
    expect(visitor.fired.map(([id]) => id).sort()).toEqual([1, 2, 3]);
    wheel.advance(2_000_000_000, visitor);
    expect(visitor.fired).toHaveLength(3);
  });

  it("fires everything armed, never early, whatever is done", () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(40), fc.constantFrom("arm", "disarm", "go"));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const wheel = new TimerWheel(16, 6);
        const dueAt = new Map<number, number>();
        const visitor = visitorOf(wheel, dueAt);
        for (const [id, ticks, what] of steps) {
          if (what === "arm") {
            dueAt.set(id, wheel.tick + 1 + ticks);
            wheel.arm(id, wheel.tick + 1 + ticks);
          } else if (what === "disarm") {
            dueAt.delete(id);
            wheel.disarm(id);
          } else wheel.advance(wheel.tick + ticks, visitor);
          for (const [fired, at] of visitor.fired.splice(0)) {
            expect(at).toBeGreaterThanOrEqual(dueAt.get(fired) ?? Number.POSITIVE_INFINITY);
            dueAt.delete(fired);
          }
          for (const [, due] of dueAt) expect(due).toBeGreaterThan(wheel.tick);
        }
      }),
    );
  });
});
