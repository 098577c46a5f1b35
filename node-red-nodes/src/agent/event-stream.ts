import type { IncomingMessage } from "node:http";
import { type SseBlock, SseReader } from "@lanwarden/contract/sse";
import { AgentApiError, type AgentTarget, openAnswer } from "./http.ts";

/** The agent pings every 15 s: after three of them missed the line is dead, though no packet said so. */
const SILENCE_MS = 50_000;
const MAX_PAUSE_MS = 30_000;
/** Until the stream says otherwise (`retry:`). */
const FIRST_PAUSE_MS = 1000;

export type StreamState = "connecting" | "connected" | "offline" | "refused";

export interface EventStreamOptions {
  readonly target: AgentTarget;
  /** Number to resume from, asked for at each connection. */
  readonly lastId: () => string;
  /** Runs before each connection; what it rejects with counts as a failed one. */
  readonly prepare: (signal: AbortSignal) => Promise<void>;
  readonly onBlock: (block: SseBlock) => void;
  /** `error` says why, when it is bad news. */
  readonly onState: (state: StreamState, error?: AgentApiError) => void;
}

/** Holds one connection to the agent's event stream; comes back after every end, with growing pauses, until closed. */
export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #closed = new AbortController();
  #pauseMs = FIRST_PAUSE_MS;
  #retryMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    void this.#connect();
  }

  close(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closed;
    this.#options.onState("connecting");
    try {
      await this.#options.prepare(signal);
      const answer = await openAnswer(this.#options.target, {
        path: "/events",
        headers: { accept: "text/event-stream", "last-event-id": this.#options.lastId() },
        signal,
      });
      if (signal.aborted) return void answer.destroy();
      this.#options.onState("connected");
      await this.#read(answer);
      this.#comeBack(new AgentApiError(0, "The agent closed the connection."));
    } catch (error) {
      this.#comeBack(error instanceof AgentApiError ? error : new AgentApiError(0, String((error as Error).message)));
    }
  }

  /** Settles when the stream has ended, however it did. */
  #read(answer: IncomingMessage): Promise<void> {
    const reader = new SseReader(
      (block) => {
        this.#pauseMs = this.#retryMs;
        if (!this.#closed.signal.aborted) this.#options.onBlock(block);
      },
      (ms) => {
        this.#retryMs = Math.min(Math.max(ms, 100), MAX_PAUSE_MS);
      },
    );
    answer.setEncoding("utf8");
    return new Promise((resolve) => {
      const silence = setTimeout(() => answer.destroy(), SILENCE_MS);
      answer.on("data", (piece: string) => {
        silence.refresh();
        try {
          reader.push(piece);
        } catch {
          answer.destroy();
        }
      });
      answer.on("error", () => answer.destroy());
      answer.once("close", () => {
        clearTimeout(silence);
        resolve();
      });
    });
  }

  #comeBack(error: AgentApiError): void {
    if (this.#closed.signal.aborted) return;
    const isRefused = error.status === 401 || error.status === 403;
    this.#options.onState(isRefused ? "refused" : "offline", error);
    // Some chance in it, so that many flows do not knock at once after a restart. A refused token does not mend itself within seconds.
    const pauseMs = isRefused ? MAX_PAUSE_MS : this.#pauseMs * (0.75 + Math.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    this.#timer = setTimeout(() => void this.#connect(), pauseMs);
  }
}
