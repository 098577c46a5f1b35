import type { TrafficSample } from "@lanwarden/contract/status";
import { css, html, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { bitRate } from "../words.ts";

const SECONDS = 60;
const WIDTH = 240;
const HEIGHT = 40;

const total = (sample: TrafficSample): number => sample.bits_in + sample.bits_out + sample.bits_lan;

/** The traffic of the last minute in one line. */
export class LwSparkline extends StoreElement {
  static override properties: PropertyDeclarations = { ...StoreElement.properties };
  static override styles = [
    base,
    css`
      a { display: grid; gap: 4px; color: inherit; }
      a:hover { text-decoration: none; }
      svg { display: block; width: 100%; height: 40px; overflow: visible; }
      path { fill: none; stroke: var(--chart-in); stroke-width: 1.5; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
      .area { fill: var(--accent-soft); stroke: none; }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.samples, state.status?.tap];
  }

  override render(): TemplateResult {
    const samples = this.store.state.samples.slice(-SECONDS);
    const now = samples.at(-1);
    const top = Math.max(1000, ...samples.map(total));
    const step = WIDTH / (SECONDS - 1);
    const left = WIDTH - (samples.length - 1) * step;
    const points = samples.map(
      (sample, i) =>
        `${(left + i * step).toFixed(1)},${(HEIGHT - 2 - (total(sample) / top) * (HEIGHT - 4)).toFixed(1)}`,
    );
    const line = points.length < 2 ? "" : `M${points.join("L")}`;
    return html`<a href=${hrefOf("traffic")}>
      <span class="spread"><h2>Traffic now</h2>
        <span class="num">${now === undefined ? "" : bitRate(total(now))}</span></span>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${line === "" ? "" : svg`<path class="area" d="${line}L${WIDTH},${HEIGHT}L${left.toFixed(1)},${HEIGHT}Z"/><path d=${line}/>`}
      </svg>
      <span class="muted tiny">Last minute, all directions</span>
    </a>`;
  }
}
customElements.define("lw-sparkline", LwSparkline);
