import type { FlowRow } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES, type DeviceType } from "@lanwarden/contract/kinds";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { deviceIcon, icon } from "../icons.ts";
import { PROFILE_WORDS } from "../isolation-words.ts";
import { hrefOf, type PageName } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { count, typeWord } from "../words.ts";
import { deviceFacts, isolationFacts, riskFactors, services } from "./device-facts.ts";
import { flowTable, flowTableStyles } from "./flow-table.ts";
import { incidentLine, incidentLineStyles } from "./incident-line.ts";
import "./lw-isolation.ts";
import { emptyState, riskMeter, skeletons } from "./parts.ts";

const MAX_INCIDENTS = 8;

/** All about one device: risk and what lowers it, what it is, whom it serves, its incidents and flows; its name, kind and pin. */
export class LwDeviceView extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    deviceId: { attribute: false },
    page: { attribute: false },
    isEditing: { state: true },
    flows: { state: true },
  };
  declare deviceId: string;
  /** The page below, for links. */
  declare page: PageName;
  declare protected isEditing: boolean;
  declare protected flows: readonly FlowRow[] | undefined;
  static override styles = [
    base,
    flowTableStyles,
    incidentLineStyles,
    css`
      .title { display: flex; gap: 16px; align-items: center; }
      .title > svg.icon { width: 40px; height: 40px; color: var(--muted); }
      h1 { overflow-wrap: anywhere; }
      section { display: grid; gap: 12px; }
      form { display: grid; gap: 12px; }
      label input, label select { font-weight: 400; }
      label { display: grid; gap: 4px; font-size: var(--text-s); font-weight: 600; }
      dl { display: grid; grid-template-columns: minmax(88px, auto) minmax(0, 1fr); gap: 8px 16px; font-size: var(--text-s); }
      dt { color: var(--muted); }
      dd { overflow-wrap: anywhere; }
      .factor { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 16px; padding: 12px 0; border-top: 1px solid var(--line); font-size: var(--text-s); }
      .factor:first-child { border: 0; padding-top: 0; }
      .factor p { overflow-wrap: anywhere; }
      .factor .fix { grid-column: 1 / -1; color: var(--muted); }
      .points { font-weight: 650; }
      .service { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0; font-size: var(--text-s); }
    `,
  ];

  constructor() {
    super();
    this.isEditing = false;
    this.flows = undefined;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.devices, state.incidents, state.session, state.backends];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("deviceId")) return;
    this.isEditing = false;
    this.flows = undefined;
    const { deviceId } = this;
    void this.store.flowsOf(deviceId).then((flows) => {
      if (this.deviceId === deviceId) this.flows = flows;
    });
  }

  override render(): TemplateResult {
    const { devices } = this.store.state;
    if (devices === undefined) return skeletons(5, 64);
    const device = devices.get(this.deviceId);
    if (device === undefined) {
      return emptyState("devices", "This device is not known", "It was forgotten, or the link is old.");
    }
    return html`<div class="page">
      ${this.#head(device)}
      ${this.isEditing ? this.#form(device) : nothing}
      ${this.#isolation(device)}
      ${riskFactors(device, this.page)}
      ${this.#incidents(device)}
      <section class="card"><h2>What it is</h2>${deviceFacts(device)}</section>
      ${services(device)}
      ${this.#profile(device)}
      <section class="card"><h2>Recent connections</h2>${
        this.flows === undefined
          ? skeletons(3, 32)
          : this.flows.length === 0
            ? html`<p class="muted small">None has ended yet.</p>`
            : flowTable(this.flows, devices, this.page, device.id)
      }</section>
    </div>`;
  }

  #head(device: Device): TemplateResult {
    return html`<div class="stack">
      <div class="title">${deviceIcon(device.type)}
        <div><h1>${device.name}</h1>${riskMeter(device.risk)}</div>
      </div>
      ${
        this.store.may("act")
          ? html`<div class="row">
              <button aria-expanded=${this.isEditing} @click=${() => {
                this.isEditing = !this.isEditing;
              }}>Rename or change kind</button>
              <button aria-pressed=${device.pinned === true} @click=${() =>
                this.store.patchDevice(
                  device.id,
                  { pinned: device.pinned !== true },
                  device.pinned === true ? "No longer pinned." : "Pinned: it leads every list.",
                )}>${icon("pin")}${device.pinned === true ? "Unpin" : "Pin"}</button>
            </div>`
          : nothing
      }
    </div>`;
  }

  #isolation(device: Device): TemplateResult | typeof nothing {
    const isOff = device.isolated.state === "no";
    if (isOff && !this.store.may("act")) return nothing;
    const hasBackend = (this.store.state.backends ?? []).length > 0;
    return html`<section class="card"><h2>Isolation</h2>
      ${
        isOff && !hasBackend
          ? html`<p class="muted small">No router is connected that could shut it off.
              <a href=${hrefOf("protection")}>Protection says how.</a></p>`
          : html`<lw-isolation .store=${this.store} .deviceId=${device.id}></lw-isolation>`
      }
      ${isolationFacts(device)}
    </section>`;
  }

  #profile(device: Device): TemplateResult {
    const chosen = DEVICE_PROFILES.find((profile) => profile === device.policy) ?? "auto";
    return html`<section class="card"><h2>What you think of it</h2>
      ${
        this.store.may("act")
          ? html`<label><span class="hidden-text">Profile</span><select @change=${(event: Event) => this.#setProfile(event, device)}>${DEVICE_PROFILES.map(
              (profile) =>
                html`<option value=${profile} ?selected=${profile === chosen}>${PROFILE_WORDS[profile].title}</option>`,
            )}</select></label>`
          : html`<p class="small"><b>${PROFILE_WORDS[chosen].title}</b></p>`
      }
      <p class="muted small">${PROFILE_WORDS[chosen].text}</p>
    </section>`;
  }

  #setProfile(event: Event, device: Device): Promise<void> | undefined {
    const profile = DEVICE_PROFILES.find((known) => known === (event.target as HTMLSelectElement).value);
    if (profile === undefined) return undefined;
    const policy = profile === "auto" ? null : profile;
    return this.store.patchDevice(device.id, { policy }, `Noted: ${PROFILE_WORDS[profile].title.toLowerCase()}.`);
  }

  #form(device: Device): TemplateResult {
    const isNamed = device.name_source === "user";
    return html`<form class="card" @submit=${(event: Event) => this.#save(event, device)}>
      <label>Name
        <input type="text" name="name" maxlength="64" required autocomplete="off" .value=${device.name}></label>
      <label>Kind
        <select name="type">${DEVICE_TYPES.map(
          (type) => html`<option value=${type} ?selected=${type === device.type}>${typeWord(type)}</option>`,
        )}</select></label>
      <div class="row">
        <button class="primary">Save</button>
        <button type="button" @click=${() => {
          this.isEditing = false;
        }}>Cancel</button>
        ${
          isNamed
            ? html`<button type="button" class="plain" @click=${() => {
                this.isEditing = false;
                return this.store.patchDevice(
                  device.id,
                  { name: null, type: null },
                  "It is called by what it says itself.",
                );
              }}>Forget my words</button>`
            : nothing
        }
      </div>
    </form>`;
  }

  async #save(event: Event, device: Device): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const name = String(form.get("name") ?? "").trim();
    const type = DEVICE_TYPES.find((known) => known === form.get("type"));
    const patch: { name?: string; type?: DeviceType } = {
      ...(name === "" || name === device.name ? {} : { name }),
      ...(type === undefined || type === device.type ? {} : { type }),
    };
    this.isEditing = false;
    if (Object.keys(patch).length > 0) await this.store.patchDevice(device.id, patch, "Saved.");
  }

  #incidents(device: Device): TemplateResult | typeof nothing {
    const own = [...(this.store.state.incidents?.values() ?? [])]
      .filter((incident) => incident.device === device.id)
      .sort((a, b) => Date.parse(b.last_seen) - Date.parse(a.last_seen));
    if (own.length === 0) return nothing;
    return html`<section class="card">
      <div class="spread"><h2>Incidents</h2>${
        own.length > MAX_INCIDENTS ? html`<span class="muted small">${count(own.length, "incident")}</span>` : nothing
      }</div>
      <ul class="lines">${own.slice(0, MAX_INCIDENTS).map((incident) => incidentLine(incident, hrefOf(this.page, { incident: incident.id })))}</ul>
    </section>`;
  }
}
customElements.define("lw-device-view", LwDeviceView);
