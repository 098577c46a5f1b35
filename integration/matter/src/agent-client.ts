import { setTimeout as pause } from "node:timers/promises";
import { API_BASE, type Page, type Problem, type StreamEvents } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { GuardMode } from "@lanwarden/contract/kinds";
import { type SseBlock, SseReader } from "@lanwarden/contract/sse";
import type { HubState } from "@lanwarden/contract/status";

/** All that is, at one moment. */
export interface Snapshot {
  hub: HubState;
  devices: Device[];
  /** Not resolved. */
  incidents: Incident[];
}

export type AgentEvent = {
  [Name in keyof StreamEvents]: { event: Name; data: StreamEvents[Name] };
}[keyof StreamEvents];

export interface AgentListener {
  /** After each connecting, and every ten minutes. */
  snapshot(snapshot: Snapshot): void;
  event(event: AgentEvent): void;
  /** The agent cannot be reached, and why; it is tried again. */
  lost(reason: string): void;
}

const REQUEST_MS = 10_000;
/** The agent writes a line every 15 s at least. */
const SILENT_MS = 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
/** No event tells of a device that the agent has forgotten. */
const SNAPSHOT_MS = 600_000;
const MAX_PAGES = 20;
const EVENTS: ReadonlySet<string> = new Set<keyof StreamEvents>(["status", "device", "incident"]);

/** The agent answered with an error: its own words. */
export class AgentRefusal extends Error {}

/** Speaks to the agent: its HTTP API, and its event stream, which is picked up where it was cut (`Last-Event-ID`). */
export class AgentClient {
  readonly #base: string;
  readonly #token: string;
  readonly #closed = new AbortController();
  #lastId: string | undefined;

  constructor(url: string, token: string) {
    this.#base = `${url.replace(/\/+$/, "")}${API_BASE}`;
    this.#token = token;
  }

  /** Listens until {@link close}, connecting again with growing pauses. */
  async listen(listener: AgentListener): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#closed.signal.aborted) {
      const connection = new Connection(listener, () => this.#snapshot());
      let reason = "it closed the stream";
      try {
        await this.#follow(connection);
      } catch (error) {
        reason = reasonOf(error);
      } finally {
        connection.close();
      }
      if (this.#closed.signal.aborted) return;
      if (connection.wasUp) pauseMs = FIRST_PAUSE_MS;
      listener.lost(reason);
      await pause(pauseMs, undefined, { signal: this.#closed.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  close(): void {
    this.#closed.abort();
  }

  async isolate(device: string): Promise<void> {
    await this.#ask("PUT", `/devices/${encodeURIComponent(device)}/isolation`, { by: "matter" });
  }

  async release(device: string): Promise<void> {
    await this.#ask("DELETE", `/devices/${encodeURIComponent(device)}/isolation`);
  }

  async setMode(mode: GuardMode): Promise<void> {
    await this.#ask("PUT", "/mode", { mode });
  }

  async #follow(connection: Connection): Promise<void> {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENT_MS);
    try {
      const response = await fetch(`${this.#base}/events`, {
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(this.#lastId === undefined ? {} : { "last-event-id": this.#lastId }),
        },
        signal: AbortSignal.any([this.#closed.signal, silent.signal, connection.failed]),
      });
      if (!response.ok || !response.body) throw new AgentRefusal(await problemText(response));
      connection.open();
      const reader = new SseReader((block) => {
        connection.take(block);
        this.#lastId = block.id ?? this.#lastId;
      });
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENT_MS);
        reader.push(piece);
      }
    } catch (error) {
      throw connection.failed.aborted ? connection.failed.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #snapshot(): Promise<Snapshot> {
    const [hub, devices, open, acknowledged] = await Promise.all([
      this.#ask<HubState>("GET", "/status"),
      this.#all<Device>("/devices"),
      this.#all<Incident>("/incidents?status=open&limit=500"),
      this.#all<Incident>("/incidents?status=acknowledged&limit=500"),
    ]);
    return { hub, devices, incidents: [...acknowledged, ...open] };
  }

  async #all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let next: string | null = null;
    for (let i = 0; i < MAX_PAGES; i++) {
      const cursor: string = next === null ? "" : `&cursor=${encodeURIComponent(next)}`;
      const page: Page<Item> = await this.#ask<Page<Item>>("GET", `${path}${cursor}`);
      items.push(...page.items);
      next = page.next;
      if (next === null) break;
    }
    return items;
  }

  /** Throws AgentRefusal with the agent's own words when it refuses. */
  async #ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([this.#closed.signal, AbortSignal.timeout(REQUEST_MS)]),
    });
    if (!response.ok) throw new AgentRefusal(await problemText(response));
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }
}

/** One connection to the stream: events wait while the snapshot is fetched, so that what is newer always comes last. */
class Connection {
  readonly #listener: AgentListener;
  readonly #fetch: () => Promise<Snapshot>;
  readonly #failed = new AbortController();
  #waiting: AgentEvent[] | undefined = [];
  #timer: NodeJS.Timeout | undefined;
  wasUp = false;

  constructor(listener: AgentListener, fetchSnapshot: () => Promise<Snapshot>) {
    this.#listener = listener;
    this.#fetch = fetchSnapshot;
  }

  /** Aborted, with the reason, when no snapshot could be had. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  open(): void {
    this.#timer = setInterval(() => void this.#renew(), SNAPSHOT_MS);
    void this.#renew();
  }

  take({ event, data }: SseBlock): void {
    if (data === undefined) return;
    if (!EVENTS.has(event)) return;
    const told = { event, data: JSON.parse(data) } as AgentEvent;
    if (this.#waiting) this.#waiting.push(told);
    else this.#listener.event(told);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#failed.abort(new Error("closed"));
  }

  async #renew(): Promise<void> {
    this.#waiting ??= [];
    try {
      const snapshot = await this.#fetch();
      if (this.#failed.signal.aborted) return;
      this.wasUp = true;
      this.#listener.snapshot(snapshot);
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const event of waiting) this.#listener.event(event);
    } catch (error) {
      this.#failed.abort(error);
    }
  }
}

async function problemText(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as Problem;
    if (typeof detail === "string") return detail.slice(0, 300);
  } catch {
    // Something else answers there: its status says enough.
  }
  return `it answers with status ${response.status}`;
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED") return "nothing listens at its address";
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "unknown reason";
}
