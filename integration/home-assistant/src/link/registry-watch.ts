import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import { applyStates, type EntityStates, type StatesEvent } from "./entity-states.ts";
import { knownDevices, type Registries, type UpdateState, updateEntities, updateState } from "./known-devices.ts";
import type { LinkError, Session } from "./session.ts";

const EVENTS = ["device_registry_updated", "area_registry_updated", "entity_registry_updated"];
/** A starting Home Assistant changes its registries for minutes, and a large home's are megabytes: read at most once in this many settling times. */
const SPACING = 10;

/** Keeps the list of devices that Home Assistant knows: read after connecting, and again when a registry or an `update` entity changes. */
export class RegistryWatch {
  readonly #session: Session;
  readonly #settleMs: number;
  readonly #tell: (known: readonly KnownDevice[]) => void;
  readonly #fault: (message: string) => void;
  #registries: Registries = { devices: [], areas: [], entities: [] };
  /** Last known versions by entity id: a device that is away for an hour has the firmware that it had. */
  readonly #updates = new Map<string, UpdateState>();
  #states: EntityStates = new Map();
  #stopStates: (() => void) | undefined;
  #listened = "";
  #told = "";
  #isReading = false;
  #isStale = false;
  #isClosed = false;
  #readMs = Number.NEGATIVE_INFINITY;
  #readTimer: NodeJS.Timeout | undefined;
  #tellTimer: NodeJS.Timeout | undefined;

  constructor(
    session: Session,
    settleMs: number,
    tell: (known: readonly KnownDevice[]) => void,
    fault: (message: string) => void,
  ) {
    this.#session = session;
    this.#settleMs = settleMs;
    this.#tell = tell;
    this.#fault = fault;
  }

  /** After each connecting. Rejects with LinkError when Home Assistant will not tell. */
  async begin(): Promise<void> {
    this.#listened = "";
    this.#stopStates = undefined;
    for (const event of EVENTS)
      await this.#session.listen<RegistryEvent>({ type: "subscribe_events", event_type: event }, ({ data }) => {
        const entity = data?.entity_id;
        if (typeof entity !== "string" || entity.startsWith("update.")) this.#readSoon();
      });
    await this.#read();
  }

  /** Registries change in bursts (an integration is set up, a room is renamed): one reading for all of it. */
  #readSoon(): void {
    if (this.#readTimer !== undefined || this.#isClosed) return;
    const restMs = this.#readMs + SPACING * this.#settleMs - performance.now();
    this.#readTimer = setTimeout(
      () => {
        this.#readTimer = undefined;
        this.#read().catch((error: LinkError) => {
          if (error.kind === "timeout") this.#readSoon();
          else if (error.kind === "refused") this.#fault(error.message);
        });
      },
      Math.max(this.#settleMs, restMs),
    );
    this.#readTimer.unref();
  }

  async #read(): Promise<void> {
    if (this.#isReading) {
      this.#isStale = true;
      return;
    }
    this.#isReading = true;
    this.#readMs = performance.now();
    try {
      const [devices, areas, display] = await Promise.all([
        this.#session.ask<unknown>({ type: "config/device_registry/list" }),
        this.#session.ask<unknown>({ type: "config/area_registry/list" }),
        this.#session.ask<unknown>({ type: "config/entity_registry/list_for_display" }),
      ]);
      this.#registries = {
        devices: rows(devices),
        areas: rows(areas),
        entities: rows((display as { entities?: unknown } | null)?.entities),
      };
      await this.#listenToUpdates();
    } finally {
      this.#isReading = false;
    }
    this.#tellSoon();
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#readSoon();
  }

  async #listenToUpdates(): Promise<void> {
    const ids = updateEntities(this.#registries);
    for (const id of this.#updates.keys()) if (!ids.includes(id)) this.#updates.delete(id);
    if (ids.join() === this.#listened) return;
    this.#stopStates?.();
    this.#stopStates = undefined;
    this.#states = new Map();
    this.#listened = ids.join();
    // An empty list would mean every entity of the home.
    if (ids.length === 0) return;
    this.#stopStates = await this.#session.listen<StatesEvent>(
      { type: "subscribe_entities", entity_ids: ids },
      (event) => this.#onStates(event),
    );
  }

  #onStates(event: StatesEvent): void {
    for (const id of applyStates(this.#states, event)) {
      const entity = this.#states.get(id);
      const state = entity && updateState(entity.state, entity.attributes);
      if (state) this.#updates.set(id, state);
    }
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#tellTimer !== undefined || this.#isClosed) return;
    this.#tellTimer = setTimeout(() => {
      this.#tellTimer = undefined;
      const known = knownDevices(this.#registries, this.#updates);
      const text = JSON.stringify(known);
      if (text === this.#told) return;
      this.#told = text;
      this.#tell(known);
    }, this.#settleMs / 4);
    this.#tellTimer.unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#readTimer);
    clearTimeout(this.#tellTimer);
  }
}

interface RegistryEvent {
  data?: { entity_id?: unknown };
}

const rows = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter((row) => typeof row === "object" && row !== null) : [];
