import { EntityIndex, ownEntityIds } from "./find.ts";
import type { Api, Registries } from "./hass.ts";

const RETRY_MS = 10_000;

type Answer = Readonly<Record<string, { readonly unique_id?: string } | null>>;

/** Asks for the unique ids of these entities. Rejects when Home Assistant cannot be reached. */
export async function loadIndex(entityIds: readonly string[], api: Api): Promise<EntityIndex> {
  if (entityIds.length === 0) return new EntityIndex(new Map());
  const answer = await api.callWS<Answer>({ type: "config/entity_registry/get_entries", entity_ids: entityIds });
  const pairs = Object.entries(answer).flatMap(([id, entry]) =>
    typeof entry?.unique_id === "string" ? [[id, entry.unique_id] as const] : [],
  );
  return new EntityIndex(new Map(pairs));
}

/**
 * Unique ids of our entities. The frontend's registry has none, so they are asked for by WebSocket, ours alone, and again when an entity
 * comes, goes or is renamed. All cards of a page share one.
 */
export class UniqueIds {
  readonly #listeners = new Set<() => void>();
  #askedFor = "";
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #entities: unknown;
  #devices: unknown;
  /** Undefined until the first answer. */
  index: EntityIndex | undefined;

  /** To be called whenever the registries may have changed; cheap when they have not. */
  update(registries: Registries, api: Api): void {
    const isSame = registries.entities === this.#entities && registries.devices === this.#devices;
    if (isSame && Date.now() - this.#failedAtMs > RETRY_MS && this.#askedFor !== "") return;
    if (Date.now() - this.#failedAtMs < RETRY_MS) return;
    this.#entities = registries.entities;
    this.#devices = registries.devices;
    const ids = ownEntityIds(registries);
    const asked = ids.join();
    if (this.index !== undefined && asked === this.#askedFor) return;
    this.#askedFor = asked;
    void this.#ask(ids, asked, api);
  }

  async #ask(ids: readonly string[], asked: string, api: Api): Promise<void> {
    try {
      const index = await loadIndex(ids, api);
      if (asked !== this.#askedFor) return;
      this.index = index;
      for (const listener of this.#listeners) listener();
    } catch {
      // The connection was lost, or is only being made: asked again after a pause, when the next state arrives.
      this.#failedAtMs = Date.now();
      this.#askedFor = "";
    }
  }

  /** `listener` is called when the index is new. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
