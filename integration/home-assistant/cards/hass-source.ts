import { ownEntityIds } from "./find.ts";
import type { EntityEntry, Hass, RawConfig } from "./hass.ts";
import { UniqueIds } from "./unique-ids.ts";

/** Contexts of the frontend (2026.4 and newer), and what of them is taken. The group contexts carry more than one value. */
const CONTEXTS: Readonly<Record<string, (value: object) => Partial<Hass>>> = {
  states: (value) => ({ states: value as Hass["states"] }),
  hassRegistries: (value) => pick(value, ["entities", "devices", "areas"]),
  hassApi: (value) => pick(value, ["callService", "callWS"]),
  hassInternationalization: (value) => pick(value, ["language"]),
};

function pick(value: object, keys: readonly (keyof Hass)[]): Partial<Hass> {
  const found = value as RawConfig;
  return Object.fromEntries(keys.filter((key) => found[key] !== undefined).map((key) => [key, found[key]]));
}

/** Shared by the cards of a page: all ask the same Home Assistant. */
const uniqueIds = new UniqueIds();

/**
 * Home Assistant's data for one card, by the `hass` setter (every version) and by context events (2026.4 and newer); what a context says
 * counts more, since it is newer. Home Assistant tells of every state of the house, many in a second: `changed` is called only when
 * something of ours did.
 */
export class HassSource {
  readonly #changed: () => void;
  #fromSetter: Partial<Hass> = {};
  #fromContexts: Partial<Hass> = {};
  #current: Hass | undefined;
  #own: { entities: unknown; devices: unknown; ids: readonly string[] } | undefined;
  #stops: (() => void)[] = [];

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get hass(): Hass | undefined {
    return this.#current;
  }

  get index(): UniqueIds["index"] {
    return uniqueIds.index;
  }

  set(hass: Hass): void {
    this.#fromSetter = hass;
    this.#merge();
  }

  /** Asks the ancestors of the card for the contexts; an old frontend does not answer. */
  connect(host: HTMLElement): void {
    this.#stops.push(uniqueIds.subscribe(this.#changed));
    for (const [context, take] of Object.entries(CONTEXTS)) {
      const callback = (value: unknown, unsubscribe?: () => void): void => {
        if (unsubscribe !== undefined) this.#stops.push(unsubscribe);
        if (typeof value !== "object" || value === null) return;
        this.#fromContexts = { ...this.#fromContexts, ...take(value) };
        this.#merge();
      };
      host.dispatchEvent(new ContextRequest(context, host, callback));
    }
  }

  disconnect(): void {
    for (const stop of new Set(this.#stops.splice(0))) stop();
    this.#fromContexts = {};
  }

  #merge(): void {
    const { states, entities, devices, areas, callService, callWS } = this.#fromSetter;
    const next = {
      states,
      entities,
      devices,
      areas,
      callService,
      callWS,
      language: this.#fromSetter.language,
      ...this.#fromContexts,
    } as Partial<Hass>;
    if (!isWhole(next)) return;
    const last = this.#current;
    this.#current = next;
    uniqueIds.update(next, next);
    if (last === undefined || this.#differs(last, next)) this.#changed();
  }

  #differs(last: Hass, next: Hass): boolean {
    if (last.entities !== next.entities || last.devices !== next.devices || last.areas !== next.areas) return true;
    if (last.language !== next.language) return true;
    if (last.states === next.states) return false;
    return this.#ownIds(next).some((id) => last.states[id] !== next.states[id]);
  }

  #ownIds(hass: Hass): readonly string[] {
    if (this.#own?.entities !== hass.entities || this.#own.devices !== hass.devices)
      this.#own = { entities: hass.entities, devices: hass.devices, ids: ownEntityIds(hass) };
    return this.#own.ids;
  }
}

function isWhole(hass: Partial<Hass>): hass is Hass {
  const entities: Readonly<Record<string, EntityEntry>> | undefined = hass.entities;
  return [hass.states, entities, hass.devices, hass.areas, hass.callService, hass.callWS].every(
    (part) => part !== undefined,
  );
}

/** The event of the W3C community group's context protocol. */
class ContextRequest extends Event {
  readonly context: string;
  readonly contextTarget: Element;
  readonly callback: (value: unknown, unsubscribe?: () => void) => void;
  readonly subscribe = true;

  constructor(context: string, contextTarget: Element, callback: ContextRequest["callback"]) {
    super("context-request", { bubbles: true, composed: true });
    this.context = context;
    this.contextTarget = contextTarget;
    this.callback = callback;
  }
}
