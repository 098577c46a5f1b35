import type { Device } from "@lanwarden/contract/device";
import type { HubState } from "@lanwarden/contract/status";
import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { deviceIcon, icon } from "../icons.ts";
import { hrefOf } from "../route.ts";
import { decisions, isolatedDevices, type PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { bestFix, count } from "../words.ts";
import { historyChart } from "./history-chart.ts";
import "./lw-incident-card.ts";
import "./lw-isolated.ts";
import "./lw-ring.ts";
import "./lw-sparkline.ts";
import { emptyState, levelChip, skeletons, when } from "./parts.ts";

const MAX_CARDS = 6;
const HISTORY_HOURS = 168;
const HISTORY_AGAIN_MS = 300_000;

/** Is my home safe? One sentence, then what needs a person, then a little more. */
export class LwHome extends StoreElement {
  #timer: ReturnType<typeof setInterval> | undefined;
  static override styles = [
    base,
    css`
      header { display: flex; align-items: center; justify-content: space-between; gap: 16px 24px; }
      .say { display: grid; gap: 8px; min-width: 0; }
      h1 { font-size: var(--text-xl); line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; letter-spacing: -0.02em; }
      .mark { display: inline-flex; color: var(--c); }
      .mark svg.icon { width: 32px; height: 32px; }
      .columns { display: grid; gap: 24px; }
      @media (min-width: 1000px) {
        .column.wide { grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
        .columns.two { grid-template-columns: minmax(0, 1fr) 344px; align-items: start; }
      }
      @media (max-width: 560px) {
        header { display: grid; grid-template-columns: 1fr auto; }
        .say { display: contents; }
        h1, .facts { grid-column: 1 / -1; grid-row: 2; }
        .facts { grid-row: 3; margin-top: -8px; }
        lw-ring { grid-row: 1; grid-column: 2; zoom: 0.75; }
      }
      .column { display: grid; gap: 16px; min-width: 0; }
      .risky li { padding: 12px 0; border-top: 1px solid var(--line); }
      .risky li:first-child { border: 0; padding-top: 4px; }
      .risky li:last-child { padding-bottom: 0; }
      .risky a { display: flex; gap: 8px; align-items: center; font-weight: 600; color: var(--text); }
      .head { display: flex; gap: 12px; justify-content: space-between; align-items: center; }
      .risky p { margin-top: 4px; }
      .to { color: var(--text); font-weight: 600; }
      .facts { display: flex; flex-wrap: wrap; gap: 4px 16px; }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.status, state.incidents, state.devices, state.history, state.session];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const load = (): void => void this.store.loadHistory(HISTORY_HOURS);
    load();
    this.#timer = setInterval(load, HISTORY_AGAIN_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { status, incidents, devices, history } = this.store.state;
    if (status === undefined || incidents === undefined || devices === undefined) {
      return html`<div class="page">${skeletons(1, 72)}${skeletons(2, 148)}</div>`;
    }
    const waiting = decisions(incidents);
    const risky = riskiest(devices);
    const tapDown = status.tap === "OFF";
    const isolated = isolatedDevices(devices);
    const aside = html`${isolated.length === 0 ? nothing : html`<lw-isolated .store=${this.store} .page=${"home"}></lw-isolated>`}
      ${risky.length === 0 ? nothing : riskyCard(risky)}
      ${devices.size === 0 ? nothing : html`<div class="card"><lw-sparkline .store=${this.store}></lw-sparkline></div>`}
      ${history === undefined ? nothing : historyChart(history)}`;
    return html`<div class="page">
      ${masthead(status)}
      ${tapDown ? tapDownCard(status) : nothing}
      ${devices.size === 0 && !tapDown ? noDevice() : nothing}
      <div class="columns ${waiting.length === 0 ? "" : "two"}">
        ${
          waiting.length === 0
            ? nothing
            : html`<section class="column" aria-label="Needs your decision">
                ${repeat(
                  waiting.slice(0, MAX_CARDS),
                  ({ id }) => id,
                  (incident) => html`<lw-incident-card .store=${this.store} .incident=${incident}></lw-incident-card>`,
                )}
                ${
                  waiting.length > MAX_CARDS
                    ? html`<a class="button" href=${hrefOf("incidents")}>
                        ${waiting.length - MAX_CARDS} more in Incidents${icon("next")}</a>`
                    : nothing
                }
              </section>`
        }
        <section class="column ${waiting.length === 0 ? "wide" : ""}" aria-label="More about your home">${aside}</section>
      </div>
    </div>`;
  }
}
customElements.define("lw-home", LwHome);

function masthead(status: HubState): TemplateResult {
  const state = status.threat === "ON" ? levelOfThreat(status) : status.tap === "OFF" ? "medium" : "ok";
  return html`<header>
    <div class="say">
      <span class="mark ${state}">${icon(state === "ok" ? "shield-check" : state === "critical" ? "high" : state)}</span>
      <h1>${status.sentence}</h1>
      <p class="muted small facts">
        ${
          status.devices_seen === 0 || /\bdevices?\b/.test(status.sentence)
            ? nothing
            : html`<span>${count(status.devices_seen, "device")} watched</span>`
        }
        ${status.isolated_devices === 0 ? nothing : html`<span>${count(status.isolated_devices, "device")} isolated</span>`}
        ${
          status.drop_ratio >= 0.01
            ? html`<span>${(status.drop_ratio * 100).toFixed(0)} % of packets lost: what happened in them is not known</span>`
            : nothing
        }
        ${status.overload === undefined ? nothing : html`<span>${status.overload[0]?.toUpperCase()}${status.overload.slice(1)}</span>`}
      </p>
    </div>
    ${status.devices_seen === 0 ? nothing : html`<lw-ring .risk=${status.risk}></lw-ring>`}
  </header>`;
}

const levelOfThreat = (status: HubState): "low" | "medium" | "high" | "critical" =>
  status.threat_level === "none" ? "medium" : status.threat_level;

const riskiest = (devices: ReadonlyMap<string, Device>): Device[] =>
  [...devices.values()]
    .filter(({ risk }) => risk.level !== "low")
    .sort((a, b) => b.risk.score - a.risk.score)
    .slice(0, 3);

const riskyCard = (devices: readonly Device[]): TemplateResult => html`<div class="card">
  <h2>Most at risk</h2>
  <ul class="risky">
    ${devices.map((device) => {
      const fix = bestFix(device.risk);
      return html`<li>
        <div class="head">
          <a href=${hrefOf("home", { device: device.id })}>${deviceIcon(device.type)}<span class="wrap">${device.name}</span></a>
          ${levelChip(device.risk.level)}
        </div>
        ${
          fix === undefined
            ? nothing
            : html`<p class="small muted wrap"><span class="to num">Risk ${fix.from} → ${fix.to}</span> if you do this: ${fix.fix}</p>`
        }
      </li>`;
    })}
  </ul>
</div>`;

const tapDownCard = (status: HubState): TemplateResult => html`<div class="card">
  ${emptyState(
    "unplugged",
    "No packets come in",
    html`Lanwarden is blind at the moment${
      status.last_packet === null ? nothing : html`: the last packet came ${when(status.last_packet)}`
    }. Check the cable at the mirror port and the port mirroring of your switch or router.
      <code>lanwarden doctor</code> says what to change.`,
  )}
</div>`;

const noDevice = (): TemplateResult => html`<div class="card">
  ${emptyState(
    "devices",
    "Nobody home yet",
    "Devices appear here as soon as they talk: most within a few minutes, sleepy ones within a day. If none comes, the mirror port does not show the home.",
  )}
</div>`;
