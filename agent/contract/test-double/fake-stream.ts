import type { ServerResponse } from "node:http";

interface Entry {
  id: number;
  event: string;
  body: string;
}

/** Numbered events with replay, as `GET /events` of the agent has them. What was told stays over a stop of the server. */
export class FakeStream {
  readonly #entries: Entry[] = [];
  readonly #listeners = new Set<ServerResponse>();
  #goneUpTo = 0;

  get listeners(): number {
    return this.#listeners.size;
  }

  get lastId(): number {
    return this.#entries.at(-1)?.id ?? this.#goneUpTo;
  }

  /** Tells and keeps. */
  keep(event: string, data: unknown): void {
    const entry = { id: this.lastId + 1, event, body: JSON.stringify(data) };
    this.#entries.push(entry);
    for (const listener of this.#listeners) send(listener, entry);
  }

  /** Tells those who listen now. */
  tell(event: string, data: unknown): void {
    for (const listener of this.#listeners) tellOne(listener, event, data);
  }

  /** What was kept is lost: who comes back is told everything anew. */
  forget(): void {
    this.#goneUpTo = this.lastId;
    this.#entries.length = 0;
  }

  drop(): void {
    this.#listeners.clear();
  }

  listen(response: ServerResponse): void {
    this.#listeners.add(response);
    response.once("close", () => this.#listeners.delete(response));
  }

  /** Sends what came after a number; false when that is not known any more, or was never given. */
  catchUp(response: ServerResponse, after: number): boolean {
    if (after < this.#goneUpTo || after > this.lastId) return false;
    for (const entry of this.#entries) if (entry.id > after) send(response, entry);
    return true;
  }
}

/** One event without a number. */
export function tellOne(response: ServerResponse, event: string, data: unknown): void {
  send(response, { id: 0, event, body: JSON.stringify(data) });
}

function send(response: ServerResponse, { id, event, body }: Entry): void {
  response.write(`${id > 0 ? `id: ${id}\n` : ""}event: ${event}\ndata: ${body}\n\n`);
}
