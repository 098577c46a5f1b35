import type { Incident } from "@lanwarden/contract/incident";
import { css, html, type TemplateResult } from "lit";
import { severityChip, statusTags, when } from "./parts.ts";

export const incidentLineStyles = css`
  .lines li { position: relative; display: grid; gap: 4px; padding: 12px 0; border-top: 1px solid var(--line); }
  .lines li:first-child { border: 0; }
  .lines a { color: var(--text); font-weight: 600; overflow-wrap: anywhere; }
  .lines a::after { content: ""; position: absolute; inset: 0; }
  .lines li.over a { font-weight: 500; color: var(--muted); }
  .lines lw-time { position: relative; }
`;

/** An incident in one line of a list. */
export const incidentLine = (incident: Incident, href: string): TemplateResult => html`<li
  class=${incident.status === "resolved" ? "over" : ""}>
  <div class="row">${severityChip(incident.severity)}${statusTags(incident)}
    <span class="muted tiny">${when(incident.last_seen)}${incident.count > 1 ? html` · ${incident.count} times` : ""}</span></div>
  <a href=${href}>${incident.title}</a>
</li>`;
