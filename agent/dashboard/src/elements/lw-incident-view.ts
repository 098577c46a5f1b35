import type { NormalRule } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { deviceIcon, icon } from "../icons.ts";
import { responseSentence } from "../isolation-words.ts";
import { hrefOf, type PageName } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { absoluteTime, fieldValue, fieldWord, kindWord, partyText } from "../words.ts";
import "./lw-isolation.ts";
import { emptyState, severityChip, skeletons, statusTags, when } from "./parts.ts";

/** One incident in full: what, why, what to do, and the facts it was made from. */
export class LwIncidentView extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    incidentId: { attribute: false },
    page: { attribute: false },
    isMissing: { state: true },
    isBusy: { state: true },
  };
  declare incidentId: string;
  declare page: PageName;
  declare protected isMissing: boolean;
  declare protected isBusy: boolean;
  #asked = "";
  static override styles = [
    base,
    css`
      h1 { overflow-wrap: anywhere; font-size: 1.375rem; }
      section { display: grid; gap: 8px; }
      .card p, .card li { overflow-wrap: anywhere; }
      .why li, .advice li { display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 8px; padding: 4px 0; font-size: var(--text-s); }
      .why li::before { content: ""; width: 6px; height: 6px; border-radius: 50%; background: var(--muted); margin: 8px 0 0 6px; }
      .advice { counter-reset: step; }
      .advice li { counter-increment: step; }
      .advice li::before { content: counter(step) "."; font-weight: 650; color: var(--muted); }
      dl { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 8px 16px; font-size: var(--text-s); }
      dt { color: var(--muted); }
      dd { overflow-wrap: anywhere; }
      summary { cursor: pointer; font-weight: 650; min-height: 32px; display: flex; align-items: center; gap: 8px; }
      summary::marker { content: ""; }
      details[open] summary svg { transform: rotate(90deg); }
      .device { display: inline-flex; gap: 8px; align-items: center; }
    `,
  ];

  constructor() {
    super();
    this.isMissing = false;
    this.isBusy = false;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.incidents, state.normal, state.devices, state.session];
  }

  /** An incident that is not in the list may be an old one: it is asked for once. */
  override updated(): void {
    const { incidents } = this.store.state;
    if (incidents === undefined || incidents.has(this.incidentId) || this.#asked === this.incidentId) return;
    this.#asked = this.incidentId;
    void this.store.loadIncident(this.incidentId).then(() => {
      this.isMissing = this.store.state.incidents?.has(this.incidentId) !== true;
    });
  }

  override render(): TemplateResult {
    const incident = this.store.state.incidents?.get(this.incidentId);
    if (incident === undefined) {
      return this.isMissing
        ? emptyState(
            "bell",
            "This incident is not known",
            "It was removed when its time to be kept was over, or the link is old.",
          )
        : skeletons(5, 64);
    }
    const device = incident.device === null ? undefined : this.store.state.devices?.get(incident.device);
    const response = responseSentence(incident.response, device?.isolated.state);
    return html`<div class="page">
      <div class="stack">
        <div class="row">${severityChip(incident.severity)}${statusTags(incident)}</div>
        <h1>${incident.title}</h1>
        ${response === undefined ? nothing : html`<p class="small">${response}</p>`}
        ${
          incident.device === null
            ? html`<div class="row">${this.#answers(incident)}</div>`
            : html`<lw-isolation .store=${this.store} .deviceId=${incident.device} .incident=${incident}>${this.#answers(incident)}</lw-isolation>`
        }
      </div>
      ${list("Why we think so", "why", incident.why)}
      ${list("What to do", "advice", incident.advice)}
      <section class="card"><h2>Facts</h2>${this.#facts(incident)}</section>
      ${evidence(incident)}
    </div>`;
  }

  #answers(incident: Incident): TemplateResult | typeof nothing {
    if (!this.store.may("act")) return nothing;
    const rule = this.#ruleOf(incident);
    if (rule !== undefined) {
      return html`<span class="small muted">You called this normal ${when(rule.created)}.</span>
        <button ?disabled=${this.isBusy} @click=${() => this.#do(() => this.store.undoNormal(rule.id))}>
          ${icon("undo")}Take that back</button>`;
    }
    if (incident.status === "resolved") return nothing;
    return html`<button ?disabled=${this.isBusy} @click=${() => this.#do(() => this.store.markNormal(incident.id))}>That's normal for it</button>
      ${
        incident.status === "open"
          ? html`<button ?disabled=${this.isBusy} @click=${() => this.#do(() => this.store.acknowledge(incident.id))}>Seen</button>`
          : nothing
      }`;
  }

  async #do(call: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    await call();
    this.isBusy = false;
  }

  #ruleOf(incident: Incident): NormalRule | undefined {
    if (incident.status !== "resolved") return undefined;
    return this.store.state.normal?.find((rule) => rule.kind === incident.kind && rule.device === incident.device);
  }

  #facts(incident: Incident): TemplateResult {
    const device = incident.device === null ? undefined : this.store.state.devices?.get(incident.device);
    const rows: [string, string | TemplateResult | undefined][] = [
      [
        "Device",
        device &&
          html`<a class="device" href=${hrefOf(this.page, { device: device.id })}>${deviceIcon(device.type)}${device.name}</a>`,
      ],
      ["Kind", kindWord(incident.kind)],
      ["Done by", partyText(incident.attacker)],
      ["Done to", partyText(incident.victim)],
      [
        "Direction",
        { inbound: "from outside", outbound: "to the outside", lateral: "inside the home" }[incident.direction],
      ],
      [
        "First seen",
        html`${when(incident.first_seen)} <span class="muted">(${absoluteTime(incident.first_seen)})</span>`,
      ],
      ["Last seen", html`${when(incident.last_seen)} <span class="muted">(${absoluteTime(incident.last_seen)})</span>`],
      ["Times", incident.count.toLocaleString("en-GB")],
      ["How sure", `${Math.round(incident.confidence * 100)} %`],
    ];
    return html`<dl>${rows.map(([term, value]) => (value === undefined ? nothing : html`<dt>${term}</dt><dd>${value}</dd>`))}</dl>`;
  }
}
customElements.define("lw-incident-view", LwIncidentView);

const list = (title: string, kind: "why" | "advice", sentences: readonly string[]): TemplateResult | typeof nothing =>
  sentences.length === 0
    ? nothing
    : html`<section class="card"><h2>${title}</h2>
        <ul class=${kind}>${sentences.map((sentence) => html`<li><span>${sentence}</span></li>`)}</ul></section>`;

/** For the curious: the fields, the technique of the ATT&CK catalogue, the detection. */
function evidence(incident: Incident): TemplateResult {
  const fields = Object.entries(incident.evidence.fields);
  const techniques = incident.attack.map(({ tactic, technique }) => `${technique} (${tactic})`).join(", ");
  return html`<details class="card">
    <summary>${icon("next")}Evidence</summary>
    <dl>
      ${fields.map(([key, value]) => html`<dt>${fieldWord(key)}</dt><dd>${fieldValue(value)}</dd>`)}
      <dt>Connections</dt><dd>${incident.evidence.flow_ids.length}</dd>
      <dt>Detection</dt><dd>${incident.detection}</dd>
      ${techniques === "" ? nothing : html`<dt>ATT&amp;CK</dt><dd>${techniques}</dd>`}
      <dt>Incident</dt><dd>${incident.id}</dd>
    </dl>
  </details>`;
}
