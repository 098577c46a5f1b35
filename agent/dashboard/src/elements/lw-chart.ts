import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import uPlot from "uplot";
import { base } from "../styles/base.ts";
import { uplotStyles } from "../styles/uplot.ts";
import { THEME_EVENT } from "../theme.ts";

export interface ChartLine {
  label: string;
  /** Custom property of the colour. */
  color: string;
  dash?: number[];
  hasArea?: boolean;
}

/**
 * Lines over time. Each is labelled at its end; a null is a gap. Dragging over a stretch zooms into it, and the view then holds
 * still until "Back to now".
 */
export class LwChart extends LitElement {
  static override properties = {
    values: { attribute: false },
    lines: { attribute: false },
    unit: { attribute: false },
    top: { type: Number },
    height: { type: Number },
    label: {},
    isZoomed: { state: true },
  };
  /** Seconds since 1970, then one row of values a line. */
  declare values: uPlot.AlignedData;
  declare lines: readonly ChartLine[];
  declare unit: (value: number) => string;
  /** Fixed end of the value axis; 0 = as the values need. */
  declare top: number;
  declare height: number;
  /** What the chart shows, for screen readers. */
  declare label: string;
  declare protected isZoomed: boolean;
  static override styles = [
    base,
    uplotStyles,
    css`
      .box { position: relative; min-width: 0; }
      .back { position: absolute; top: 0; right: 8px; z-index: 2; }
    `,
  ];
  #plot: uPlot | undefined;
  readonly #size = new ResizeObserver(() => this.#resize());
  readonly #redraw = (): void => this.#build();

  constructor() {
    super();
    this.top = 0;
    this.height = 200;
    this.isZoomed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(THEME_EVENT, this.#redraw);
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    window.removeEventListener(THEME_EVENT, this.#redraw);
    this.#size.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    super.disconnectedCallback();
  }

  override updated(changed: Map<string, unknown>): void {
    if (this.#plot === undefined) this.#build();
    else if (changed.has("values")) this.#plot.setData(this.values, !this.isZoomed);
  }

  #resize(): void {
    if (this.clientWidth > 0) this.#plot?.setSize({ width: this.clientWidth, height: this.height });
  }

  /** A canvas knows no custom properties: what they stand for now is read from an element. */
  #colorOf(property: string): string {
    const probe = document.createElement("i");
    probe.style.color = `var(${property})`;
    this.renderRoot.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  #build(): void {
    const place = this.renderRoot.querySelector<HTMLElement>(".plot");
    if (place === null || this.clientWidth === 0) return;
    this.#plot?.destroy();
    this.isZoomed = false;
    this.#plot = new uPlot(this.#options(), this.values, place);
  }

  #options(): uPlot.Options {
    const muted = this.#colorOf("--muted");
    const grid = { stroke: this.#colorOf("--line"), width: 1 };
    const font = `12px ${getComputedStyle(this).fontFamily}`;
    const colors = this.lines.map(({ color }) => this.#colorOf(color));
    return {
      width: this.clientWidth,
      height: this.height,
      padding: [12, 60, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, uni: 20 } },
      scales: { y: { range: (_plot, _min, max) => [0, this.top > 0 ? this.top : Math.max(max * 1.1, 1000)] } },
      axes: [
        { stroke: muted, font, grid: { show: false }, ticks: { show: false }, size: 28, space: 72, values: timeLabels },
        {
          stroke: muted,
          font,
          grid,
          ticks: { show: false },
          size: (_plot, values) => Math.max(0, ...(values ?? []).map((text) => text.length)) * 6.5 + 14,
          space: 40,
          values: (_plot, splits) =>
            splits.map((value) => this.unit(value).replace(/\.?0+ /, (zeros) => (zeros.startsWith(".") ? " " : zeros))),
        },
      ],
      series: [
        {},
        ...this.lines.map(({ label, dash, hasArea }, i) => ({
          label,
          stroke: colors[i] ?? muted,
          width: 1.75,
          points: { show: false },
          ...(dash === undefined ? {} : { dash }),
          ...(hasArea === true ? { fill: (colors[i] ?? muted).replace("rgb(", "rgba(").replace(")", ", 0.12)") } : {}),
        })),
      ],
      hooks: {
        draw: [(plot) => drawEndLabels(plot, this.lines, colors, font)],
        setSelect: [
          (plot) => {
            if (plot.select.width > 0) this.isZoomed = true;
          },
        ],
        ready: [(plot) => plot.over.addEventListener("dblclick", () => this.#backToNow())],
      },
    };
  }

  #backToNow(): void {
    this.isZoomed = false;
    this.#plot?.setData(this.values, true);
  }

  override render(): TemplateResult {
    return html`<div class="box">
      <div class="plot" role="img" aria-label=${this.label} style="height:${this.height}px"></div>
      ${this.isZoomed ? html`<button class="back" @click=${this.#backToNow}>Back to now</button>` : nothing}
    </div>`;
  }
}
customElements.define("lw-chart", LwChart);

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const second = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Ticks at full days show the day, those below a minute the seconds. */
function timeLabels(_plot: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] {
  return splits.map((at) => {
    const date = new Date(at * 1000);
    if (step < 60) return second.format(date);
    return date.getHours() === 0 && date.getMinutes() === 0 && step >= 3600 ? day.format(date) : clock.format(date);
  });
}

/** Writes each line's name where the line ends, moved apart where ends are close. */
function drawEndLabels(plot: uPlot, lines: readonly ChartLine[], colors: readonly string[], font: string): void {
  const ratio = devicePixelRatio;
  const { ctx } = plot;
  const ends = lines.flatMap(({ label }, i) => {
    const value = Array.from(plot.data[i + 1] ?? []).findLast((v) => typeof v === "number");
    return typeof value === "number" ? [{ label, color: colors[i] ?? "", y: plot.valToPos(value, "y", true) }] : [];
  });
  ends.sort((a, b) => a.y - b.y);
  const gap = 15 * ratio;
  const bottom = plot.bbox.top + plot.bbox.height;
  for (let i = ends.length - 1, limit = bottom; i >= 0; i--) {
    const end = ends[i];
    if (end === undefined) continue;
    end.y = Math.min(end.y, limit);
    limit = end.y - gap;
  }
  ctx.save();
  ctx.font = font.replace("12px", `600 ${12 * ratio}px`);
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  for (const { label, color, y } of ends) {
    ctx.fillStyle = color;
    ctx.fillText(label, plot.bbox.left + plot.bbox.width + 8 * ratio, y);
  }
  ctx.restore();
}
