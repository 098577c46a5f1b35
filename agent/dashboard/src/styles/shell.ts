import { css } from "lit";

/** The frame around the pages: bottom navigation on phones, a rail at the side from 840 pixels on. */
export const shell = css`
  .frame { min-height: 100vh; }
  .column { min-width: 0; padding: 0 16px calc(96px + env(safe-area-inset-bottom)); }
  main { max-width: 1040px; margin: 0 auto; padding-top: 24px; outline: none; }
  main:focus-visible { outline: none; }
  nav {
    position: fixed; inset: auto 0 0 0; z-index: 5; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr));
    background: var(--surface); border-top: 1px solid var(--line); padding-bottom: env(safe-area-inset-bottom);
  }
  .brand, .foot { display: none; }
  .place {
    display: grid; justify-items: center; gap: 2px; padding: 8px 0; font-size: 0.75rem; font-weight: 600;
    color: var(--muted); text-decoration: none; line-height: 1.3;
  }
  .place:hover { text-decoration: none; color: var(--text); }
  .place .glyph { position: relative; display: grid; place-items: center; width: 56px; height: 28px; border-radius: 14px; }
  .place svg.icon { width: 22px; height: 22px; }
  .place[aria-current] { color: var(--accent); }
  .place[aria-current] .glyph { background: var(--accent-soft); }
  .badge {
    position: absolute; top: -2px; left: 32px; min-width: 18px; height: 18px; padding: 0 5px; border-radius: 9px;
    background: light-dark(#bd1e2c, #ff8a86); color: light-dark(#fff, #2a0608);
    font-size: 0.6875rem; font-weight: 700; line-height: 18px; text-align: center;
  }
  .skip {
    position: fixed; top: 8px; left: 8px; z-index: 20; padding: 8px 16px; border-radius: 8px;
    background: var(--surface); transform: translateY(-64px);
  }
  .skip:focus { transform: none; }
  .ribbon {
    display: flex; align-items: center; gap: 8px; margin: 0 -16px; padding: 8px 16px; font-size: var(--text-s);
    background: var(--info-soft); color: var(--info);
  }
  .ribbon.lost { background: var(--medium-soft); color: var(--medium); position: sticky; top: 0; z-index: 4; }
  .toasts {
    position: fixed; z-index: 30; left: 16px; right: 16px; bottom: calc(80px + env(safe-area-inset-bottom));
    display: grid; gap: 8px; justify-items: center; pointer-events: none;
  }
  .toast {
    pointer-events: auto; display: flex; align-items: center; gap: 4px 8px; max-width: 560px; padding: 4px 4px 4px 16px;
    border-radius: 10px; background: light-dark(#22272c, #e8eaed); color: light-dark(#f2f4f6, #15191d);
    font-size: var(--text-s); box-shadow: 0 4px 16px rgb(0 0 0 / 25%);
  }
  .toast button { color: light-dark(#a9cbff, #1557b0); }
  .toast button:hover:not(:disabled) { background: light-dark(#363d44, #d3d8dd); }
  .toast.error { border-left: 4px solid light-dark(#ff8a86, #bd1e2c); }

  @media (min-width: 840px) {
    .frame { display: grid; grid-template-columns: 208px minmax(0, 1fr); max-width: 1280px; margin: 0 auto; }
    nav {
      position: sticky; inset: 0 auto auto auto; top: 0; height: 100vh; display: flex; flex-direction: column; gap: 4px;
      border: 0; background: none; padding: 24px 16px 16px;
    }
    .brand {
      display: flex; align-items: center; gap: 8px; padding: 0 12px 20px; font-weight: 700; font-size: 1.0625rem;
    }
    .brand svg.icon { color: var(--accent); width: 24px; height: 24px; }
    .foot { display: block; margin-top: auto; padding: 0 4px; }
    .place {
      grid-template-columns: 32px 1fr auto; justify-items: start; align-items: center; gap: 8px; padding: 8px 12px;
      border-radius: 10px; font-size: var(--text-s);
    }
    .place .glyph { width: 32px; background: none !important; place-items: center start; }
    .place[aria-current] { background: var(--accent-soft); }
    .badge { left: 14px; top: -4px; }
    .column { padding: 0 32px 48px 16px; }
    main { padding-top: 32px; }
    .ribbon { border-radius: 0 0 10px 10px; margin: 0; }
    .toasts { bottom: 24px; left: 208px; }
  }
`;
