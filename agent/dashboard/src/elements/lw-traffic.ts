import type { ApplicationRow } from "@lanwarden/contract/api";
import { css, html, nothing, type TemplateResult } from "lit";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { byteSize, count } from "../words.ts";
import { barStyles, bars } from "./bars.ts";
import { flowTable, flowTableStyles } from "./flow-table.ts";
import "./lw-live-traffic.ts";
import { emptyState, skeletons } from "./parts.ts";

const AGAIN_MS = 15_000;
const MAX_APPLICATIONS = 12;

/** Who talks, how much, and what it is. */
export class LwTraffic extends StoreElement {
  #timer: ReturnType<typeof setInterval> | undefined;
  static override styles = [
    base,
    flowTableStyles,
    barStyles,
    css`
      section.card { display: grid; gap: 12px; align-content: start; }
      .columns { display: grid; gap: 24px; }
      @media (min-width: 1000px) { .columns { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.applications, state.flows, state.devices];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const load = (): void => {
      if (document.visibilityState === "visible" && this.store.state.connection === "live")
        void this.store.loadTraffic();
    };
    void this.store.loadTraffic();
    this.#timer = setInterval(load, AGAIN_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { applications, flows, devices } = this.store.state;
    return html`<div class="page">
      <h1>Traffic</h1>
      <lw-live-traffic .store=${this.store}></lw-live-traffic>
      <div class="columns">
        <section class="card"><h2>Busiest devices now</h2><lw-busiest .store=${this.store}></lw-busiest></section>
        <section class="card"><h2>Applications of the last day</h2>${
          applications === undefined
            ? skeletons(5, 28)
            : applications.length === 0
              ? emptyState("traffic", "Nothing counted yet", "Connections are counted when they end.")
              : applicationBars(applications)
        }</section>
      </div>
        <section class="card"><h2>Recent connections</h2>${
          flows === undefined || devices === undefined
            ? skeletons(5, 40)
            : flows.length === 0
              ? emptyState("traffic", "None has ended yet", "A connection is listed here when it ends.")
              : flowTable(flows, devices, "traffic")
        }</section>
    </div>`;
  }
}
customElements.define("lw-traffic", LwTraffic);

function applicationBars(rows: readonly ApplicationRow[]): TemplateResult {
  const shown = rows.slice(0, MAX_APPLICATIONS);
  const rest = rows.slice(MAX_APPLICATIONS).reduce((sum, { bytes }) => sum + bytes, 0);
  return html`${bars(
    shown.map(({ app, bytes, devices }) => ({
      name: app,
      value: bytes,
      text: byteSize(bytes),
      ...(devices === 0 ? {} : { note: count(devices, "device") }),
    })),
  )}${rest === 0 ? nothing : html`<p class="muted small">and ${byteSize(rest)} in ${rows.length - MAX_APPLICATIONS} others</p>`}`;
}
