import type { RiskLevel } from "@lanwarden/contract/device";
import { css, html, type TemplateResult } from "lit";
import { levelMark } from "./icons.ts";
import type { Words } from "./words.ts";

const RADIUS = 44;
const LENGTH = 2 * Math.PI * RADIUS;

/** The home's risk as a ring. */
export function ring(risk: { score: number; level: RiskLevel }, words: Words): TemplateResult {
  const score = Math.min(100, Math.max(0, Math.round(risk.score)));
  const word = words.level[risk.level];
  return html`<figure class="ring ${levelMark(risk.level).css}" role="img" aria-label=${words.ringLabel(score, word)}>
    <svg viewBox="0 0 104 104" aria-hidden="true">
      <circle class="track" cx="52" cy="52" r=${RADIUS}></circle>
      <circle class="arc ${score === 0 ? "none" : ""}" cx="52" cy="52" r=${RADIUS}
        stroke-dasharray=${LENGTH} stroke-dashoffset=${LENGTH * (1 - score / 100)}></circle>
    </svg>
    <div class="inner" aria-hidden="true"><span>${words.risk}</span><b>${score}</b><span class="word">${word}</span></div>
  </figure>`;
}

export const ringStyles = css`
  .ring { position: relative; width: 96px; flex: none; }
  .ring svg { display: block; width: 100%; transform: rotate(-90deg); }
  .ring circle { fill: none; stroke-width: 8; stroke-linecap: round; }
  .ring .track { stroke: var(--lw-line); }
  .ring .arc { stroke: var(--lw-c); transition: stroke-dashoffset 180ms ease-out; }
  .ring .none { display: none; }
  .ring .inner {
    position: absolute; inset: 0; display: grid; align-content: center; justify-items: center; line-height: 1.15;
    font-size: 0.6875rem; color: var(--lw-muted);
  }
  .ring b { font-size: 1.5rem; font-weight: 700; color: var(--lw-text); font-variant-numeric: tabular-nums; }
  .ring .word { font-weight: 600; color: var(--lw-ink); }
`;
