import { css } from "lit";

/** What every element shares: reset, type scale, buttons, cards, chips, skeletons. Colours come from page.css. */
export const base = css`
  :host { display: block; }
  :host([hidden]) { display: none; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1 { font-size: var(--text-l); font-weight: 650; line-height: 1.3; letter-spacing: -0.01em; }
  h2 { font-size: var(--text-m); font-weight: 650; line-height: 1.4; }
  h3 { font-size: var(--text-s); font-weight: 600; color: var(--muted); }
  a { color: var(--accent); text-decoration: none; }
  a:hover { text-decoration: underline; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
  svg.icon { width: 1.25em; height: 1.25em; flex: none; display: block; }
  .muted { color: var(--muted); }
  .small { font-size: var(--text-s); }
  .tiny { font-size: var(--text-xs); }
  .num { font-variant-numeric: tabular-nums; white-space: nowrap; }
  .wrap { overflow-wrap: anywhere; }
  .hidden-text {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }

  .card { background: var(--surface); border-radius: var(--radius); box-shadow: var(--shadow); padding: 16px; }
  .stack { display: grid; gap: 16px; }
  .row { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
  .spread { display: flex; gap: 8px 16px; align-items: center; justify-content: space-between; flex-wrap: wrap; }
  .page { display: grid; gap: 24px; min-width: 0; }
  .page > *, .stack > * { min-width: 0; }

  button, .button, select, input {
    font: inherit; font-size: var(--text-s); color: inherit; min-height: 40px; border-radius: 8px;
  }
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 6px; padding: 0 14px; cursor: pointer;
    border: 1px solid var(--line); background: var(--surface); color: var(--accent); font-weight: 600;
    text-decoration: none;
  }
  button:hover:not(:disabled), .button:hover { background: var(--accent-soft); text-decoration: none; }
  button:disabled { color: var(--muted); cursor: default; opacity: 0.75; }
  button.primary { background: var(--accent); border-color: transparent; color: var(--on-accent); }
  button.primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
  button.plain, .button.plain { border-color: transparent; background: none; }
  button.plain:hover:not(:disabled), .button.plain:hover { background: var(--accent-soft); }
  button.round { width: 40px; padding: 0; border-radius: 50%; }
  select, input[type="text"], input[type="search"], input[type="password"] {
    border: 1px solid var(--line); background: var(--surface); padding: 0 12px; max-width: 100%;
  }
  input::placeholder { color: var(--muted); opacity: 1; }

  .chip {
    display: inline-flex; align-items: center; gap: 4px; font-size: var(--text-xs); font-weight: 650; line-height: 1;
    white-space: nowrap; padding: 4px 8px 4px 6px; border-radius: 999px; color: var(--c); background: var(--s);
  }
  .chip svg.icon { width: 16px; height: 16px; }
  .info { --c: var(--info); --s: var(--info-soft); }
  .low { --c: var(--low); --s: var(--low-soft); }
  .medium { --c: var(--medium); --s: var(--medium-soft); }
  .high { --c: var(--high); --s: var(--high-soft); }
  .critical { --c: var(--critical); --s: var(--critical-soft); }
  .ok { --c: var(--ok); --s: var(--ok-soft); }
  .chip.critical { background: var(--hatch); color: #fff; }
  .tag {
    font-size: var(--text-xs); font-weight: 600; line-height: 1; padding: 5px 8px; border-radius: 6px;
    background: var(--surface-2); color: var(--muted); white-space: nowrap;
  }

  .meter { display: inline-block; width: 56px; height: 6px; border-radius: 3px; background: var(--surface-2); overflow: hidden; }
  .meter > i { display: block; height: 100%; border-radius: 3px; background: var(--c); }
  .meter.critical > i { background: var(--hatch); }

  .skeleton { border-radius: 8px; background: var(--surface-2); min-height: 16px; animation: breathe 1.4s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.5; } }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
  }

  .empty { display: grid; gap: 8px; justify-items: start; padding: 24px 16px; color: var(--muted); max-width: 60ch; }
  .empty strong { color: var(--text); font-size: var(--text-m); }
  .empty svg.icon { width: 32px; height: 32px; }
`;
