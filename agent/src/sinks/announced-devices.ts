import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";

/** Most devices remembered as having had an incident: as many as the inventory holds. */
const MAX_REMEMBERED = 2048;

/** What outlives a restart: the devices that were announced for an incident, which may be long over. */
interface Memory {
  had_incident: string[];
}

/**
 * Which devices are announced to Home Assistant. Few on purpose: a home of 150 hosts would bury its own entities. A device is announced when
 * the user pinned or named it, or when it ever had an incident (its entities must not vanish from dashboards when that is over); randomised
 * MACs only when pinned; at most `max`, pinned ones first.
 */
export class AnnouncedDevices {
  readonly #max: number;
  readonly #payloads = new Map<string, { topic: string; payload: string; pinned: boolean }>();
  readonly #hadIncident = new Set<string>();
  #changed = false;
  /** Devices that wanted a place and found none, since the last look. */
  refused = 0;

  constructor(max: number, memory?: unknown) {
    this.#max = max;
    const kept = (memory as Partial<Memory> | undefined)?.had_incident;
    for (const id of Array.isArray(kept) ? kept.slice(0, MAX_REMEMBERED) : []) this.#hadIncident.add(String(id));
  }

  /** What to keep over a restart; undefined when nothing is new. */
  takeMemory(): Memory | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return { had_incident: [...this.#hadIncident] };
  }

  /** An incident above information concerns the device. */
  noteIncident(incident: Incident): void {
    const { device, severity } = incident;
    if (device === null || severity === "info" || incident.test === true || this.#hadIncident.has(device)) return;
    if (this.#hadIncident.size >= MAX_REMEMBERED) this.#hadIncident.delete([...this.#hadIncident][0] ?? "");
    this.#hadIncident.add(device);
    this.#changed = true;
  }

  #isWorthy(device: Device): boolean {
    if (device.mac === null) return false;
    if (device.pinned === true) return true;
    return !device.mac_randomized && (device.name_source === "user" || this.#hadIncident.has(device.id));
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
