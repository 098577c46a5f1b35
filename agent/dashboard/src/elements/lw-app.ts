import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { type IconName, icon } from "../icons.ts";
import { hrefOf, type PageName, parseRoute, type Route } from "../route.ts";
import { decisions, type PageState } from "../state.ts";
import { Store } from "../store.ts";
import { base } from "../styles/base.ts";
import { shell } from "../styles/shell.ts";
import { clockTime, count } from "../words.ts";
import "./lw-devices.ts";
import "./lw-device-view.ts";
import "./lw-drawer.ts";
import "./lw-home.ts";
import "./lw-incident-view.ts";
import "./lw-incidents.ts";
import "./lw-login.ts";
import "./lw-protection.ts";
import "./lw-theme.ts";
import "./lw-traffic.ts";
import { skeletons } from "./parts.ts";

const PLACES: readonly { page: PageName; name: string; icon: IconName }[] = [
  { page: "home", name: "Home", icon: "home" },
  { page: "devices", name: "Devices", icon: "devices" },
  { page: "incidents", name: "Incidents", icon: "bell" },
  { page: "traffic", name: "Traffic", icon: "traffic" },
  { page: "protection", name: "Protection", icon: "shield" },
];

/** The frame: navigation, the state of the connection, what is opened over a page, and short messages. */
export class LwApp extends LitElement {
  static override styles = [base, shell, css`:host { min-height: 100vh; }`];
  static override properties = { route: { state: true } };
  declare protected route: Route;
  readonly #store = new Store();
  #seen: readonly unknown[] = [];
  /** Steps made inside the page: closing what is opened goes back one of them instead of making another. */
  #steps = 0;

  constructor() {
    super();
    this.route = parseRoute(location.hash);
    this.#store.addEventListener("change", () => this.#storeChanged());
    window.addEventListener("hashchange", () => this.#routeChanged());
  }

  override firstUpdated(): void {
    void this.#store.start();
  }

  #storeChanged(): void {
    const { session, connection, status, incidents, toasts, announcement } = this.#store.state;
    const now = [session, connection, status?.demo, incidents, toasts, announcement];
    if (now.every((value, i) => value === this.#seen[i])) return;
    this.#seen = now;
    this.requestUpdate();
  }

  #routeChanged(): void {
    const before = this.route;
    this.route = parseRoute(location.hash);
    this.#steps++;
    if (before.page !== this.route.page) {
      window.scrollTo(0, 0);
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("main")?.focus());
    }
  }

  readonly #closeOpened = (): void => {
    if (this.#steps > 0) history.back();
    else location.hash = hrefOf(this.route.page);
    this.#steps = 0;
  };

  override render(): TemplateResult {
    const { state } = this.#store;
    if (state.session === null) return html`<lw-login .store=${this.#store}></lw-login>${this.#messages(state)}`;
    const waiting = state.incidents === undefined ? 0 : decisions(state.incidents).length;
    return html`
      <a class="skip" href=${location.hash || "#/"} @click=${this.#skip}>Skip to content</a>
      <div class="frame">
        <nav aria-label="Places">
          <div class="brand">${icon("shield-check")}<span>Lanwarden</span></div>
          ${PLACES.map((place) => this.#place(place, waiting))}
          <div class="foot"><lw-theme></lw-theme></div>
        </nav>
        <div class="column">
          ${this.#ribbon(state)}
          <main tabindex="-1">${state.session === undefined ? skeletons(3, 120) : this.#page()}</main>
        </div>
      </div>
      ${state.session ? this.#opened(this.#messages(state)) : this.#messages(state)}
    `;
  }

  /** The tab says where one is, and that something waits. */
  override updated(): void {
    const { incidents } = this.#store.state;
    const waiting = incidents === undefined ? 0 : decisions(incidents).length;
    const name = PLACES.find(({ page }) => page === this.route.page)?.name ?? "Home";
    document.title = `${waiting === 0 ? "" : `(${waiting}) `}${name} · Lanwarden`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>("main")?.focus();
  }

  #place({ page, name, icon: iconName }: (typeof PLACES)[number], waiting: number): TemplateResult {
    const badge =
      page === "incidents" && waiting > 0
        ? html`<span class="badge" aria-hidden="true">${waiting > 99 ? "99+" : waiting}</span>
            <span class="hidden-text">${count(waiting, "incident")} to decide</span>`
        : nothing;
    return html`<a
      class="place" href=${hrefOf(page)} aria-current=${this.route.page === page ? "page" : nothing}
    ><span class="glyph">${icon(iconName)}${badge}</span><span>${name}</span></a>`;
  }

  #ribbon(state: PageState): TemplateResult | typeof nothing {
    if (state.connection === "lost") {
      const since = state.lostAtMs === undefined ? "" : clockTime(new Date(state.lostAtMs).toISOString());
      return html`<div class="ribbon lost" role="alert">
        ${icon("unplugged")}
        <span><strong>Connection lost${since === "" ? "" : ` at ${since}`}.</strong>
          ${state.status === undefined ? "Lanwarden does not answer." : "What you see is from before."} Trying again.</span>
      </div>`;
    }
    if (state.status?.demo !== true) return nothing;
    return html`<div class="ribbon">${icon("info")}<span>Sample home: nothing here is real.</span></div>`;
  }

  #page(): TemplateResult {
    switch (this.route.page) {
      case "devices":
        return html`<lw-devices .store=${this.#store}></lw-devices>`;
      case "incidents":
        return html`<lw-incidents .store=${this.#store}></lw-incidents>`;
      case "traffic":
        return html`<lw-traffic .store=${this.#store}></lw-traffic>`;
      case "protection":
        return html`<lw-protection .store=${this.#store}></lw-protection>`;
      default:
        return html`<lw-home .store=${this.#store}></lw-home>`;
    }
  }

  /** The messages stand inside the drawer when there is one: what is outside a modal dialog cannot be reached. */
  #opened(messages: TemplateResult): TemplateResult {
    const { page, device, incident } = this.route;
    if (incident !== undefined) {
      return html`<lw-drawer label="Incident" @close-drawer=${this.#closeOpened}>
        <lw-incident-view .store=${this.#store} .incidentId=${incident} .page=${page}></lw-incident-view>
        ${messages}
      </lw-drawer>`;
    }
    if (device === undefined) return messages;
    return html`<lw-drawer label="Device" @close-drawer=${this.#closeOpened}>
      <lw-device-view .store=${this.#store} .deviceId=${device} .page=${page}></lw-device-view>
      ${messages}
    </lw-drawer>`;
  }

  #messages(state: PageState): TemplateResult {
    return html`<div class="hidden-text" aria-live="assertive">${state.announcement}</div>
    <div class="toasts" role="status" aria-live="polite">
      ${state.toasts.map(
        (toast) => html`<div class="toast ${toast.isError ? "error" : ""}">
          <span class="wrap">${toast.text}</span>
          ${
            toast.undoRule === undefined
              ? nothing
              : html`<button class="plain" @click=${() => {
                  void this.#store.undoNormal(toast.undoRule ?? "");
                  this.#store.dropToast(toast.id);
                }}>Undo</button>`
          }
          <button class="plain round" aria-label="Close" @click=${() => this.#store.dropToast(toast.id)}>
            ${icon("close")}</button>
        </div>`,
      )}
    </div>`;
  }
}
customElements.define("lw-app", LwApp);
