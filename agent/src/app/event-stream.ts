import type { StreamEvents } from "@lanwarden/contract/api";
import type { StreamMessage } from "../api/context.ts";
import type { Store } from "../store/store.ts";

type StreamStore = Pick<Store, "appendStream" | "streamAfter" | "lastStreamId" | "settle">;

/** The stream of events (GET /events): kept ones get a number and are replayed to those who come back, the others are only told. */
export class EventStream {
  readonly #store: StreamStore;
  readonly #listeners = new Set<(message: StreamMessage) => void>();

  constructor(store: StreamStore) {
    this.#store = store;
  }

  /** Keeps and tells. `isDurable`: it is on disk before anybody hears of it, so that a crash neither loses it nor tells it twice. */
  keep<E extends keyof StreamEvents>(event: E, data: StreamEvents[E], isDurable = false): void {
    const body = JSON.stringify(data);
    const id = this.#store.appendStream(event, body);
    if (isDurable) this.#store.settle();
    this.#send({ id, event, body });
  }

  /** Tells those who listen now. */
  tell<E extends keyof StreamEvents>(event: E, data: StreamEvents[E]): void {
    if (this.#listeners.size > 0) this.#send({ id: 0, event, body: JSON.stringify(data) });
  }

  #send(message: StreamMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  subscribe(listener: (message: StreamMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  after(id: number): StreamMessage[] | null {
    return this.#store.streamAfter(id)?.map((row) => ({ ...row, event: row.event as keyof StreamEvents })) ?? null;
  }

  get lastId(): number {
    return this.#store.lastStreamId;
  }
}
