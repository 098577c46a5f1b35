import { html, LitElement, nothing, type TemplateResult } from "lit";
import { chooseHub, findHubs } from "./find.ts";
import type { Hass, RawConfig } from "./hass.ts";
import { HassSource } from "./hass-source.ts";
import { type HomeView, homeView } from "./home-view.ts";
import { type IconName, icon } from "./icons.ts";
import { type Words, wordsOf } from "./words.ts";

/** What all cards of ours can be told. */
export interface CardConfig {
  readonly type: string;
  /** Name of the agent, or id of its device, where there are several. */
  readonly agent?: string;
  readonly title?: string;
}

/** A card of Lanwarden: finds its agent, waits for data, and gives its view of the home to `content`. */
export abstract class LanwardenCard<C extends CardConfig> extends LitElement {
  static override properties = { config: { state: true } };
  declare protected config: C | undefined;
  readonly #source = new HassSource(() => this.requestUpdate());

  /** Configuration made of what the user wrote; throws an Error whose message the user sees in place of the card. */
  protected abstract readConfig(raw: RawConfig): C;
  protected abstract content(home: HomeView, words: Words, hass: Hass): TemplateResult;

  setConfig(raw: RawConfig): void {
    this.config = this.readConfig(raw);
  }

  set hass(hass: Hass) {
    this.#source.set(hass);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#source.connect(this);
  }

  override disconnectedCallback(): void {
    this.#source.disconnect();
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const { hass, index } = this.#source;
    if (this.config === undefined) return nothing;
    const words = wordsOf(hass?.language);
    if (hass === undefined || index === undefined) return frame(skeleton(words));
    const hub = chooseHub(findHubs(hass), this.config.agent);
    if (hub === undefined) {
      const title = this.config.agent === undefined ? words.noHub : words.noAgent(this.config.agent);
      return frame(empty("unplugged", title, words.noHubLong));
    }
    return frame(this.content(homeView(hass, hub, index), words, hass));
  }
}

const frame = (content: TemplateResult): TemplateResult => html`<ha-card><div class="body">${content}</div></ha-card>`;

const skeleton = (words: Words): TemplateResult => html`<div class="body" role="status" aria-label=${words.loading}>
  <div class="skeleton"></div><div class="skeleton short"></div>
</div>`;

export const empty = (name: IconName, title: string, text: string): TemplateResult => html`<div class="empty">
  ${icon(name)}<strong class="wrap">${title}</strong><span class="small">${text}</span>
</div>`;

export const chip = (mark: { css: string; icon: IconName }, word: string): TemplateResult =>
  html`<span class="chip ${mark.css}">${icon(mark.icon)}${word}</span>`;

export const when = (iso: string, language: string | undefined): TemplateResult =>
  html`<lanwarden-time .iso=${iso} .language=${language}></lanwarden-time>`;

/** Says in place of values that they may be old. */
export const offlineNote = (words: Words): TemplateResult => html`<div class="row small" role="status">
  <span class="chip medium">${icon("unplugged")}${words.offline}</span><span class="muted">${words.offlineLong}</span>
</div>`;
