import { css, html, nothing, type TemplateResult } from "lit";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { trafficColumns } from "../traffic-columns.ts";
import { bitRate } from "../words.ts";
import { barStyles, bars } from "./bars.ts";
import type { ChartLine } from "./lw-chart.ts";
import "./lw-chart.ts";

const LINES: readonly ChartLine[] = [
  { label: "In", color: "--chart-in", hasArea: true },
  { label: "Out", color: "--chart-out", dash: [6, 3] },
  { label: "Inside", color: "--chart-lan", dash: [2, 3] },
];
const RATES: readonly { key: "bits_in" | "bits_out" | "bits_lan"; word: string }[] = [
  { key: "bits_in", word: "in from the internet" },
  { key: "bits_out", word: "out to the internet" },
  { key: "bits_lan", word: "inside the home" },
];

/** The last five minutes, second by second, and who is busiest. */
export class LwLiveTraffic extends StoreElement {
  static override styles = [
    base,
    css`
      section { display: grid; gap: 12px; align-content: start; }
      .rates { display: flex; flex-wrap: wrap; gap: 8px 32px; }
      .rates b { display: block; font-size: var(--text-l); min-width: 7ch; }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.samples, state.status?.tap];
  }

  override render(): TemplateResult {
    const { samples, status } = this.store.state;
    const now = samples.at(-1);
    return html`
      <section class="card" aria-label="Traffic of the last five minutes">
        <div class="rates">${RATES.map(
          ({ key, word }) =>
            html`<span class="muted tiny"><b class="num" style="color:var(--text)">${
              now === undefined ? "–" : bitRate(now[key])
            }</b>${word}</span>`,
        )}</div>
        <lw-chart .values=${trafficColumns(samples)} .lines=${LINES} .unit=${bitRate} .height=${240}
          label="Traffic of the last five minutes in bits per second: in, out and inside the home"></lw-chart>
        ${status?.tap === "OFF" ? html`<p class="small muted">The tap is down: no packets come in.</p>` : nothing}
      </section>`;
  }
}
customElements.define("lw-live-traffic", LwLiveTraffic);

/** The devices that send and receive most at the moment. */
export class LwBusiest extends StoreElement {
  static override styles = [base, barStyles];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.samples];
  }

  override render(): TemplateResult {
    const top = this.store.state.samples.at(-1)?.top ?? [];
    if (top.length === 0) return html`<p class="muted small">No device sends or receives at the moment.</p>`;
    return bars(
      top.map(({ device, name, bits }) => ({
        name,
        value: bits,
        text: bitRate(bits),
        href: hrefOf("traffic", { device }),
      })),
    );
  }
}
customElements.define("lw-busiest", LwBusiest);
