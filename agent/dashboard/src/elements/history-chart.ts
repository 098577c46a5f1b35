import type { HistoryPoint } from "@lanwarden/contract/api";
import { html, nothing, type TemplateResult } from "lit";
import { historyColumns } from "../history-columns.ts";
import type { ChartLine } from "./lw-chart.ts";
import "./lw-chart.ts";

const LINES: readonly ChartLine[] = [{ label: "Risk", color: "--chart-in", hasArea: true }];
/** A change of fewer points is none that a person would act on. */
const STEADY = 5;

/** A home that never had more than this has no curve worth a look: calm shows nothing. */
const NOTEWORTHY = 10;

/** Is it getting better? Nothing until there are two points to compare, and something to see. */
export function historyChart(points: readonly HistoryPoint[]): TemplateResult | typeof nothing {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 2 || points.every(({ score }) => score < NOTEWORTHY) || first === undefined || last === undefined)
    return nothing;
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
