import {
  type Connection,
  createConnection,
  createLongLivedTokenAuth,
  ERR_INVALID_AUTH,
  type MessageBase,
} from "home-assistant-js-websocket";
import { whyUnreachable } from "./probe.ts";
import { openSocket } from "./socket.ts";
import { plain } from "./text.ts";

/** Why something asked of Home Assistant did not happen. `message`: one line for people. */
export class LinkError extends Error {
  /**
   * `down`     no connection: it was not asked
   * `lost`     asked, and the connection ended before an answer
   * `timeout`  asked, and no answer in time
   * `refused`  Home Assistant said no
   */
  readonly kind: "down" | "lost" | "timeout" | "refused";
  /** Home Assistant's word for it: "not_found", "unauthorized". */
  readonly code: string;

  constructor(kind: LinkError["kind"], message: string, code = "") {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

export interface SessionTimings {
  /** First pause before another try; doubled each time. */
  retryMs: number;
  longestRetryMs: number;
  pingMs: number;
  pongMs: number;
  answerMs: number;
}

export const SESSION_TIMINGS: SessionTimings = {
  retryMs: 1000,
  longestRetryMs: 30_000,
  pingMs: 20_000,
  pongMs: 8000,
  answerMs: 10_000,
};

interface SessionListener {
  /** Connected and logged in, each time anew. */
  up(version: string): void;
  warn(message: string): void;
  info(message: string): void;
}

/** One connection after another to Home Assistant's WebSocket, for ever, with growing pauses; only a refused token is final. */
export class Session {
  readonly #url: string;
  readonly #token: string;
  readonly #listener: SessionListener;
  readonly #timings: SessionTimings;
  #connection: Connection | undefined;
  /** Rejects all that waits for an answer of the present connection. */
  #lose: ((error: LinkError) => void) | undefined;
  #lost: Promise<never> | undefined;
  #problem: string | undefined;
  #wasUp = false;
  #hasSaid = false;
  #tries = 0;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #ping: NodeJS.Timeout | undefined;

  constructor(url: string, token: string, listener: SessionListener, timings: SessionTimings) {
    this.#url = url.replace(/\/+$/, "");
    this.#token = token;
    this.#listener = listener;
    this.#timings = timings;
    this.#problem = `Home Assistant at ${this.#shownUrl} has not answered yet`;
  }

  get isUp(): boolean {
    return this.#connection !== undefined;
  }

  /** What is not up, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get #shownUrl(): string {
    return plain(this.#url.replace(/\/\/[^@/]*@/, "//"), 100);
  }

  start(): void {
    void this.#connect();
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const connection = await createConnection({
        auth: createLongLivedTokenAuth(this.#url, this.#token),
        setupRetry: 0,
        createSocket: openSocket,
      });
      if (this.#isClosed) connection.close();
      else this.#begin(connection);
    } catch (error) {
      if (error === ERR_INVALID_AUTH) this.#refused();
      else this.#again();
    }
  }

  #begin(connection: Connection): void {
    this.#connection = connection;
    this.#wasUp = true;
    this.#problem = undefined;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.#lost = promise;
    this.#lose = reject;
    connection.addEventListener("disconnected", () => {
      // The library would connect again by itself, without growing pauses and with rejections that nobody catches.
      connection.close();
      this.#end(connection);
    });
    this.#schedulePing();
    this.#listener.info(
      `Home Assistant ${connection.haVersion} at ${this.#shownUrl} is connected${this.#hasSaid ? " again" : ""}`,
    );
    this.#hasSaid = false;
    this.#listener.up(connection.haVersion);
  }

  #end(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    clearTimeout(this.#ping);
    this.#lose?.(new LinkError("lost", "the connection to Home Assistant was lost"));
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    const longest = Math.min(this.#timings.retryMs * 2 ** this.#tries, this.#timings.longestRetryMs);
    this.#tries = Math.min(this.#tries + 1, 16);
    this.#problem = `Home Assistant at ${this.#shownUrl} cannot be reached; tried again every ${Math.ceil(longest / 1000)} s`;
    // A restart of Home Assistant, which takes up to a minute, is no news; an address that never answered is.
    if (this.#tries >= (this.#wasUp ? 6 : 3) && !this.#hasSaid) void this.#sayUnreachable();
    // Up to a quarter less, so that several agents do not come at once.
    this.#retry = setTimeout(() => void this.#connect(), longest * (1 - Math.random() / 4));
    this.#retry.unref();
  }

  async #sayUnreachable(): Promise<void> {
    this.#hasSaid = true;
    const why = await whyUnreachable(this.#url);
    if (this.#isClosed || this.isUp) return;
    this.#listener.warn(
      `Home Assistant at ${this.#shownUrl} cannot be reached${why === "" ? "" : ` (${why})`}: check home_assistant.url and that it runs; tried again until it answers`,
    );
  }

  /** Home Assistant bans addresses that try refused tokens again and again. */
  #refused(): void {
    this.#problem = `Home Assistant at ${this.#shownUrl} refuses the token`;
    this.#listener.warn(
      `Home Assistant at ${this.#shownUrl} refuses the token: make a new long-lived access token (your profile, Security) as an administrator, put it into home_assistant.token_file and restart Lanwarden`,
    );
  }

