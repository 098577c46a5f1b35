import type { HistoryPoint } from "@lanwarden/contract/api";

/** No point for longer than this: the agent was off, and the line is broken there. */
const GAP_SECONDS = 3 * 3600;

/** Scores as columns of a chart, seconds first, with a gap where none was kept. */
export function historyColumns(points: readonly HistoryPoint[]): [number[], (number | null)[]] {
  const times: number[] = [];
  const scores: (number | null)[] = [];
  for (const { at, score } of points) {
    const second = Date.parse(at) / 1000;
    const last = times.at(-1);
    if (last !== undefined && second - last > GAP_SECONDS) {
      times.push(last + 1);
      scores.push(null);
    }
    times.push(second);
    scores.push(score);
  }
  return [times, scores];
}
