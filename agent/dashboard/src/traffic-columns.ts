import type { TrafficSample } from "@lanwarden/contract/status";

/** No sample for longer than this is a gap in the line: the connection was lost, and nothing is known of that time. */
const GAP_SECONDS = 4;
const WINDOW_SECONDS = 300;

type Column = (number | null)[];

/** Samples as columns of a chart: seconds, in, out, inside. The first second is always five minutes before the last, so that the axis stands still. */
export function trafficColumns(samples: readonly TrafficSample[]): [number[], Column, Column, Column] {
  const times: number[] = [];
  const columns: [Column, Column, Column] = [[], [], []];
  const add = (second: number, values: readonly [number, number, number] | undefined): void => {
    times.push(second);
    columns.forEach((column, i) => {
      column.push(values?.[i] ?? null);
    });
  };
  const last = samples.at(-1);
  const start = (last === undefined ? Date.now() : Date.parse(last.at)) / 1000 - WINDOW_SECONDS;
  add(start, undefined);
  for (const sample of samples) {
    const second = Date.parse(sample.at) / 1000;
    const before = times.at(-1) ?? start;
    if (second <= before) continue;
    if (times.length > 1 && second - before > GAP_SECONDS) add(before + 1, undefined);
    add(second, [sample.bits_in, sample.bits_out, sample.bits_lan]);
  }
  return [times, ...columns];
}
