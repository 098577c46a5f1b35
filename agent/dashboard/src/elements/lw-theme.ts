import { css, html, LitElement, type TemplateResult } from "lit";
import { type IconName, icon } from "../icons.ts";
import { base } from "../styles/base.ts";
import { applyTheme, readTheme, THEME_EVENT, THEMES, type Theme } from "../theme.ts";

const LOOKS: Readonly<Record<Theme, { name: string; icon: IconName }>> = {
  auto: { name: "As the system", icon: "contrast" },
  light: { name: "Light", icon: "sun" },
  dark: { name: "Dark", icon: "moon" },
};

/** Choice of light, dark, or what the system says. */
export class LwTheme extends LitElement {
  static override styles = [
    base,
    css`
      .choice { display: inline-flex; border-radius: 10px; background: var(--surface-2); padding: 3px; }
      button { min-height: 34px; width: 48px; padding: 0; border: 0; background: none; color: var(--muted); }
      button[aria-pressed="true"] { background: var(--surface); color: var(--text); box-shadow: var(--shadow); }
    `,
  ];
  readonly #redraw = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(THEME_EVENT, this.#redraw);
  }

  override disconnectedCallback(): void {
    window.removeEventListener(THEME_EVENT, this.#redraw);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const chosen = readTheme();
    return html`<div class="choice" role="group" aria-label="Colours of this page">
      ${THEMES.map(
        (theme) => html`<button
          aria-pressed=${theme === chosen} aria-label=${LOOKS[theme].name} title=${LOOKS[theme].name}
          @click=${() => applyTheme(theme)}>${icon(LOOKS[theme].icon)}</button>`,
      )}
    </div>`;
  }
}
customElements.define("lw-theme", LwTheme);
