import { css } from "lit";

/**
 * What all cards share. Surfaces and state colours are Home Assistant's variables, so that themes work; text in a state's colour is mixed
 * with the text colour, and its surface with the card's, which keeps contrast in light and dark themes alike.
 */
export const base = css`
  :host {
    display: block;
    height: 100%;
    container-type: inline-size;
    --lw-text: var(--primary-text-color, #15191d);
    --lw-muted: var(--secondary-text-color, #535c66);
    --lw-card: var(--ha-card-background, var(--card-background-color, #fff));
    --lw-line: var(--divider-color, rgb(128 128 128 / 25%));
    --lw-accent: var(--primary-color, #1557b0);
    --lw-radius: 10px;
  }
  *, *::before, *::after { box-sizing: border-box; }
  ha-card { height: 100%; overflow: hidden; color: var(--lw-text); line-height: 1.4; }
  .body { display: grid; gap: 16px; padding: 16px; min-width: 0; }
  .body > * { min-width: 0; }
  h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
  ul { list-style: none; }
  h2 { font-size: 1.0625rem; font-weight: 600; line-height: 1.3; }
  h3 { font-size: 0.8125rem; font-weight: 600; line-height: 1.4; color: var(--lw-muted); }
  .wrap { overflow-wrap: anywhere; }
  .muted { color: var(--lw-muted); }
  .small { font-size: 0.8125rem; line-height: 1.4; }
  [hidden] { display: none !important; }
  .num { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
  svg.icon { width: 1.25em; height: 1.25em; flex: none; display: block; }

  .ok { --lw-c: var(--success-color, #1a8f50); }
  .info { --lw-c: var(--info-color, #4b6f95); }
  .low { --lw-c: var(--amber-color, #d79a00); }
  .medium { --lw-c: var(--deep-orange-color, #e56a10); }
  .high, .critical { --lw-c: var(--error-color, #d0333a); }
  .ok, .info, .low, .medium, .high, .critical {
    --lw-ink: color-mix(in oklab, var(--lw-c) 48%, var(--lw-text));
    --lw-soft: color-mix(in oklab, var(--lw-c) 13%, var(--lw-card));
  }
  .chip {
    display: inline-flex; align-items: center; gap: 4px; padding: 3px 9px 3px 6px; border-radius: 999px; font-size: 0.75rem;
    font-weight: 600; line-height: 1.35; white-space: nowrap; color: var(--lw-ink, var(--lw-muted));
    background: var(--lw-soft, color-mix(in oklab, var(--lw-muted) 14%, var(--lw-card)));
  }
  .chip svg.icon { width: 15px; height: 15px; }
  .chip.critical { color: #fff; background: var(--lw-hatch); }
  .critical {
    --lw-fill: color-mix(in oklab, var(--lw-c) 72%, #300);
    --lw-hatch: repeating-linear-gradient(135deg, var(--lw-fill) 0 6px, color-mix(in oklab, var(--lw-fill) 86%, #000) 6px 12px);
  }

  button, select {
    font: inherit; font-size: 0.875rem; min-height: 40px; border-radius: var(--lw-radius); color: inherit; max-width: 100%;
  }
  button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px; padding: 0 14px; cursor: pointer;
    font-weight: 600; color: color-mix(in oklab, var(--lw-accent) 72%, var(--lw-text)); border: 1px solid var(--lw-line);
    background: none; text-align: center;
  }
  button:hover:not(:disabled) { background: color-mix(in oklab, var(--lw-accent) 10%, transparent); }
  button.primary { color: var(--lw-card); background: color-mix(in oklab, var(--lw-accent) 78%, var(--lw-text)); border-color: transparent; }
  button.primary:hover:not(:disabled) { background: color-mix(in oklab, var(--lw-accent) 64%, var(--lw-text)); }
  button.plain { border-color: transparent; }
  button:disabled { cursor: default; color: var(--lw-muted); opacity: 0.8; }
  select { border: 1px solid var(--lw-line); background: var(--lw-card); padding: 0 8px; }
  :focus-visible { outline: 2px solid var(--lw-accent); outline-offset: 2px; }

  .empty { display: grid; gap: 4px; justify-items: start; color: var(--lw-muted); }
  .empty svg.icon { width: 28px; height: 28px; }
  .empty strong { color: var(--lw-text); }
  .skeleton { height: 20px; border-radius: 6px; background: var(--lw-line); animation: breathe 1.4s ease-in-out infinite; }
  .skeleton.short { width: 55%; }
  @keyframes breathe { 50% { opacity: 0.5; } }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
  }
`;
