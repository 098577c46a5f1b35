import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";

/** Most devices remembered as having had an incident: as many as the inventory holds. */
const MAX_REMEMBERED = 2048;

/** Sources of a name that say that somebody cares for the device. */
const KNOWN_BY = ["user", "home-assistant"];

/** What outlives a restart: the devices that were announced for an incident or had mined, which may be long over. */
interface Memory {
  had_incident: string[];
  mined: string[];
  /** Entities that isolate were announced once. */
  could_isolate: boolean;
}

/**
 * Which devices are announced to Home Assistant. Few on purpose: a home of 150 hosts would bury its own entities. A device is announced when
 * the user pinned or named it, when Home Assistant knows it by another integration, or when it ever had an incident or was isolated (its
 * entities must not vanish from dashboards when that is over); randomised MACs only when pinned; at most `max`, pinned ones first.
 */
export class AnnouncedDevices {
  readonly #max: number;
  readonly #payloads = new Map<string, { topic: string; payload: string; pinned: boolean }>();
  readonly #hadIncident: Set<string>;
  readonly #mined: Set<string>;
  #couldIsolate: boolean;
  #changed = false;
  /** Devices that wanted a place and found none, since the last look. */
  refused = 0;

  constructor(max: number, memory?: unknown) {
    this.#max = max;
    const kept = memory as Partial<Memory> | undefined;
    this.#hadIncident = remembered(kept?.had_incident);
    this.#mined = remembered(kept?.mined);
    this.#couldIsolate = kept?.could_isolate === true;
  }

  /** What to keep over a restart; undefined when nothing is new. */
  takeMemory(): Memory | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return { had_incident: [...this.#hadIncident], mined: [...this.#mined], could_isolate: this.#couldIsolate };
  }

  /** An incident above information concerns the device. */
  noteIncident(incident: Incident): void {
    const { device, severity, kind } = incident;
    if (device === null || severity === "info" || incident.test === true) return;
    this.#remember(this.#hadIncident, device);
    if (kind === "mining") this.#remember(this.#mined, device);
  }

  /** It has mined, now or once: its entities of mining stay. */
  hasMined(deviceId: string): boolean {
    return this.#mined.has(deviceId);
  }

  get couldIsolate(): boolean {
    return this.#couldIsolate;
  }

  noteCanIsolate(): void {
    if (this.#couldIsolate) return;
    this.#couldIsolate = true;
    this.#changed = true;
  }

  #remember(set: Set<string>, deviceId: string): void {
    if (set.has(deviceId)) return;
    if (set.size >= MAX_REMEMBERED) set.delete([...set][0] ?? "");
    set.add(deviceId);
    this.#changed = true;
  }

  #isWorthy(device: Device): boolean {
    if (device.mac === null) return false;
    if (device.pinned === true) return true;
    if (device.mac_randomized) return false;
    if (device.isolated.state !== "no") this.#remember(this.#hadIncident, device.id);
    return KNOWN_BY.includes(device.name_source) || this.#hadIncident.has(device.id);
  }

  /**
   * Whether the device is to be announced. `evicted`: the topic of one that loses its place to a pinned one; `gone`: its own topic, if it was
   * announced and no longer is to be.
   */
  decide(device: Device): { wanted: boolean; evicted?: string; gone?: string } {
    const present = this.#payloads.get(device.id);
    if (!this.#isWorthy(device)) {
      if (!present) return { wanted: false };
      this.#payloads.delete(device.id);
      return { wanted: false, gone: present.topic };
    }
    if (present) {
      present.pinned = device.pinned === true;
      return { wanted: true };
    }
    if (this.#payloads.size < this.#max) return { wanted: true };
    this.refused++;
    const victim = device.pinned === true ? [...this.#payloads].find(([, { pinned }]) => !pinned) : undefined;
    if (!victim) return { wanted: false };
    this.#payloads.delete(victim[0]);
    return { wanted: true, evicted: victim[1].topic };
  }

  /** Topics of devices that are no longer known, which are forgotten with it. */
  takeUnknown(known: ReadonlySet<string>): string[] {
    const unknown = [...this.#payloads].filter(([id]) => !known.has(id));
    for (const [id] of unknown) this.#payloads.delete(id);
    return unknown.map(([, { topic }]) => topic);
  }

  has(deviceId: string): boolean {
    return this.#payloads.has(deviceId);
  }

  /** Returns true if the announcement is news. */
  note(device: Device, topic: string, payload: string): boolean {
    if (this.#payloads.get(device.id)?.payload === payload) return false;
    this.#payloads.set(device.id, { topic, payload, pinned: device.pinned === true });
    return true;
  }

  /** Everything must be told again (a new broker session, or Home Assistant restarted). */
  forgetPayloads(): void {
    for (const entry of this.#payloads.values()) entry.payload = "";
  }

  topics(): string[] {
    return [...this.#payloads.values()].map(({ topic }) => topic);
  }
}

const remembered = (ids: unknown): Set<string> =>
  new Set(Array.isArray(ids) ? ids.slice(0, MAX_REMEMBERED).map(String) : []);
