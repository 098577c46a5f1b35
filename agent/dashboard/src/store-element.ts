import { LitElement, type PropertyDeclarations } from "lit";
import type { PageState } from "./state.ts";
import type { Store } from "./store.ts";

/** An element that shows part of the store's state. It renders anew only when what `watched` picks has changed. */
export abstract class StoreElement extends LitElement {
  static override properties: PropertyDeclarations = { store: { attribute: false } };
  declare store: Store;
  #seen: readonly unknown[] = [];

  readonly #onChange = (): void => {
    const now = this.watched(this.store.state);
    if (now.length === this.#seen.length && now.every((value, i) => value === this.#seen[i])) return;
    this.#seen = now;
    this.requestUpdate();
  };

  /** Parts of the state that this element shows. */
  protected abstract watched(state: PageState): readonly unknown[];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seen = this.watched(this.store.state);
    this.store.addEventListener("change", this.#onChange);
  }

  /** Many events of the stream make one picture; a hidden page draws none. */
  protected override async scheduleUpdate(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  override disconnectedCallback(): void {
    this.store.removeEventListener("change", this.#onChange);
    super.disconnectedCallback();
  }
}
