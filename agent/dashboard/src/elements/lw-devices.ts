import type { Device } from "@lanwarden/contract/device";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { type DeviceOrder, mainAddress, makerText, orderDevices, SORTS, type SortKey } from "../device-list.ts";
import { deviceIcon, icon } from "../icons.ts";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { count, typeWord } from "../words.ts";
import { emptyState, isolationChip, riskMeter, skeletons, when } from "./parts.ts";

const HEADS: Readonly<Record<SortKey, string>> = {
  name: "Name",
  address: "Address",
  type: "Kind",
  risk: "Risk",
  last_seen: "Last seen",
};
const COLUMNS = ["name", "type", "address", "risk", "last_seen"] as const satisfies readonly SortKey[];

/** All devices of the home: filter, sort, open one. */
export class LwDevices extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    filter: { state: true },
    order: { state: true },
  };
  declare protected filter: string;
  declare protected order: DeviceOrder;
  static override styles = [
    base,
    css`
      .tools { display: flex; gap: 8px; align-items: center; }
      .find { position: relative; flex: 1; min-width: 0; max-width: 400px; }
      .find svg.icon { position: absolute; left: 12px; top: 10px; color: var(--muted); pointer-events: none; }
      .find input { width: 100%; padding-left: 40px; }
      .card { padding: 0; overflow: clip; }
      table { width: 100%; border-collapse: collapse; font-size: var(--text-s); }
      th { text-align: left; padding: 4px; }
      th button { border: 0; background: none; min-height: 36px; padding: 0 12px; color: var(--muted); font-size: var(--text-xs); }
      th button svg.icon { width: 14px; height: 14px; }
      th[aria-sort] button { color: var(--text); }
      tr { position: relative; }
      tbody tr { border-top: 1px solid var(--line); contain-intrinsic-size: auto 57px; }
      tbody tr:hover { background: var(--surface-2); }
      td { padding: 8px 16px; vertical-align: middle; }
      .name { display: flex; gap: 12px; align-items: center; min-width: 0; }
      .name > svg.icon { width: 24px; height: 24px; color: var(--muted); }
      .name a { font-weight: 600; color: var(--text); overflow-wrap: anywhere; }
      .name a::after { content: ""; position: absolute; inset: 0; }
      .pin { display: inline-block; vertical-align: -2px; margin-left: 4px; color: var(--muted); }
      .pin svg.icon { width: 14px; height: 14px; }
      .sub { display: block; overflow-wrap: anywhere; }
      .risk { white-space: nowrap; }
      lw-time { position: relative; }
      .phone { display: none; }
      @media (max-width: 700px) {
        .phone { display: block; }
        thead, td.wide { display: none; }
        td { padding: 12px; }
        td.right { text-align: right; }
        .meter { width: 36px; }
        .level { display: block; font-size: var(--text-xs); color: var(--muted); }
      }
    `,
  ];

  constructor() {
    super();
    this.filter = "";
    this.order = { key: "risk", isReversed: false };
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.devices];
  }

  #sortBy(key: SortKey): void {
    this.order = { key, isReversed: this.order.key === key && !this.order.isReversed };
  }

  override render(): TemplateResult {
    const { devices } = this.store.state;
    if (devices === undefined) return html`<div class="page"><h1>Devices</h1>${skeletons(8, 48)}</div>`;
    if (devices.size === 0) {
      return html`<div class="page"><h1>Devices</h1><div class="card">${emptyState(
        "devices",
        "No device seen yet",
        html`A device appears when it sends its first packet past the mirror port. If none comes within minutes, run
          <code>lanwarden doctor</code>: it says whether the tap shows the home.`,
      )}</div></div>`;
    }
    const shown = orderDevices(devices.values(), this.filter, this.order);
    return html`<div class="page">
      <div class="spread">
        <h1>Devices</h1>
        <span class="muted small" role="status">${
          shown.length === devices.size ? count(devices.size, "device") : `${shown.length} of ${devices.size} devices`
        }</span>
      </div>
      <div class="tools">
        <div class="find">${icon("search")}
          <input type="search" aria-label="Find a device" placeholder="Name, address, maker, kind"
            .value=${this.filter} @input=${(event: Event) => {
              this.filter = (event.target as HTMLInputElement).value;
            }}>
        </div>
        <select class="phone" aria-label="Sort by" @change=${(event: Event) => {
          const key = SORTS.find((sort) => sort === (event.target as HTMLSelectElement).value);
          if (key !== undefined) this.order = { key, isReversed: false };
        }}>${SORTS.map((key) => html`<option value=${key} ?selected=${key === this.order.key}>${HEADS[key]}</option>`)}</select>
      </div>
      ${
        shown.length === 0
          ? html`<div class="card">${emptyState("search", "No device matches", html`Nothing has “${this.filter}” in its name, address, maker or kind.`)}</div>`
          : this.#table(shown)
      }
    </div>`;
  }

  #table(shown: readonly Device[]): TemplateResult {
    return html`<div class="card"><table>
      <thead><tr>${COLUMNS.map((key) => this.#head(key))}</tr></thead>
      <tbody>${repeat(
        shown,
        ({ id }) => id,
        (device) => html`<tr>${guard([device], () => cells(device))}</tr>`,
      )}</tbody>
    </table></div>`;
  }

  #head(key: SortKey): TemplateResult {
    const isChosen = this.order.key === key;
    const isUp = (key === "risk" || key === "last_seen") === this.order.isReversed;
    return html`<th scope="col" aria-sort=${isChosen ? (isUp ? "ascending" : "descending") : nothing}>
      <button @click=${() => this.#sortBy(key)}>${HEADS[key]}${isChosen ? icon(isUp ? "up" : "down") : nothing}</button>
    </th>`;
  }
}
customElements.define("lw-devices", LwDevices);

function cells(device: Device): TemplateResult {
  return html`
    <td><div class="name">${deviceIcon(device.type)}<div>
      <a href=${hrefOf("devices", { device: device.id })}>${device.name}</a>${
        device.pinned === true
          ? html`<span class="pin" title="Pinned">${icon("pin")}<span class="hidden-text">pinned</span></span>`
          : nothing
      }
      <span class="muted tiny sub">${[makerText(device) ?? mainAddress(device), device.area].filter(Boolean).join(" · ")}</span>
      ${isolationChip(device.isolated.state)}
    </div></div></td>
    <td class="wide">${typeWord(device.type)}${
      device.type_confidence < 0.6 && device.type !== "unknown"
        ? html`<span class="muted tiny sub">probably, ${Math.round(device.type_confidence * 100)} %</span>`
        : nothing
    }</td>
    <td class="wide num">${mainAddress(device)}</td>
    <td class="right">${riskMeter(device.risk)}</td>
    <td class="wide muted">${when(device.last_seen)}</td>`;
}
