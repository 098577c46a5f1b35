import { css, html, nothing, type TemplateResult } from "lit";

export interface Bar {
  name: string;
  value: number;
  /** The value in words. */
  text: string;
  note?: string;
  href?: string;
}

export const barStyles = css`
  .bars { display: grid; gap: 10px; font-size: var(--text-s); }
  .bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; }
  .bars .who { overflow-wrap: anywhere; }
  .bars .track { grid-column: 1 / -1; height: 6px; border-radius: 3px; background: var(--surface-2); overflow: hidden; }
  .bars .track i { display: block; height: 100%; border-radius: 3px; background: var(--chart-in); }
`;

/** Ranked bars: the longest is the first. */
export function bars(rows: readonly Bar[]): TemplateResult {
  const top = Math.max(1, ...rows.map(({ value }) => value));
  return html`<ol class="bars">${rows.map(
    ({ name, value, text, note, href }) => html`<li>
      <span class="who">${href === undefined ? name : html`<a href=${href}>${name}</a>`}${
        note === undefined ? nothing : html` <span class="muted tiny">${note}</span>`
      }</span>
      <span class="num">${text}</span>
      <span class="track" aria-hidden="true"><i style="width:${((100 * value) / top).toFixed(1)}%"></i></span>
    </li>`,
  )}</ol>`;
}
