import type { Incident } from "@lanwarden/contract/incident";
import type { Store } from "../store/store.ts";

/** What is remembered of a home. */
interface Rememberable {
  snapshot(): { inventory: unknown; incidents: unknown };
  restore(kept: { inventory?: unknown; incidents?: unknown }): void;
  incidents(): Incident[];
}

/** Least time between two snapshots of the incident book: it may have a thousand entries, some ten milliseconds of work. */
const INCIDENTS_MS = 250;

/**
 * Brings the home's state over a restart: the inventory is kept every half minute and when a person changed it, the incident book soon after
 * each turn of an incident, so that not even a crash makes an open incident unknown or tells it twice.
 */
export class HomeMemory {
  readonly #store: Store;
  readonly #home: Rememberable;
  #incidentsChanged = false;
  #incidentsMs = 0;

  constructor(store: Store, home: Rememberable) {
    this.#store = store;
    this.#home = home;
  }

  /** Returns the incidents that nobody knows any more after a crash; they are marked resolved. Throws when what was kept cannot be read. */
  restore(): Incident[] {
    const kept = { inventory: this.#store.snapshot("inventory"), incidents: this.#store.snapshot("incidents") };
    this.#home.restore(kept);
    return this.#store.resolveOrphans(new Set(this.#home.incidents().map(({ id }) => id)));
  }

  /**
   * An incident was opened, escalated, resolved or acknowledged, or a rule made or taken back. Handed to the store at once, unless that was done
   * a moment ago.
   */
  incidentsChanged(): void {
    this.#incidentsChanged = true;
    this.keepChanges();
  }

  /** A person said something, of a device or of what is normal: it is on the disk when this returns. */
  personSpoke(): void {
    this.keepAll();
    this.#store.settle();
  }

  /** Often: hands over what has changed. The store writes it with its next flush. */
  keepChanges(): void {
    if (!this.#incidentsChanged || Date.now() - this.#incidentsMs < INCIDENTS_MS) return;
    this.#store.saveSnapshot("incidents", this.#home.snapshot().incidents);
    this.#incidentsChanged = false;
    this.#incidentsMs = Date.now();
  }

  keepAll(): void {
    const { inventory, incidents } = this.#home.snapshot();
    this.#store.saveSnapshot("inventory", inventory);
    this.#store.saveSnapshot("incidents", incidents);
    this.#incidentsChanged = false;
  }
}
