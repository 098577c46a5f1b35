import type { BackendInfo, IsolationRow } from "@lanwarden/contract/isolation";
import { css, html, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { askedBy, LEVEL_REACH, listed, untilText } from "../isolation-words.ts";
import { hrefOf } from "../route.ts";
import { isolatedDevices, type PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import { isolationChip, skeletons, when } from "./parts.ts";

const BACKENDS_AGAIN_MS = 30_000;
const SHOWN_ROWS = 12;

/** Through what Lanwarden can shut a device off, and what it has shut off so far. */
export class LwReach extends StoreElement {
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Isolations as last seen: the journal has a new row when they change. */
  #told = "";
  static override styles = [
    base,
    css`
      section { display: grid; gap: 8px; }
      li { display: grid; gap: 4px; padding: 10px 0; border-top: 1px solid var(--line); font-size: var(--text-s); overflow-wrap: anywhere; }
      li:first-child { border: 0; }
      li:last-child { padding-bottom: 0; }
      .spread > :first-child { flex: 1 1 160px; min-width: 0; }
      .chip, .tag { flex: none; }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.backends, state.isolations, state.devices];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.store.loadBackends();
    this.#timer = setInterval(() => void this.store.loadBackends(), BACKENDS_AGAIN_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.#timer);
    super.disconnectedCallback();
  }

  override updated(): void {
    const { devices } = this.store.state;
    if (devices === undefined) return;
    const now = `loaded ${isolatedDevices(devices)
      .map(({ id, isolated }) => `${id} ${isolated.state}`)
      .join()}`;
    if (now === this.#told) return;
    this.#told = now;
    void this.store.loadIsolations();
  }

  override render(): TemplateResult {
    const { backends, isolations } = this.store.state;
    return html`<div class="stack">
      <section class="card"><h2>Through what it can act</h2>${
        backends === undefined
          ? skeletons(2, 40)
          : backends.length === 0
            ? html`<p class="muted small">No router is connected that could shut a device off. Name one under
                <code>response.backends</code> in <code>lanwarden.yaml</code>.</p>`
            : html`<ul>${backends.map((backend) => this.#backend(backend))}</ul>`
      }</section>
      <section class="card"><h2>Shut off so far</h2>${
        isolations === undefined
          ? skeletons(2, 40)
          : isolations.length === 0
            ? html`<p class="muted small">No device yet.</p>`
            : html`<ul>${isolations.slice(0, SHOWN_ROWS).map(row)}</ul>`
      }</section>
    </div>`;
  }

  #backend({ name, level, ready, detail, isolated }: BackendInfo): TemplateResult {
    const names = isolated.map((id) => this.store.state.devices?.get(id)?.name ?? id);
    return html`<li>
      <div class="spread"><b>${name}</b>${
        ready
          ? html`<span class="chip ok">${icon("check")}ready</span>`
          : html`<span class="chip medium">${icon("medium")}not ready</span>`
      }</div>
      <span class="muted">${
        level === "dns"
          ? "Stops only the name look-ups of a device"
          : `Shuts a device off ${LEVEL_REACH[level] ?? level}`
      }${names.length === 0 ? nothing : `; holds ${listed(names)}`}.</span>
      ${detail === null ? nothing : html`<span>${detail}</span>`}
    </li>`;
  }
}
customElements.define("lw-reach", LwReach);

const row = (entry: IsolationRow): TemplateResult => html`<li>
  <div class="spread"><a href=${hrefOf("protection", entry.incident === null ? { device: entry.device } : { incident: entry.incident })}><b>${entry.name}</b></a>${
    entry.released === null
      ? isolationChip(entry.state)
      : html`<span class="tag">${entry.backend === "" ? "Never in force" : "Released"}</span>`
  }</div>
  <span class="muted">${when(entry.requested)}, ${
    entry.released === null
      ? untilText(entry.until, Date.now())
      : html`${entry.backend === "" ? "called off" : "released"} ${when(entry.released)}`
  } · ${wayText(entry)}asked by ${askedBy(entry.by)}</span>
  ${entry.reason === "" ? nothing : html`<span>${entry.reason}</span>`}
  ${entry.detail === null ? nothing : html`<span>${entry.detail}</span>`}
</li>`;

/** "from the internet through nftables inet · "; empty while no back-end has come to it. */
const wayText = ({ level, backend }: IsolationRow): string =>
  level === null || backend === "" ? "" : `${LEVEL_REACH[level] ?? level} through ${backend} · `;
