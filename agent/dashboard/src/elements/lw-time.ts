import { css, html, LitElement, type TemplateResult } from "lit";
import { absoluteTime, relativeTime } from "../words.ts";

const shown = new Set<LwTime>();
let timer: ReturnType<typeof setInterval> | undefined;

/** A time in relative words, kept true while shown; the absolute one on hover or tap. */
export class LwTime extends LitElement {
  static override properties = { iso: {}, isAbsolute: { state: true } };
  declare iso: string;
  declare protected isAbsolute: boolean;
  static override styles = css`
    :host { display: inline; white-space: nowrap; }
    time { cursor: default; }
  `;

  constructor() {
    super();
    this.iso = "";
    this.isAbsolute = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    shown.add(this);
    timer ??= setInterval(() => {
      for (const element of shown) element.requestUpdate();
    }, 30_000);
  }

  override disconnectedCallback(): void {
    shown.delete(this);
    if (shown.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const absolute = absoluteTime(this.iso);
    return html`<time datetime=${this.iso} title=${absolute} @click=${() => {
      this.isAbsolute = !this.isAbsolute;
    }}>${this.isAbsolute ? absolute : relativeTime(this.iso, Date.now())}</time>`;
  }
}
customElements.define("lw-time", LwTime);
