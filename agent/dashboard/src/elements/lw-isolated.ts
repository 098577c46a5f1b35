import type { Device } from "@lanwarden/contract/device";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { deviceIcon, icon } from "../icons.ts";
import { hrefOf, type PageName } from "../route.ts";
import { isolatedDevices, type PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { isolationLines, isolationLinesStyles } from "./parts.ts";

/** Devices that are shut off now, each with its way back. Shows nothing while there is none. */
export class LwIsolated extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    page: { attribute: false },
    refusal: { state: true },
    isBusy: { state: true },
  };
  /** The page below, for links. */
  declare page: PageName;
  declare protected refusal: string | undefined;
  declare protected isBusy: boolean;
  #hadFocus = false;
  static override styles = [
    base,
    isolationLinesStyles,
    css`
      section { display: grid; gap: 4px; outline: none; }
      li { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; padding: 12px 0; border-top: 1px solid var(--line); }
      li:first-child { border: 0; }
      li:last-child { padding-bottom: 0; }
      .name { display: flex; gap: 8px; align-items: center; font-weight: 600; color: var(--text); }
      .name span { min-width: 0; overflow-wrap: anywhere; }
      .what { display: grid; gap: 4px; flex: 1 1 240px; min-width: 0; }
      .refused { color: var(--high); font-size: var(--text-s); }
    `,
  ];

  constructor() {
    super();
    this.refusal = undefined;
    this.isBusy = false;
  }

  protected override watched(state: PageState): readonly unknown[] {
    return [state.devices, state.releasing, state.session];
  }

  override willUpdate(): void {
    this.#hadFocus = (this.renderRoot as ShadowRoot | undefined)?.activeElement != null;
  }

  /** When the row of the pressed button goes, the focus stays in the list. */
  override updated(): void {
    const root = this.renderRoot as ShadowRoot;
    if (this.#hadFocus && root.activeElement === null) root.querySelector<HTMLElement>("section")?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const devices = isolatedDevices(this.store.state.devices ?? new Map());
    if (devices.length === 0) return nothing;
    return html`<section class="card" tabindex="-1" aria-labelledby="title">
      <div class="spread"><h2 id="title">${
        devices.every(({ isolated }) => isolated.state === "failed") ? "Not isolated as asked" : "Isolated now"
      }</h2>${
        devices.length > 1 && this.page === "protection" && this.store.may("act")
          ? html`<button @click=${() => this.store.releaseAll()}>Release all ${devices.length}</button>`
          : nothing
      }</div>
      ${this.refusal === undefined ? nothing : html`<p class="refused" role="alert">${this.refusal}</p>`}
      <ul>${repeat(
        devices,
        ({ id }) => id,
        (device) => this.#row(device),
      )}</ul>
    </section>`;
  }

  #row(device: Device): TemplateResult {
    const isReleasing = this.store.state.releasing.has(device.id);
    const hasFailed = device.isolated.state === "failed";
    return html`<li>
      <div class="what">
        <a class="name" href=${hrefOf(this.page, { device: device.id })}>${deviceIcon(device.type)}<span>${device.name}</span></a>
        ${isolationLines(device.isolated, isReleasing)}
      </div>
      ${
        this.store.may("act") && !isReleasing
          ? html`<button aria-label="${hasFailed ? "Call it off" : "Release"}: ${device.name}"
              @click=${() => this.#release(device.id)}>${icon("undo")}${hasFailed ? "Call it off" : "Release"}</button>`
          : nothing
      }
    </li>`;
  }

  async #release(id: string): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.refusal = await this.store.release(id);
    this.isBusy = false;
  }
}
customElements.define("lw-isolated", LwIsolated);
