import type { StreamEvents } from "@lanwarden/contract/api";

export interface StreamListener {
  message<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): void;
  /** The connection stands. `isAgain` = it had been lost. */
  up(isAgain: boolean): void;
  down(): void;
  /** The agent refuses: perhaps the session has ended. Connects again after this, unless closed. */
  refused(): Promise<void>;
}

const EVENTS = ["status", "device", "incident", "traffic"] as const satisfies readonly (keyof StreamEvents)[];
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 15_000;
/** The agent sends traffic every second; silence this long means that the line is dead though the socket is not. */
const SILENCE_MS = 20_000;

/**
 * The agent's events. The browser itself comes back after a broken line and names the last event it got; after a refusal or a dead
 * line this does it, with the same number in the address.
 */
export class EventStream {
  readonly #listener: StreamListener;
  #source: EventSource | undefined;
  #lastId = "";
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #heardMs = 0;
  #wasLost = false;

  constructor(listener: StreamListener) {
    this.#listener = listener;
  }

  open(): void {
    this.close();
    this.#connect();
    this.#watch = setInterval(() => this.#checkSilence(), 5000);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#source?.close();
    this.#source = undefined;
  }

  #connect(): void {
    const source = new EventSource(`api/v1/events${this.#lastId === "" ? "" : `?last_event_id=${this.#lastId}`}`);
    this.#source = source;
    this.#heardMs = Date.now();
    source.onopen = () => {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#heardMs = Date.now();
      this.#listener.up(this.#wasLost);
      this.#wasLost = false;
    };
    source.onerror = () => {
      this.#lost();
      if (source.readyState === EventSource.CLOSED) void this.#refused();
    };
    for (const name of EVENTS) source.addEventListener(name, (event) => this.#message(name, event as MessageEvent));
  }

  #message(name: keyof StreamEvents, event: MessageEvent): void {
    this.#heardMs = Date.now();
    if (/^\d+$/.test(event.lastEventId)) this.#lastId = event.lastEventId;
    this.#listener.message(name, JSON.parse(String(event.data)));
  }

  #lost(): void {
    this.#wasLost = true;
    this.#listener.down();
  }

  async #refused(): Promise<void> {
    const closed = this.#source;
    await this.#listener.refused();
    if (this.#source === closed && closed !== undefined) this.#connectLater();
  }

  #connectLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
  }

  #checkSilence(): void {
    if (this.#source?.readyState !== EventSource.OPEN || Date.now() - this.#heardMs < SILENCE_MS) return;
    this.#source.close();
    this.#lost();
    this.#connectLater();
  }
}
