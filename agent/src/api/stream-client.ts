import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ApiContext, StreamMessage } from "./context.ts";

/** A client that lets this many octets wait is cut off: it comes back with Last-Event-ID. */
const MAX_WAITING = 1_048_576;
/** Shorter than the half minute after which proxies and phones give a silent connection up. */
const PING_MS = 15_000;

/**
 * One listener of the event stream.
 *
 * Order    The present status first; then what it missed, as fast as it takes it; then live. Between the last page of what was missed and the
 *          subscription nothing else runs, so no event is lost or told twice.
 * Missed   A number that is not known any more gets the present state of every device and incident instead.
 */
export class StreamClient {
  readonly #socket: ServerResponse;
  readonly #context: ApiContext;
  readonly #isStillAllowed: () => boolean;
  #isClosed = false;

  constructor(socket: ServerResponse, context: ApiContext, isStillAllowed: () => boolean) {
    this.#socket = socket;
    this.#context = context;
    this.#isStillAllowed = isStillAllowed;
  }

  /** `lastId`: number of the last event that the client has; undefined for a new one. Settles when it is live or gone. */
  async serve(lastId: number | undefined): Promise<void> {
    const ping = setInterval(() => this.#ping(), PING_MS);
    ping.unref();
    let unsubscribe = (): void => undefined;
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.once("close", () => {
      this.#isClosed = true;
      clearInterval(ping);
      unsubscribe();
    });
    this.#socket.write("retry: 2000\n\n");
    this.#sendStatus();
    if (lastId !== undefined) {
      try {
        await this.#catchUp(lastId);
      } catch {
        // The store cannot be read: the client comes back and asks again.
        this.#socket.destroy();
      }
    }
    if (!this.#isClosed) unsubscribe = this.#context.subscribe((message) => this.#sendLive(message));
  }

  /** Returns, without a pause since, when nothing is left to tell. */
  async #catchUp(lastId: number): Promise<void> {
    let after = lastId;
    let hasWaited = false;
    while (!this.#isClosed) {
      const missed = this.#context.streamAfter(after);
      if (missed === null) {
        after = await this.#sendEverything();
        hasWaited = true;
        continue;
      }
      const last = missed.at(-1);
      if (!last) break;
      for (const message of missed) this.#send(message);
      after = last.id;
      hasWaited = (await this.#drained()) || hasWaited;
    }
    // Changes of status are not kept: what was missed while waiting is made good.
    if (hasWaited && !this.#isClosed) this.#sendStatus();
  }

  /** Tells all that is, and returns the number from which on changes are to be told. */
  async #sendEverything(): Promise<number> {
    const asOf = this.#context.lastStreamId();
    const devices = this.#context.devices();
    const incidents = this.#context.incidents({ limit: 500 }).items;
    for (const device of devices) await this.#sendPart("device", device);
    for (const incident of incidents) await this.#sendPart("incident", { change: "updated", incident });
    // An event without data only sets the number (HTML, §9.2.6).
    this.#socket.write(`id: ${asOf}\n\n`);
    return asOf;
  }

  async #sendPart(event: StreamMessage["event"], data: unknown): Promise<void> {
    if (this.#isClosed) return;
    this.#send({ id: 0, event, body: JSON.stringify(data) });
    await this.#drained();
  }

  /** Waits while the client is behind. True if it had to. */
  async #drained(): Promise<boolean> {
    if (this.#isClosed || !this.#socket.writableNeedDrain) return false;
    const closed = new AbortController();
    const abort = (): void => closed.abort();
    this.#socket.once("close", abort);
    await once(this.#socket, "drain", { signal: closed.signal }).catch(() => undefined);
    this.#socket.off("close", abort);
    return true;
  }

  #sendStatus(): void {
    this.#send({ id: 0, event: "status", body: JSON.stringify(this.#context.status()) });
  }

  #send(message: StreamMessage): void {
    const id = message.id > 0 ? `id: ${message.id}\n` : "";
    this.#socket.write(`${id}event: ${message.event}\ndata: ${message.body}\n\n`);
  }

  #sendLive(message: StreamMessage): void {
    this.#send(message);
    if (this.#socket.writableLength > MAX_WAITING) this.#socket.destroy();
  }

  #ping(): void {
    if (this.#isStillAllowed()) this.#socket.write(": ping\n\n");
    else this.#socket.end();
  }
}
