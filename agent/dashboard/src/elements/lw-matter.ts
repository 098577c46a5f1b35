import type { MatterState } from "@lanwarden/contract/matter";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { icon } from "../icons.ts";
import { codeGroups } from "../isolation-words.ts";
import { qrCode, qrPath } from "../qr.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { count } from "../words.ts";
import { skeletons } from "./parts.ts";

/** Codes come and go with the pairing window, and the event stream does not tell of Matter. */
const AGAIN_MS = 5000;

/** The Matter bridge: how to pair it, with whom it is paired, and what it shows there. */
export class LwMatter extends StoreElement {
  static override properties: PropertyDeclarations = { ...StoreElement.properties, isBusy: { state: true } };
  declare protected isBusy: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;
  static override styles = [
    base,
    css`
      section { display: grid; gap: 12px; }
      .pair { display: flex; flex-wrap: wrap; gap: 16px; align-items: center; }
      .qr { width: 176px; height: 176px; border-radius: 8px; flex: none; display: block; }
      .code { display: grid; gap: 8px; flex: 1 1 160px; min-width: 0; }
      .manual { font-size: 1.25rem; font-weight: 650; letter-spacing: 0.02em; overflow-wrap: anywhere; }
      dl { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 8px 16px; font-size: var(--text-s); }
      dt { color: var(--muted); }
      dd { overflow-wrap: anywhere; }
      details { font-size: var(--text-s); }
      summary { cursor: pointer; font-weight: 600; min-height: 32px; display: flex; align-items: center; gap: 8px; }
      summary::marker { content: ""; }
      details[open] summary svg { transform: rotate(90deg); }
      .ends { display: grid; gap: 4px; padding: 4px 0 0 28px; overflow-wrap: anywhere; }
    `,
  ];

  constructor() {
    super();
    this.isBusy = false;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.matter, state.session];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.store.loadMatter();
    this.#timer = setInterval(() => this.store.state.matter && void this.store.loadMatter(), AGAIN_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { matter } = this.store.state;
    if (matter === undefined) return html`<section class="card"><h2>Matter</h2>${skeletons(1, 40)}</section>`;
    if (matter === null) {
      return html`<section class="card"><h2>Matter</h2><p class="muted small">Off. With
        <code>matter: { enabled: true }</code> in <code>lanwarden.yaml</code>, Apple Home, Google Home, Alexa and SmartThings show
        threats too.</p></section>`;
    }
    return html`<section class="card">
      <div class="spread"><h2>Matter</h2>${stateChip(matter)}</div>
      ${matter.detail === null ? nothing : html`<p class="small wrap">${matter.detail}</p>`}
      ${guard([matter.qr, matter.manual], () => pairing(matter))}
      ${matter.state === "up" && matter.qr === null ? this.#window() : nothing}
      ${partners(matter)}
    </section>`;
  }

  /** Who pairs may isolate devices, so it takes an admin. */
  #window(): TemplateResult {
    if (!this.store.may("admin"))
      return html`<p class="muted small">To let another controller in, log in with an admin token.</p>`;
    return html`<div><button aria-busy=${this.isBusy} @click=${this.#open}>${icon("key")}Let another controller in</button></div>`;
  }

  readonly #open = async (): Promise<void> => {
    if (this.isBusy) return;
    this.isBusy = true;
    await this.store.openMatterWindow();
    this.isBusy = false;
  };
}
customElements.define("lw-matter", LwMatter);

function stateChip({ state }: MatterState): TemplateResult {
  switch (state) {
    case "up":
      return html`<span class="chip ok">${icon("check")}running</span>`;
    case "failed":
      return html`<span class="chip high">${icon("high")}does not run</span>`;
    default:
      return html`<span class="chip info">${icon("info")}${state === "starting" ? "starting" : "not running"}</span>`;
  }
}

/** The codes, while a controller may join. */
function pairing({ qr, manual }: MatterState): TemplateResult | typeof nothing {
  if (qr === null && manual === null) return nothing;
  const code = qr === null ? undefined : qrPath(qr);
  return html`<div class="pair">
    ${code === undefined ? nothing : qrCode(code, "Matter pairing code as a QR code")}
    <div class="code">
      <p class="small">Add a device in your Matter app, and scan this or type the number.</p>
      ${manual === null ? nothing : html`<p class="manual num">${codeGroups(manual)}</p>`}
    </div>
  </div>`;
}

function partners({ fabrics, endpoints, port }: MatterState): TemplateResult {
  return html`<dl>
    <dt>Paired with</dt><dd>${
      fabrics.length === 0
        ? "nobody yet"
        : fabrics.map(
            ({ index, label, vendor }) => html`<div>${label === "" ? `Controller ${index}` : label}
            <span class="muted">(vendor ${vendor})</span></div>`,
          )
    }</dd>
    <dt>Port</dt><dd class="num">${port}</dd>
  </dl>
  ${
    endpoints.length === 0
      ? nothing
      : html`<details><summary>${icon("next")}${count(endpoints.length, "thing")} that it shows</summary>
          <ul class="ends">${endpoints.map(
            ({ number, label, kind }) => html`<li>${label}
            <span class="muted">${kind.replaceAll("_", " ").replaceAll("-", " ")}, number ${number}</span></li>`,
          )}</ul></details>`
  }`;
}
