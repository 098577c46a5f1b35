import { GUARD_MODES, type GuardMode } from "@lanwarden/contract/kinds";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { readyReach } from "../isolation-words.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { MODE_WORDS } from "../words.ts";

/** What Lanwarden may do. Watching and asking are set at once; that it acts by itself is asked for again. */
export class LwMode extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    wanted: { state: true },
    isBusy: { state: true },
  };
  /** Chosen and not set yet: waits for the agent, or, to protect, for the second word. */
  declare protected wanted: GuardMode | undefined;
  declare protected isBusy: boolean;
  static override styles = [
    base,
    css`
      .card { display: grid; gap: 12px; }
      fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 8px; min-width: 0; }
      label { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 0 8px; padding: 10px 12px; border-radius: 8px; border: 1px solid var(--line); cursor: pointer; }
      label:has(:checked) { background: var(--accent-soft); border-color: var(--accent); }
      label:has(:disabled) { cursor: default; }
      label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
      input { accent-color: var(--accent); width: 18px; height: 18px; min-height: 0; margin: 3px 0 0; outline: none; }
      form { display: grid; gap: 12px; padding: 12px; border-radius: 8px; background: var(--surface-2); font-size: var(--text-s); }
    `,
  ];

  constructor() {
    super();
    this.wanted = undefined;
    this.isBusy = false;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.status?.mode, state.backends, state.session];
  }

  readonly #choose = async (mode: GuardMode): Promise<void> => {
    this.wanted = !this.isBusy && mode === this.store.state.status?.mode ? undefined : mode;
    if (this.wanted !== undefined && mode !== "protect") await this.#set(mode);
  };

  /** One request at a time: what is chosen meanwhile is asked for afterwards, so that the last word wins. */
  async #set(mode: GuardMode): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    await this.store.setMode(mode);
    this.isBusy = false;
    if (this.wanted === mode) this.wanted = undefined;
    else if (this.wanted !== undefined && this.wanted !== "protect") await this.#set(this.wanted);
  }

  readonly #confirm = async (event: Event): Promise<void> => {
    event.preventDefault();
    await this.#set("protect");
    this.#focusChosen();
  };

  readonly #takeBack = (): void => {
    this.wanted = undefined;
    this.#focusChosen();
  };

  #focusChosen(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("input:checked")?.focus());
  }

  override render(): TemplateResult {
    const { status, backends } = this.store.state;
    const chosen = this.wanted ?? status?.mode;
    return html`<section class="card"><h2 id="title">What Lanwarden may do</h2>
      <fieldset aria-labelledby="title">${GUARD_MODES.map(
        (mode) => html`<label>
          <input type="radio" name="mode" value=${mode} ?disabled=${!this.store.may("act")}
            .checked=${live(mode === chosen)} @change=${() => this.#choose(mode)}>
          <span><b>${MODE_WORDS[mode].title}</b><br><span class="small">${MODE_WORDS[mode].text}</span></span>
        </label>`,
      )}</fieldset>
      ${this.wanted === "protect" ? this.#question() : nothing}
      ${
        backends !== undefined && readyReach(backends) === undefined
          ? html`<p class="muted small">Nothing is ready that could shut a device off. So Lanwarden only says what it would have
              done, in every mode.</p>`
          : nothing
      }
      <p class="muted tiny">Never isolated in any mode: your router, name servers, the broker, Home Assistant, Lanwarden itself, and
        what <code>response.never</code> in <code>lanwarden.yaml</code> lists.</p>
    </section>`;
  }

  #question(): TemplateResult {
    const reach = readyReach(this.store.state.backends ?? []);
    return html`<form aria-label="Let Lanwarden act by itself" @submit=${this.#confirm}>
      <p role="status">Lanwarden will shut off by itself what is clearly dangerous${
        reach === undefined ? nothing : html`, through ${reach.through}`
      }: a few devices at once, each for a limited time. You are told each time, and one tap releases the device.</p>
      <div class="row">
        <button class="primary" aria-busy=${this.isBusy}>Let it act by itself</button>
        <button type="button" @click=${this.#takeBack}>Not now</button>
      </div>
    </form>`;
  }
}
customElements.define("lw-mode", LwMode);
