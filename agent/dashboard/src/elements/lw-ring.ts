import type { Risk } from "@lanwarden/contract/device";
import { css, html, LitElement, type TemplateResult } from "lit";
import { base } from "../styles/base.ts";
import { levelClass, levelWord } from "../words.ts";

const RADIUS = 44;
const LENGTH = 2 * Math.PI * RADIUS;

/** The home's risk as a ring: the only gauge of the page. */
export class LwRing extends LitElement {
  static override properties = { risk: { attribute: false } };
  declare risk: Risk;
  static override styles = [
    base,
    css`
      figure { position: relative; width: 112px; }
      svg { display: block; width: 112px; height: 112px; transform: rotate(-90deg); }
      circle { fill: none; stroke-width: 8; stroke-linecap: round; }
      .track { stroke: var(--surface-2); }
      .arc.none { display: none; }
      .arc { stroke: var(--c); transition: stroke-dashoffset 180ms ease-out; }
      .inner { position: absolute; inset: 0; display: grid; align-content: center; justify-items: center; line-height: 1.15; }
      b { font-size: 1.75rem; font-weight: 700; letter-spacing: -0.02em; }
      .what { font-size: var(--text-xs); color: var(--muted); }
      .word { font-size: var(--text-xs); font-weight: 600; color: var(--c); }
    `,
  ];

  override render(): TemplateResult {
    const score = Math.min(99, Math.round(this.risk.score));
    const level = levelClass(this.risk.level);
    return html`<figure class=${level} role="img"
      aria-label="Risk of the home: ${score} of 100, ${levelWord(this.risk.level).toLowerCase()}. Less is better.">
      <svg viewBox="0 0 104 104" aria-hidden="true">
        <circle class="track" cx="52" cy="52" r=${RADIUS}></circle>
        <circle class="arc ${score === 0 ? "none" : ""}" cx="52" cy="52" r=${RADIUS}
          stroke-dasharray=${LENGTH} stroke-dashoffset=${LENGTH * (1 - score / 100)}></circle>
      </svg>
      <div class="inner" aria-hidden="true">
        <span class="what">Risk</span><b>${score}</b><span class="word">${levelWord(this.risk.level)}</span>
      </div>
    </figure>`;
  }
}
customElements.define("lw-ring", LwRing);
