import type { Risk, RiskLevel } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationState, IsolationStateName } from "@lanwarden/contract/isolation";
import type { Severity } from "@lanwarden/contract/kinds";
import { css, html, nothing, type TemplateResult } from "lit";
import { type IconName, icon, severityIcon } from "../icons.ts";
import { isolationText } from "../isolation-words.ts";
import { levelClass, levelWord, severityWord } from "../words.ts";
import "./lw-time.ts";

/** Severity as colour, icon and word. */
export const severityChip = (severity: Severity): TemplateResult =>
  html`<span class="chip ${severity}">${severityIcon(severity)}${severityWord(severity)}</span>`;

/** Level of a risk as colour, icon and word. */
export const levelChip = (level: RiskLevel): TemplateResult =>
  html`<span class="chip ${levelClass(level)}">${icon(LEVEL_ICONS[level])}${levelWord(level)}</span>`;

const LEVEL_ICONS: Readonly<Record<RiskLevel, IconName>> = {
  low: "check",
  guarded: "low",
  high: "high",
  critical: "critical",
};

/** Bar, number and word of a risk. */
export function riskMeter(risk: Risk): TemplateResult {
  const score = Math.round(risk.score);
  if (score === 0) return html`<span class="muted small num">None known</span>`;
  return html`<span class="risk ${levelClass(risk.level)}">
    <span class="meter ${levelClass(risk.level)}" aria-hidden="true"><i style="width:${score}%"></i></span>
    <b class="num">${score}</b> <span class="level">${levelWord(risk.level)}</span>
  </span>`;
}

const ISOLATION_CHIPS: Readonly<
  Record<IsolationStateName, { style: string; icon: IconName; word: string } | undefined>
> = {
  no: undefined,
  pending: { style: "info", icon: "lock", word: "Waiting for proof" },
  yes: { style: "ok", icon: "lock", word: "Isolated" },
  failed: { style: "high", icon: "high", word: "Isolation failed" },
};

/** State of an isolation as colour, icon and word; nothing for a device that is not isolated. */
export function isolationChip(state: IsolationStateName): TemplateResult | typeof nothing {
  const chip = ISOLATION_CHIPS[state];
  return chip === undefined ? nothing : html`<span class="chip ${chip.style}">${icon(chip.icon)}${chip.word}</span>`;
}

/** How an isolation stands, in a bold line and a plain one; nothing for a device that is not isolated. */
export function isolationLines(isolated: IsolationState, isReleasing: boolean): TemplateResult | typeof nothing {
  const chip = ISOLATION_CHIPS[isolated.state];
  const text = isolationText(isolated, Date.now(), isReleasing);
  if (chip === undefined || text === undefined) return nothing;
  return html`<p class="isolation ${chip.style}">${icon(chip.icon)}<b>${text.head}</b></p><p class="small wrap">${text.more}</p>`;
}

export const isolationLinesStyles = css`
  .isolation { display: flex; gap: 6px; font-size: var(--text-s); color: var(--c); overflow-wrap: anywhere; }
  .isolation b { font-weight: 650; }
`;

/** Anything that is not the plain open state. */
export function statusTags(incident: Incident): TemplateResult {
  const word = { open: undefined, acknowledged: "Seen", resolved: "Over" }[incident.status];
  return html`${word === undefined ? nothing : html`<span class="tag">${word}</span>`}${
    incident.test === true ? html`<span class="tag">Drill</span>` : nothing
  }`;
}

export const when = (iso: string): TemplateResult => html`<lw-time .iso=${iso}></lw-time>`;

/** What is missing, why, and how to mend it. */
export const emptyState = (
  iconName: Parameters<typeof icon>[0],
  title: string,
  text: string | TemplateResult,
): TemplateResult => html`<div class="empty">${icon(iconName)}<strong>${title}</strong><span>${text}</span></div>`;

export const skeletons = (n: number, height: number): TemplateResult =>
  html`<div class="stack" aria-busy="true" aria-label="Loading">${Array.from(
    { length: n },
    () => html`<div class="skeleton" style="height:${height}px"></div>`,
  )}</div>`;
