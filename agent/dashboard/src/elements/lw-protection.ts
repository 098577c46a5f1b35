import type { NormalRule } from "@lanwarden/contract/api";
import type { IncidentKind } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { isolatedDevices, type PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { kindWord } from "../words.ts";
import "./lw-isolated.ts";
import "./lw-matter.ts";
import "./lw-mode.ts";
import "./lw-reach.ts";
import "./lw-theme.ts";
import { skeletons, when } from "./parts.ts";

/** Kinds worth a rehearsal. */
const DRILLS: readonly IncidentKind[] = [
  "mining",
  "default_credentials",
  "port_scan",
  "exposed_service",
  "arp_spoofing",
];

/** What Lanwarden may do, what it was taught, and whether it can see and be heard. */
export class LwProtection extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    drillDevice: { state: true },
    drillKind: { state: true },
  };
  declare protected drillDevice: string;
  declare protected drillKind: IncidentKind;
  static override styles = [
    base,
    css`
      section.card { display: grid; gap: 12px; align-content: start; }
      .columns { display: grid; gap: 16px; }
      @media (min-width: 1000px) { .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; } }
      .rule { display: flex; gap: 8px 16px; justify-content: space-between; align-items: center; padding: 8px 0; border-top: 1px solid var(--line); }
      .rule:first-child { border: 0; }
      .rule > div { min-width: 0; overflow-wrap: anywhere; }
      label { display: grid; gap: 4px; font-size: var(--text-s); font-weight: 600; min-width: 0; }
      select { width: 100%; font-weight: 400; }
      .fields { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr)); }
      dl { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 8px 16px; font-size: var(--text-s); }
      dt { color: var(--muted); }
      dd { overflow-wrap: anywhere; }
    `,
  ];

  constructor() {
    super();
    this.drillDevice = "";
    this.drillKind = "mining";
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.status, state.normal, state.devices, state.session];
  }

  override render(): TemplateResult {
    const { status, normal, devices } = this.store.state;
    if (status === undefined) return html`<div class="page"><h1>Protection</h1>${skeletons(3, 160)}</div>`;
    return html`<div class="page">
      <h1>Protection</h1>
      ${isolatedDevices(devices ?? new Map()).length === 0 ? nothing : html`<lw-isolated .store=${this.store} .page=${"protection"}></lw-isolated>`}
      <div class="columns">
        <div class="stack">
          <lw-mode .store=${this.store}></lw-mode>
          <lw-reach .store=${this.store}></lw-reach>
          ${this.#normalCard(normal)}
        </div>
        <div class="stack">
          <lw-matter .store=${this.store}></lw-matter>
          ${this.#drillCard()}${tapCard(status)}${this.#pageCard(status)}
        </div>
      </div>
    </div>`;
  }

  #normalCard(rules: readonly NormalRule[] | undefined): TemplateResult {
    return html`<section class="card"><h2>What you called normal</h2>${
      rules === undefined
        ? skeletons(2, 40)
        : rules.length === 0
          ? html`<p class="muted small">Nothing yet. When an incident is no trouble to you, answer it with
              “That's normal for it”, and it is not told again.</p>`
          : html`<ul>${rules.map((rule) => this.#rule(rule))}</ul>`
    }</section>`;
  }

  #rule(rule: NormalRule): TemplateResult {
    const device = rule.device === null ? undefined : (this.store.state.devices?.get(rule.device)?.name ?? rule.device);
    return html`<li class="rule">
      <div><b class="small">${kindWord(rule.kind)}</b>${device === undefined ? nothing : html`<span class="small">, ${device}</span>`}
        <div class="muted tiny">${rule.peer === null || rule.peer === "" ? nothing : html`with ${rule.peer} · `}${when(rule.created)}</div></div>
      ${
        this.store.may("act")
          ? html`<button @click=${() => this.store.undoNormal(rule.id)}
              aria-label="Undo: ${kindWord(rule.kind)}${device === undefined ? "" : `, ${device}`}">${icon("undo")}Undo</button>`
          : nothing
      }
    </li>`;
  }

  #drillCard(): TemplateResult | typeof nothing {
    const devices = [...(this.store.state.devices?.values() ?? [])].sort((a, b) => a.name.localeCompare(b.name, "en"));
    if (!this.store.may("act") || devices.length === 0) return nothing;
    const chosen = devices.find(({ id }) => id === this.drillDevice) ?? devices[0];
    return html`<section class="card"><h2>Fire drill</h2>
      <p class="muted small">Pretends an incident, so that you see whether your phone, speaker and automations tell of it.
        No device is touched, and it ends by itself.</p>
      <div class="fields">
        <label>Device<select @change=${(event: Event) => {
          this.drillDevice = (event.target as HTMLSelectElement).value;
        }}>${devices.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen?.id}>${name}</option>`)}</select></label>
        <label>Pretended trouble<select @change=${(event: Event) => {
          this.drillKind = DRILLS.find((kind) => kind === (event.target as HTMLSelectElement).value) ?? "mining";
        }}>${DRILLS.map((kind) => html`<option value=${kind} ?selected=${kind === this.drillKind}>${kindWord(kind)}</option>`)}</select></label>
      </div>
      <div><button @click=${() => chosen && this.store.drill(this.drillKind, chosen.id)}>${icon("drill")}Start the drill</button></div>
    </section>`;
  }

  #pageCard(status: HubState): TemplateResult {
    return html`<section class="card"><h2>This page</h2>
      <div class="spread"><lw-theme></lw-theme>
        ${status.demo ? nothing : html`<button @click=${() => this.store.logOut()}>${icon("leave")}Log out</button>`}</div>
      <p class="muted tiny">Lanwarden ${status.version} · ${this.store.may("act") ? "you may change things" : "your token may only read"} ·
        <a href="assets/licences.txt">licences of what this page is built with</a></p>
    </section>`;
  }
}
customElements.define("lw-protection", LwProtection);

const tapCard = (status: HubState): TemplateResult => html`<section class="card"><h2>Sight</h2>
  <dl>
    <dt>Tap</dt><dd>${
      status.tap === "ON"
        ? html`<span class="chip ok">${icon("check")}packets come in</span>`
        : html`<span class="chip medium">${icon("medium")}no packets</span>`
    }</dd>
    <dt>Packets</dt><dd class="num">${Math.round(status.packets_per_second).toLocaleString("en-GB")} a second</dd>
    <dt>Lost</dt><dd class="num">${(status.drop_ratio * 100).toFixed(status.drop_ratio > 0 && status.drop_ratio < 0.01 ? 2 : 0)} %</dd>
    <dt>Last packet</dt><dd>${status.last_packet === null ? "none yet" : when(status.last_packet)}</dd>
    <dt>Running since</dt><dd>${when(status.started)}</dd>
    <dt>Agent</dt><dd>${status.agent}</dd>
  </dl>
</section>`;
