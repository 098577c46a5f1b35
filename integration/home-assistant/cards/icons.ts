import type { RiskLevel } from "@lanwarden/contract/device";
import type { Severity } from "@lanwarden/contract/kinds";
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/** Line icons on a 24-pixel grid, of one hand with those of Lanwarden's own page. */
const SHAPES = {
  ok: svg`<path d="M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6z"/><path d="m8.8 12 2.3 2.3 4.2-4.6"/>`,
  info: svg`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.5"/>`,
  low: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>`,
  medium: svg`<path d="M12 4 21 19.500H3z"/><path d="M12 10v4.500M12 16.800v.4"/>`,
  high: svg`<path d="M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300z"/><path d="M12 7.500V13M12 16v.5"/>`,
  critical: svg`<path d="M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300z"/><path d="m9 9 6 6m0-6-6 6"/>`,
  unplugged: svg`<path d="M4 20l4-4M8.5 11.500l4 4-2 2a2.8 2.8 0 0 1-4 0 2.8 2.8 0 0 1 0-4zM20 4l-4 4M11.5 8.500l4 4 2-2a2.8 2.8 0 0 0 0-4 2.8 2.8 0 0 0-4 0z"/>`,
  exposure: svg`<circle cx="12" cy="12" r="8.5"/><path d="M3.500 12h17M12 3.500c2.500 2.500 3.700 5.300 3.700 8.500s-1.200 6-3.700 8.500c-2.500-2.500-3.700-5.300-3.700-8.500s1.200-6 3.700-8.500z"/>`,
  credentials: svg`<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.500M16 7l2.5 2.500M13.500 9.500l2 2"/>`,
  firmware: svg`<rect x="6.500" y="6.500" width="11" height="11" rx="1.500"/><path d="M10 3v3.500M14 3v3.500M10 17.500V21M14 17.500V21M3 10h3.500M3 14h3.500M17.500 10H21M17.500 14H21"/>`,
  pickaxe: svg`<path d="M4 8.500C8 4 16 4 20 8.500 15.500 6.800 8.500 6.800 4 8.500zM12 7.200V21"/>`,
  devices: svg`<rect x="3" y="5" width="12" height="9" rx="1.500"/><path d="M6 18h6M9 14v4"/><rect x="17" y="9" width="4.500" height="9" rx="1"/>`,
  eye: svg`<path d="M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z"/><circle cx="12" cy="12" r="2.800"/>`,
  mode: svg`<path d="M12 3.500 19 6v5.500c0 4.300-2.900 7.400-7 9-4.100-1.600-7-4.700-7-9V6z"/>`,
  isolated: svg`<circle cx="12" cy="12" r="8.500"/><path d="m6 6 12 12"/>`,
  down: svg`<path d="m6 9.500 6 6 6-6"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof SHAPES;

/** Decorative: the word beside it carries the meaning. */
export const icon = (name: IconName): TemplateResult => html`<svg
  class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${SHAPES[name]}</svg>`;

const LEVEL_ICONS: Readonly<Record<RiskLevel, IconName>> = {
  low: "ok",
  guarded: "low",
  high: "high",
  critical: "critical",
};

/** Class and icon of a level or a severity; told apart by form too, not by colour alone. */
export const levelMark = (level: RiskLevel): { css: string; icon: IconName } => ({
  css: level === "low" ? "ok" : level === "guarded" ? "low" : level,
  icon: LEVEL_ICONS[level],
});
export const severityMark = (severity: Severity): { css: string; icon: IconName } => ({
  css: severity,
  icon: severity,
});