  /** A connection whose other side is gone stays open for minutes unless somebody asks. */
  #schedulePing(): void {
    this.#ping = setTimeout(async () => {
      try {
        await this.ask({ type: "ping" }, this.#timings.pongMs);
        // It holds: only now is the next failure the first.
        this.#tries = 0;
        if (this.isUp) this.#schedulePing();
      } catch (error) {
        if (error instanceof LinkError && error.kind === "timeout") this.#dropConnection();
      }
    }, this.#timings.pingMs);
    this.#ping.unref();
  }

  #dropConnection(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#end(connection);
    connection.close();
  }

  /** Sends a message and returns the result. Rejects with LinkError. */
  async ask<T>(message: MessageBase, limitMs = this.#timings.answerMs): Promise<T> {
    const connection = this.#connection;
    if (connection === undefined) throw new LinkError("down", this.#problem ?? "Home Assistant is not connected");
    return await this.#inTime(connection.sendMessagePromise<T>(message), limitMs);
  }

  /** Listens until the connection ends (then {@link SessionListener.up} comes again) or the function returned is called. Rejects with LinkError. */
  async listen<T>(message: MessageBase, callback: (event: T) => void): Promise<() => void> {
    const connection = this.#connection;
    if (connection === undefined) throw new LinkError("down", this.#problem ?? "Home Assistant is not connected");
    const stop = await this.#inTime(
      connection.subscribeMessage<T>(callback, message, { resubscribe: false }),
      this.#timings.answerMs,
    );
    return () => void stop().catch(() => undefined);
  }

  async #inTime<T>(answer: Promise<T>, limitMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new LinkError("timeout", `Home Assistant did not answer within ${Math.round(limitMs / 1000)} s`)),
        limitMs,
      );
      timer.unref();
    });
    try {
      return await Promise.race([answer, late, this.#lost ?? late]);
    } catch (error) {
      throw error instanceof LinkError ? error : refusal(error);
    } finally {
      clearTimeout(timer);
      answer.catch(() => undefined);
    }
  }

  /** The same limits for an answer that comes as an event. Rejects with LinkError. */
  within<T>(answer: Promise<T>): Promise<T> {
    return this.#inTime(answer, this.#timings.answerMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#ping);
    this.#problem = "the link to Home Assistant is closed";
    const connection = this.#connection;
    this.#connection = undefined;
    this.#lose?.(new LinkError("lost", "the link to Home Assistant is closed"));
    connection?.close();
  }
}

/** What the library rejects with: a number, its own error message around one, or Home Assistant's error object. */
function refusal(error: unknown): LinkError {
  const {
    code,
    message,
    error: inner,
  } = (typeof error === "object" && error !== null ? error : {}) as {
    code?: unknown;
    message?: unknown;
    error?: unknown;
  };
  if (typeof error === "number" || (typeof inner === "object" && inner !== null))
    return new LinkError("lost", "the connection to Home Assistant was lost");
  return new LinkError("refused", plain(String(message ?? "no reason given"), 160), plain(String(code ?? ""), 40));
}
