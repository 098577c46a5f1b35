import type { Incident } from "@lanwarden/contract/incident";
import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { responseSentence } from "../isolation-words.ts";
import { hrefOf } from "../route.ts";
import type { PageState } from "../state.ts";
import { StoreElement } from "../store-element.ts";
import { base } from "../styles/base.ts";
import "./lw-isolation.ts";
import { severityChip, statusTags, when } from "./parts.ts";

/** An incident that waits for a person: what, since when, why, and the answers one can give. */
export class LwIncidentCard extends StoreElement {
  static override properties: PropertyDeclarations = {
    ...StoreElement.properties,
    incident: { attribute: false },
    isBusy: { state: true },
  };
  declare incident: Incident;
  declare protected isBusy: boolean;
  static override styles = [
    base,
    css`
      article { display: grid; gap: 8px; position: relative; overflow: hidden; padding-left: 20px; }
      article::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 4px; background: var(--c); }
      article.critical::before { width: 6px; background: var(--hatch); }
      h2 { font-size: 1.0625rem; line-height: 1.35; }
      h2 a { color: var(--text); }
      .more { margin-left: auto; }
      @media (max-width: 430px) {
        .actions button, .actions .more { padding: 0 10px; }
        .more span { display: none; }
      }
      .actions { padding-top: 4px; }
    `,
  ];

  protected override watched(state: PageState): readonly unknown[] {
    return [state.session, this.#isolated(state)];
  }

  #isolated(state: PageState) {
    return this.incident.device === null ? undefined : state.devices?.get(this.incident.device)?.isolated.state;
  }

  readonly #answer = async (call: (id: string) => Promise<void>): Promise<void> => {
    this.isBusy = true;
    await call(this.incident.id);
    this.isBusy = false;
  };

  override render(): TemplateResult {
    const { incident } = this;
    const link = hrefOf("home", { incident: incident.id });
    const response = responseSentence(incident.response, this.#isolated(this.store.state));
    return html`<article class="card ${incident.severity}" aria-labelledby="title">
      <div class="row">
        ${severityChip(incident.severity)}${statusTags(incident)}
        <span class="muted tiny">began ${when(incident.first_seen)} · last seen ${when(incident.last_seen)}</span>
      </div>
      <h2 id="title" class="wrap"><a href=${link}>${incident.title}</a></h2>
      ${incident.why[0] === undefined ? nothing : html`<p class="small muted wrap">${incident.why[0]}</p>`}
      ${response === undefined ? nothing : html`<p class="small wrap">${response}</p>`}
      <div class="actions">${
        incident.device === null
          ? html`<div class="row">${this.#answers(link)}</div>`
          : html`<lw-isolation .store=${this.store} .deviceId=${incident.device} .incident=${incident}>${this.#answers(link)}</lw-isolation>`
      }</div>
    </article>`;
  }

  #answers(link: string): TemplateResult {
    return html`${
      this.store.may("act")
        ? html`<button ?disabled=${this.isBusy} @click=${() => this.#answer((id) => this.store.markNormal(id))}>
              That's normal for it</button>
            <button ?disabled=${this.isBusy} @click=${() => this.#answer((id) => this.store.acknowledge(id))}>Seen</button>`
        : nothing
    }<a class="button plain more" href=${link} aria-label="Details of: ${this.incident.title}"><span>Details</span>${icon("next")}</a>`;
  }
}
customElements.define("lw-incident-card", LwIncidentCard);
