import type { StreamEvents } from "@lanwarden/contract/api";
import type { StreamMessage } from "../api/context.ts";
import type { Store } from "../store/store.ts";

/** The stream of events (GET /events): kept ones get a number and are replayed to those who come back, the others are only told. */
export class EventStream {
  readonly #store: Pick<Store, "appendStream" | "streamAfter" | "lastStreamId">;
  readonly #listeners = new Set<(message: StreamMessage) => void>();

  constructor(store: Pick<Store, "appendStream" | "streamAfter" | "lastStreamId">) {
    this.#store = store;
  }

  /** Tells and keeps. */
  keep<E extends keyof StreamEvents>(event: E, data: StreamEvents[E]): void {
    const body = JSON.stringify(data);
    this.#send({ id: this.#store.appendStream(event, body), event, body });
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
