import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { spokenIncident, spokenName } from "@lanwarden/contract/speech";
import type { SseBlock } from "@lanwarden/contract/sse";
import type { HubState } from "@lanwarden/contract/status";
import { AgentClient } from "./client.ts";
import { EventStream, type StreamState } from "./event-stream.ts";
import { AgentApiError, type AgentTarget } from "./http.ts";
import { type IncidentEvent, Ledger } from "./ledger.ts";

/**
 * A number that the agent never gave. It answers with the present state of all and the number to go on from: so a first connection has a
 * number too, and what happens before the first event is not lost.
 */
const NEVER_GIVEN = "999999999999999";
const MAX_DEVICES = 5000;
/** Deliveries kept for nodes that are deployed anew while the connection stays. */
const MAX_RECENT = 500;
/** Writing down what was told waits so long for more. */
const SAVE_MS = 200;

/** What must outlive a deploy and, where the context is kept on disk, a restart of Node-RED. */
export interface SavedLink {
  readonly address: string;
  readonly lastId: string;
  readonly told: ReturnType<Ledger["entries"]>;
}

export interface LinkStore {
  load(): Promise<SavedLink | undefined>;
  save(saved: SavedLink): void;
}

/** A node that uses the agent. */
export interface LinkUser {
  readonly id: string;
  /** One of the others threw: a fault of ours, which must not take Node-RED down. */
  onFault(error: Error): void;
  onState(state: StreamState, error?: AgentApiError): void;
  /** Once, when devices and open incidents are known; before the first event. */
  onReady?(): void;
  onIncident?(event: IncidentEvent): void;
  onDevice?(device: Device): void;
}

/** The one connection of a lanwarden-agent node: open while anybody uses it; tells its users every incident event once and in order. */
export class AgentLink {
  readonly client: AgentClient;
  readonly devices = new Map<string, Device>();
  /** Open incidents, as last told. */
  readonly open = new Map<string, Incident>();
  status: HubState | undefined;
  readonly #target: AgentTarget;
  readonly #store: LinkStore;
  readonly #users = new Set<LinkUser>();
  /** Nodes that left to come back: number of the last delivery that they saw. */
  readonly #left = new Map<string, number>();
  readonly #recent: { number: number; event: IncidentEvent }[] = [];
  #deliveries = 0;
  #stream: EventStream | undefined;
  #state: StreamState = "connecting";
  #error: AgentApiError | undefined;
  #ledger = new Ledger();
  #lastId: string | undefined;
  #isLoaded = false;
  #isReady = false;
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(target: AgentTarget, store: LinkStore) {
    this.client = new AgentClient(target);
    this.#target = target;
    this.#store = store;
  }

