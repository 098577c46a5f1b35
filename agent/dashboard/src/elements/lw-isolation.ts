import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { partOf } from "@lanwarden/contract/part";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { ISOLATION_SPANS, isolationPlan, readyReach } from "../isolation-words.ts";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { isolationLines, isolationLinesStyles } from "./parts.ts";

const FOUR_HOURS = 1;
/** What the API takes as a reason. */
const MAX_REASON = 200;

/**
 * Shuts one device off and lets it back in: the button, the question with how long and through what, and what came of it in the
 * agent's own words. Other answers to the same incident go into its slot, so that they stand beside the button.
 */
export class LwIsolation extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    deviceId: { attribute: false },
    incident: { attribute: false },
    isAsking: { state: true },
    span: { state: true },
    isBusy: { state: true },
    refusal: { state: true },
  };
  declare deviceId: string;
  /** What it answers, if any: noted in the journal. */
  declare incident: Incident | undefined;
  declare protected isAsking: boolean;
  declare protected span: number;
  declare protected isBusy: boolean;
  /** Why the agent did not do it. */
  declare protected refusal: string | undefined;
  #hadFocus = false;
  static override styles = [
    base,
    isolationLinesStyles,
    css`
      .all { display: grid; gap: 12px; }
      .told { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 12px; border-radius: 8px; background: var(--surface-2); outline: none; }
      .told .lines { display: grid; gap: 4px; flex: 1 1 240px; min-width: 0; }
      .told.failed, .refused { background: var(--high-soft); }
      .refused { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 8px; align-items: start; padding: 8px 4px 8px 12px; border-radius: 8px; font-size: var(--text-s); overflow-wrap: anywhere; }
      .refused > svg.icon { color: var(--high); margin-top: 9px; }
      .refused p { padding: 8px 0; }
      form { display: grid; gap: 12px; padding: 12px; border-radius: 8px; background: var(--surface-2); }
      fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
      legend { font-size: var(--text-s); font-weight: 600; padding: 0 0 4px; }
      .spans { display: flex; flex-wrap: wrap; gap: 4px 16px; }
      label { display: inline-flex; gap: 8px; align-items: center; min-height: 36px; font-size: var(--text-s); cursor: pointer; }
      input[type="radio"] { accent-color: var(--accent); width: 18px; height: 18px; min-height: 0; margin: 0; }
      .plan { font-size: var(--text-s); overflow-wrap: anywhere; max-width: 60ch; }
      .only-watches { font-size: var(--text-s); color: var(--muted); }
    `,
  ];

  constructor() {
    super();
    this.incident = undefined;
    this.isAsking = false;
    this.span = FOUR_HOURS;
    this.isBusy = false;
    this.refusal = undefined;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.devices?.get(this.deviceId), state.releasing, state.status?.mode, state.backends, state.session];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("deviceId")) {
      this.isAsking = false;
      this.refusal = undefined;
    }
    this.#hadFocus = (this.renderRoot as ShadowRoot | undefined)?.activeElement != null;
  }

  /** A button that did its work goes; the focus stays here and does not fall to the top of the page. */
  override updated(): void {
    const root = this.renderRoot as ShadowRoot;
    if (!this.#hadFocus || root.activeElement !== null) return;
    root.querySelector<HTMLElement>("form input:checked, .refused button, .told, .begin")?.focus();
  }

  get #device(): Device | undefined {
    return this.store.state.devices?.get(this.deviceId);
  }

  override render(): TemplateResult {
    const device = this.#device;
    const isOn = device !== undefined && device.isolated.state !== "no";
    return html`<div class="all">
      ${isOn ? this.#told(device) : nothing}
      ${this.refusal === undefined ? nothing : this.#refused(this.refusal)}
      ${this.isAsking && device !== undefined ? this.#question(device) : nothing}
      <div class="row">${device === undefined || isOn || this.isAsking ? nothing : this.#offer(device)}<slot></slot></div>
    </div>`;
  }

  /** The button, or in one sentence why there is none. Without any back-end there is nothing to say here: Protection tells. */
  #offer(device: Device): TemplateResult | typeof nothing {
    const { backends, status } = this.store.state;
    if (!this.store.may("act") || backends === undefined || backends.length === 0) return nothing;
    if (this.incident?.test === true || this.incident?.status === "resolved") return nothing;
    // To shut off the victim of an attack is no answer to it; the device's own page has the button all the same.
    if (this.incident !== undefined && partOf(this.incident, device) === "victim") return nothing;
    if (status?.mode === "monitor") {
      return html`<p class="only-watches">Lanwarden only watches. <a href=${hrefOf("protection")}>Let it act in Protection.</a></p>`;
    }
    if (readyReach(backends) === undefined) {
      return html`<p class="only-watches">It cannot be isolated now. <a href=${hrefOf("protection")}>Protection says why.</a></p>`;
    }
    return html`<button class="begin ${this.incident?.response.wanted === "isolate" ? "primary" : ""}" @click=${this.#ask}
      aria-label="Isolate for 4 hours: ${device.name}">${icon("lock")}Isolate for 4 hours</button>`;
  }

  readonly #ask = (): void => {
    this.isAsking = true;
    this.span = FOUR_HOURS;
    this.refusal = undefined;
  };

  readonly #dontAsk = (): void => {
    this.isAsking = false;
  };

  #question(device: Device): TemplateResult {
    const reach = readyReach(this.store.state.backends ?? []);
    const span = ISOLATION_SPANS[this.span];
    return html`<form aria-label="Isolate ${device.name}" @submit=${this.#isolate} @keydown=${this.#escape}>
      <fieldset>
        <legend>For how long?</legend>
        <div class="spans">${ISOLATION_SPANS.map(
          ({ word }, n) =>
            html`<label><input type="radio" name="span" .checked=${n === this.span} @change=${() => {
              this.span = n;
            }}>${word}</label>`,
        )}</div>
      </fieldset>
      <p class="plan" aria-live="polite">${
        reach === undefined || span === undefined
          ? "Nothing is ready that could shut it off."
          : isolationPlan(device.name, reach, span.seconds, Date.now())
      }</p>
      <div class="row">
        <button class="primary" aria-busy=${this.isBusy}>${span?.button ?? "Isolate"}</button>
        <button type="button" @click=${this.#dontAsk}>Not now</button>
      </div>
    </form>`;
  }

  /** Escape ends the question, not the drawer around it. */
  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.#dontAsk();
  };

  readonly #isolate = async (event: Event): Promise<void> => {
    event.preventDefault();
    const span = ISOLATION_SPANS[this.span];
    if (span === undefined) return;
    await this.#do(() =>
      this.store.isolate(this.deviceId, {
        for_seconds: span.seconds,
        ...(this.incident === undefined
          ? {}
          : { incident: this.incident.id, reason: this.incident.title.slice(0, MAX_REASON).toWellFormed() }),
      }),
    );
  };

  async #do(call: () => Promise<string | undefined>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.refusal = await call();
    this.isBusy = false;
    this.isAsking = false;
  }

  #refused(words: string): TemplateResult {
    return html`<div class="refused" role="alert">${icon("high")}<p>${words}</p>
      <button class="plain round" aria-label="Close" @click=${() => {
        this.refusal = undefined;
      }}>${icon("close")}</button></div>`;
  }

  #told(device: Device): TemplateResult {
    const isReleasing = this.store.state.releasing.has(device.id);
    return html`<div class="told ${device.isolated.state}" tabindex="-1">
      <div class="lines">${isolationLines(device.isolated, isReleasing)}</div>
      ${this.store.may("act") && !isReleasing ? this.#ends(device) : nothing}
    </div>`;
  }

  #ends(device: Device): TemplateResult {
    const release = (): Promise<void> => this.#do(() => this.store.release(device.id));
    if (device.isolated.state !== "failed") {
      return html`<button aria-label="Release: ${device.name}" @click=${release}>${icon("undo")}Release</button>`;
    }
    return this.isAsking
      ? html``
      : html`<div class="row"><button class="primary begin" @click=${this.#ask}>Try again</button>
          <button @click=${release}>Call it off</button></div>`;
  }
}
customElements.define("lw-isolation", LwIsolation);
