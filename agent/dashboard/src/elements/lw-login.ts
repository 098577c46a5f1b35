import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import type { Store } from "../store.ts";
import { base } from "../styles/base.ts";

/** Asks for a token, and says what that is and where it lies. */
export class LwLogin extends LitElement {
  static override properties = { store: { attribute: false }, failure: { state: true }, isBusy: { state: true } };
  declare store: Store;
  declare protected failure: string | undefined;
  declare protected isBusy: boolean;
  static override styles = [
    base,
    css`
      main { max-width: 440px; margin: 0 auto; padding: 15vh 16px 48px; display: grid; gap: 24px; }
      .mark { color: var(--accent); }
      .mark svg.icon { width: 40px; height: 40px; }
      h1 { font-size: var(--text-xl); }
      form { display: grid; gap: 8px; }
      input { min-height: 48px; width: 100%; font-size: var(--text-m); }
      form button { min-height: 48px; }
      code { background: var(--surface-2); padding: 2px 6px; border-radius: 4px; font-size: 0.875em; overflow-wrap: anywhere; }
      .failure { color: var(--high); }
      label { font-weight: 600; font-size: var(--text-s); }
    `,
  ];

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const input = this.renderRoot.querySelector("input");
    const token = input?.value.trim() ?? "";
    if (token === "") {
      this.failure = "Paste the token first.";
      input?.focus();
      return;
    }
    this.isBusy = true;
    this.failure = await this.store.logIn(token);
    this.isBusy = false;
    if (this.failure !== undefined) input?.focus();
  };

  override firstUpdated(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  override render(): TemplateResult {
    return html`<main>
      <span class="mark">${icon("shield-check")}</span>
      <div class="stack">
        <h1>Welcome to Lanwarden</h1>
        <p class="muted">This page needs a token: a long password that Lanwarden made at its first start. It lies in the
          file <code>admin-token</code> in Lanwarden's data folder.</p>
      </div>
      <form @submit=${this.#submit}>
        <label for="token">Token</label>
        <input id="token" type="password" name="token" autocomplete="current-password" spellcheck="false"
          maxlength="200" aria-describedby="failure" aria-invalid=${this.failure === undefined ? "false" : "true"}>
        <p id="failure" class="failure small" role="alert">${this.failure ?? nothing}</p>
        <button class="primary" ?disabled=${this.isBusy}>${icon("key")}Log in</button>
      </form>
      <p class="muted small">Show it with <code>cat &lt;data&gt;/admin-token</code> on the machine that runs Lanwarden.
        This browser then stays logged in for 30 days, or until Lanwarden restarts.</p>
    </main>`;
  }
}
customElements.define("lw-login", LwLogin);
