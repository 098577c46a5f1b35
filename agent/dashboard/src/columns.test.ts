import { expect, test } from "vitest";
import { historyColumns } from "./history-columns.ts";
import { trafficColumns } from "./traffic-columns.ts";

const at = (second: number): string => new Date(second * 1000).toISOString();
const sample = (second: number, bits: number) => ({
  at: at(second),
  bits_in: bits,
  bits_out: bits + 1,
  bits_lan: bits + 2,
  packets: 0,
  top: [],
});

test("live traffic spans five minutes and shows lost time as a gap", () => {
  const [times, bitsIn, bitsOut, inside] = trafficColumns([sample(1000, 10), sample(1001, 20), sample(1060, 30)]);
  expect(times).toEqual([760, 1000, 1001, 1002, 1060]);
  expect(bitsIn).toEqual([null, 10, 20, null, 30]);
  expect(bitsOut).toEqual([null, 11, 21, null, 31]);
  expect(inside).toEqual([null, 12, 22, null, 32]);
});

test("samples that come twice or out of order are left out: a chart needs rising times", () => {
  const [times] = trafficColumns([sample(1000, 1), sample(1000, 1), sample(999, 1), sample(1001, 1)]);
  expect(times).toEqual([701, 1000, 1001]);
});

test("without a sample the axis stands all the same", () => {
  const [times, bitsIn] = trafficColumns([]);
  expect([times.length, bitsIn]).toEqual([1, [null]]);
});

test("history breaks where the agent was off", () => {
  const point = (second: number, score: number) => ({ at: at(second), score, open_incidents: 0 });
  expect(historyColumns([point(0, 5), point(3600, 6), point(90_000, 7)])).toEqual([
    [0, 3600, 3601, 90_000],
    [5, 6, null, 7],
  ]);
});
