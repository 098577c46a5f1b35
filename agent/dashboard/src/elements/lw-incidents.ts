import type { Incident } from "@lanwarden/contract/incident";
import { SEVERITIES, type Severity, severityRank } from "@lanwarden/contract/kinds";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { count, dayName, severityWord } from "../words.ts";
import { incidentLine, incidentLineStyles } from "./incident-line.ts";
import { emptyState, skeletons } from "./parts.ts";

const SCOPES = ["open", "all"] as const;
type Shown = (typeof SCOPES)[number];

/** What happened, day by day. */
export class LwIncidents extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    shown: { state: true },
    least: { state: true },
  };
  declare protected shown: Shown;
  declare protected least: Severity;
  static override styles = [
    base,
    incidentLineStyles,
    css`
      .choice { display: inline-flex; border-radius: 10px; background: var(--surface-2); padding: 3px; }
      .choice button { min-height: 34px; border: 0; background: none; color: var(--muted); }
      .choice button[aria-pressed="true"] { background: var(--surface); color: var(--text); box-shadow: var(--shadow); }
      .day { display: grid; gap: 8px; }
      .day h2 { font-size: var(--text-s); color: var(--muted); padding: 0 4px; }
      .day .card { padding: 4px 16px; }
    `,
  ];

  constructor() {
    super();
    this.shown = "open";
    this.least = "info";
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.incidents, state.olderIncidents];
  }

  override render(): TemplateResult {
    const { incidents, olderIncidents } = this.store.state;
    if (incidents === undefined) return html`<div class="page"><h1>Incidents</h1>${skeletons(5, 72)}</div>`;
    const chosen = [...incidents.values()]
      .filter(
        (incident) =>
          (this.shown === "all" || incident.status !== "resolved") &&
          severityRank(incident.severity) >= severityRank(this.least),
      )
      .sort((a, b) => Date.parse(b.last_seen) - Date.parse(a.last_seen));
    return html`<div class="page">
      <div class="spread">
        <h1>Incidents</h1>
        <span class="muted small" role="status">${count(chosen.length, "incident")}</span>
      </div>
      <div class="row">
        <div class="choice" role="group" aria-label="Which incidents">
          ${SCOPES.map(
            (shown) =>
              html`<button aria-pressed=${this.shown === shown} @click=${() => {
                this.shown = shown;
              }}>${shown === "open" ? "Open" : "All"}</button>`,
          )}
        </div>
        <select aria-label="Severity" @change=${(event: Event) => {
          this.least = SEVERITIES.find((s) => s === (event.target as HTMLSelectElement).value) ?? "info";
        }}>
          ${SEVERITIES.map(
            (severity) =>
              html`<option value=${severity} ?selected=${severity === this.least}>${
                severity === "info"
                  ? "Every severity"
                  : severity === "critical"
                    ? "Critical only"
                    : `${severityWord(severity)} or worse`
              }</option>`,
          )}
        </select>
      </div>
      ${chosen.length === 0 ? this.#none(incidents.size) : days(chosen).map(([name, list]) => dayBlock(name, list))}
      ${
        this.shown === "all" && olderIncidents !== null
          ? html`<button @click=${() => this.store.loadOlderIncidents()}>Show older</button>`
          : nothing
      }
    </div>`;
  }

  #none(all: number): TemplateResult {
    const text =
      all === 0
        ? "Nothing has happened since Lanwarden watches."
        : this.shown === "open"
          ? html`What happened before is under <b>All</b>.`
          : "Choose a lower severity to see the rest.";
    return html`<div class="card">${emptyState("shield-check", all === 0 || this.shown === "open" ? "Nothing open" : "None of this severity", text)}</div>`;
  }
}
customElements.define("lw-incidents", LwIncidents);

function days(incidents: readonly Incident[]): [string, Incident[]][] {
  const now = Date.now();
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const name = dayName(incident.last_seen, now);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [incident]);
    else group.push(incident);
  }
  return [...groups];
}

const dayBlock = (name: string, incidents: readonly Incident[]): TemplateResult => html`<section class="day">
  <h2>${name}</h2>
  <div class="card"><ul class="lines">${repeat(
    incidents,
    ({ id }) => id,
    (incident) => incidentLine(incident, hrefOf("incidents", { incident: incident.id })),
  )}</ul></div>
</section>`;
