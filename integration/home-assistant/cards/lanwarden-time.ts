import { html, LitElement, type TemplateResult } from "lit";
import { absoluteTime, relativeTime, spokenLanguage, wordsOf } from "./words.ts";

const TICK_MS = 30_000;

/** A time told relative to now, the absolute one on hover; keeps itself up to date. */
export class LanwardenTime extends LitElement {
  static override properties = { iso: { attribute: false }, language: { attribute: false } };
  declare iso: string;
  declare language: string | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const language = spokenLanguage(this.language);
    const relative = relativeTime(this.iso, Date.now(), language);
    if (relative === undefined) return html`${wordsOf(this.language).unknownTime}`;
    return html`<time datetime=${this.iso} title=${absoluteTime(this.iso, language)}>${relative}</time>`;
  }
}
