import { css, html, LitElement, type TemplateResult } from "lit";
import { icon } from "../icons.ts";
import { base } from "../styles/base.ts";

/**
 * Opens over the page: from the side on a desktop, over all of a phone. A modal dialog, so that focus stays in it and Escape
 * closes it. Asks to be closed by the event `close-drawer`.
 */
export class LwDrawer extends LitElement {
  static override properties = { label: {} };
  declare label: string;
  static override styles = [
    base,
    css`
      dialog {
        border: 0; padding: 0; margin: 0; inset: 0; width: 100%; max-width: none; height: 100%; max-height: none;
        background: var(--bg); color: var(--text); overflow: auto; overscroll-behavior: contain; outline: none;
      }
      dialog:focus-visible { outline: none; border-radius: 0; }
      dialog::backdrop { background: rgb(8 12 16 / 45%); }
      .bar {
        position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 8px; padding: 8px;
        background: var(--bg);
      }
      .body { padding: 8px 16px calc(32px + env(safe-area-inset-bottom)); }
      @media (min-width: 840px) {
        dialog {
          inset: 0 0 0 auto; width: 520px; box-shadow: -8px 0 32px rgb(0 0 0 / 18%); animation: slide 160ms ease-out;
        }
        .bar { justify-content: flex-end; padding: 16px 16px 0; }
        .body { padding: 0 24px 32px; }
        .back-word { display: none; }
      }
      @keyframes slide { from { transform: translateX(24px); opacity: 0; } }
    `,
  ];

  /** What had the focus before, to give it back. */
  #before: HTMLElement | undefined;

  override firstUpdated(): void {
    this.#before = deepFocus();
    const dialog = this.renderRoot.querySelector("dialog");
    dialog?.showModal();
    dialog?.focus();
    // Room for the scroll bar that goes, so that the page below does not shift.
    const root = document.documentElement;
    root.style.paddingRight = `${window.innerWidth - root.clientWidth}px`;
    root.style.overflow = "hidden";
  }

  override disconnectedCallback(): void {
    document.documentElement.style.overflow = "";
    document.documentElement.style.paddingRight = "";
    if (this.#before?.isConnected) this.#before.focus({ preventScroll: true });
    super.disconnectedCallback();
  }

  #close(): void {
    this.dispatchEvent(new CustomEvent("close-drawer"));
  }

  /** A click on the backdrop counts as one on the dialog, outside its box. */
  #clicked(event: MouseEvent): void {
    const dialog = event.currentTarget as HTMLElement;
    if (event.target === dialog && event.clientX < dialog.getBoundingClientRect().left) this.#close();
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-label=${this.label} tabindex="-1"
      @cancel=${(event: Event) => {
        event.preventDefault();
        this.#close();
      }}
      @click=${this.#clicked}
    >
      <div class="bar">
        <button class="plain" aria-label="Close" @click=${this.#close}>
          ${matchMedia("(min-width: 840px)").matches ? icon("close") : icon("back")}<span class="back-word">Back</span>
        </button>
      </div>
      <div class="body"><slot></slot></div>
    </dialog>`;
  }
}
customElements.define("lw-drawer", LwDrawer);

/** The focused element, looked for through shadow roots. */
function deepFocus(): HTMLElement | undefined {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at instanceof HTMLElement ? at : undefined;
}