  get address(): string {
    return this.#target.address;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Throws in words when what is known may be old, because the agent is not connected. */
  assertConnected(): void {
    if (this.#state === "connected" && this.#isReady) return;
    throw this.#error ?? new AgentApiError(0, "The agent is not connected yet.");
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  add(user: LinkUser): void {
    this.#users.add(user);
    this.#stream ??= this.#openStream();
    user.onState(this.#state, this.#error);
    if (this.#isReady) user.onReady?.();
    const seen = this.#left.get(user.id);
    this.#left.delete(user.id);
    if (seen === undefined) return;
    for (const { number, event } of [...this.#recent]) if (number > seen) user.onIncident?.(event);
  }

  /** `isBack`: the node is only deployed anew, and gets what it misses. */
  remove(user: LinkUser, isBack: boolean): void {
    if (!this.#users.delete(user)) return;
    if (isBack) this.#left.set(user.id, this.#deliveries);
    if (this.#users.size === 0) this.#closeStream();
  }

  close(): void {
    this.#users.clear();
    this.#closeStream();
  }

  /** The incident for a speaker, with the device as its owner calls it. */
  speech(incident: Incident): string {
    const device = incident.device === null ? undefined : this.devices.get(incident.device);
    const name = device ? spokenName(device) : (incident.victim?.name ?? incident.attacker?.name);
    return spokenIncident(incident, name);
  }

  /** Whether an incident was told or, at the very first connection, learned; false for one that the stream has yet to tell. */
  wasTold(incident: Incident): boolean {
    return this.#ledger.has(incident.id);
  }

  #openStream(): EventStream {
    return new EventStream({
      target: this.#target,
      lastId: () => this.#lastId ?? NEVER_GIVEN,
      prepare: (signal) => this.#prepare(signal),
      onBlock: (block) => this.#onBlock(block),
      onState: (state, error) => this.#setState(state, error),
    });
  }

  #closeStream(): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#state = "connecting";
    this.#error = undefined;
    this.#isReady = false;
    this.#saveNow();
  }

  /** Before the first connection: what was told so far, and where things stand. Later the stream itself tells what changed meanwhile. */
  async #prepare(signal: AbortSignal): Promise<void> {
    if (!this.#isLoaded) {
      const saved = await this.#store.load();
      if (saved?.address === this.#target.address) {
        this.#lastId = saved.lastId;
        this.#ledger = new Ledger(saved.told);
      }
      this.#isLoaded = true;
    }
    if (this.#isReady || this.#lastId === undefined) return;
    for (const device of await this.client.list("devices", {}, MAX_DEVICES, signal)) this.#keepDevice(device);
    const open = await this.client.list("incidents", { status: "open" }, 1000, signal);
    this.open.clear();
    // Oldest first, as the stream tells them.
    for (const incident of open.reverse()) this.open.set(incident.id, incident);
  }

  #setState(state: StreamState, error?: AgentApiError): void {
    // Between two attempts it stays bad news: a light that flickers says less.
    if (state === "connecting" && this.#error !== undefined) return;
    this.#state = state;
    this.#error = error;
    this.#tellAll((user) => user.onState(state, error));
    if (state === "connected" && this.#lastId !== undefined) this.#becomeReady();
  }

  #becomeReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#tellAll((user) => user.onReady?.());
  }

  #onBlock({ id, event, data }: SseBlock): void {
    const value = data === undefined ? undefined : parse(data);
    if (event === "status" && value !== undefined) this.status = value as HubState;
    if (event === "device" && isRecord(value)) this.#onDevice(value as unknown as Device);
    if (event === "incident" && isRecord(value) && isRecord(value.incident))
      this.#onIncident(value as unknown as IncidentEvent, id !== undefined);
    if (id === undefined || id === "") return;
    this.#lastId = id;
    this.#becomeReady();
    this.#saveSoon();
  }

  #onDevice(device: Device): void {
    this.#keepDevice(device);
    if (this.#isReady) this.#tellAll((user) => user.onDevice?.(device));
  }

  #keepDevice(device: Device): void {
    if (this.devices.size < MAX_DEVICES || this.devices.has(device.id)) this.devices.set(device.id, device);
  }

  /** Numbered events come once; one without a number is the present state, told anew. */
  #onIncident(event: IncidentEvent, isNumbered: boolean): void {
    const { incident } = event;
    const change = isNumbered ? event.change : this.#ledger.changeSince(incident);
    this.#ledger.note(incident);
    if (incident.status === "open") this.open.set(incident.id, incident);
    else this.open.delete(incident.id);
    // Before the first number all is the past: it is learned, not told.
    if (change === undefined || (this.#lastId === undefined && !isNumbered)) return;
    const told = { change, incident };
    this.#recent.push({ number: ++this.#deliveries, event: told });
    if (this.#recent.length > MAX_RECENT) this.#recent.shift();
    this.#tellAll((user) => user.onIncident?.(told));
  }

  #tellAll(tell: (user: LinkUser) => void): void {
    for (const user of [...this.#users]) {
      try {
        tell(user);
      } catch (error) {
        user.onFault(error as Error);
      }
    }
  }

  #saveSoon(): void {
    this.#saveTimer ??= setTimeout(() => this.#saveNow(), SAVE_MS);
  }

  #saveNow(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    if (this.#lastId === undefined) return;
    this.#store.save({ address: this.#target.address, lastId: this.#lastId, told: this.#ledger.entries() });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
