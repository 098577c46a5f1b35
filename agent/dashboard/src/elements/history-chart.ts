import type { HistoryPoint } from "@lanwarden/contract/api";
import { html, nothing, type TemplateResult } from "lit";
import type { ChartLine } from "./lw-chart.ts";
import "./lw-chart.ts";

const LINES: readonly ChartLine[] = [{ label: "Risk", color: "--chart-in", hasArea: true }];
/** No point for longer than this: the agent was off, and the line is broken there. */
const GAP_SECONDS = 3 * 3600;

/** A change of fewer points is none that a person would act on. */
const STEADY = 5;

/** Points as columns for the chart, with a gap where none was kept. Exported for its test. */
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

/** Is it getting better? Nothing until there are two points to compare. */
export function historyChart(points: readonly HistoryPoint[]): TemplateResult | typeof nothing {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 2 || first === undefined || last === undefined) return nothing;
  const change = Math.round(last.score) - Math.round(first.score);
  const verdict =
    Math.abs(change) < STEADY
      ? "as before"
      : change < 0
        ? `${-change} better than at the start`
        : `${change} worse than at the start`;
  return html`<div class="card stack">
    <div class="spread"><h2>Risk of the home</h2><span class="muted small">${verdict}</span></div>
    <lw-chart .values=${historyColumns(points)} .lines=${LINES} .unit=${(v: number) => String(v)} .top=${100} .height=${150}
      label="Risk of the home over time, now ${Math.round(last.score)} of 100, ${verdict}"></lw-chart>
  </div>`;
}
