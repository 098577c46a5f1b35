import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LruMap } from "../core/lru-map.ts";
import { DistinctCount, Rearm, SlidingCount } from "./window.ts";

const S = 1_000_000;

test("a sliding sum forgets what is older than the window", () => {
  const count = new SlidingCount(60);
  for (let i = 0; i < 10; i++) count.add("a", i * S);
  expect(count.sum("a", 10 * S)).toBe(10);
  expect(count.sum("a", 62 * S)).toBeLessThan(10);
  expect(count.sum("a", 80 * S)).toBe(0);
  expect(count.sum("b", 80 * S)).toBe(0);
});

test("a sliding sum is never more than what came within window and one slot", () => {
  void fc.assert(
    fc.property(fc.array(fc.nat(600), { maxLength: 200 }), (seconds) => {
      const times = seconds.sort((a, b) => a - b);
      const count = new SlidingCount(60);
      for (const [i, at] of times.entries()) {
        const sum = count.add("k", at * S);
        const within = times.slice(0, i + 1).filter((time) => at - time <= 60).length;
        const surely = times.slice(0, i + 1).filter((time) => at - time < 55).length;
        expect(sum).toBeLessThanOrEqual(within);
        expect(sum).toBeGreaterThanOrEqual(surely);
      }
    }),
  );
});

test("distinct values are counted once and both keys and values are capped", () => {
  const count = new DistinctCount<number>(60, 2, 3);
  expect(count.add("a", 1, 0)).toBe(1);
  expect(count.add("a", 1, S)).toBe(1);
  expect(count.add("a", 2, 2 * S)).toBe(2);
  expect(count.count("a", 61.5 * S)).toBe(1);
  for (let i = 0; i < 10; i++) count.add("b", i, 70 * S);
  expect(count.count("b", 70 * S)).toBe(3);
  count.add("c", 1, 70 * S);
  expect([...count.keys()]).toEqual(["b", "c"]);
});

test("the map forgets what was not used for longest", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("a");
  map.set("c", 3);
  expect([map.has("a"), map.has("b"), map.has("c")]).toEqual([true, false, true]);
});

test("speaking again is due when the number has doubled or the pause is over", () => {
  const rearm = new Rearm(600);
  expect([10, 15, 20, 39].map((n, i) => rearm.due("k", n, i * S))).toEqual([true, false, true, false]);
  expect(rearm.due("k", 21, 700 * S)).toBe(true);
});
