import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";

/**
 * Which devices are announced to Home Assistant. Few on purpose: a home of 150 hosts would bury its own entities. A device is announced when
 * the user pinned or declared it, or when it had an incident; randomised MACs only when pinned; at most `max`, pinned ones first.
 */
export class AnnouncedDevices {
  readonly #max: number;
  readonly #payloads = new Map<string, { topic: string; payload: string }>();
  #found = new Set<string>();

  constructor(max: number) {
    this.#max = max;
  }

  wants(device: Device, incidents: readonly Incident[]): boolean {
    if (device.pinned === true) return true;
    if (device.mac_randomized || device.mac === null) return false;
    if (this.#payloads.has(device.id)) return true;
    if (this.#payloads.size >= this.#max) return false;
    return (
      device.name_source === "user" ||
      incidents.some((incident) => incident.device === device.id && incident.severity !== "info")
    );
  }

  /** Returns true if the announcement is news. */
  note(deviceId: string, topic: string, payload: string): boolean {
    if (this.#payloads.get(deviceId)?.payload === payload) return false;
    this.#payloads.set(deviceId, { topic, payload });
    return true;
  }

  /** Everything must be told again (Home Assistant restarted). */
  forgetPayloads(): void {
    for (const entry of this.#payloads.values()) entry.payload = "";
  }

  startCollecting(): void {
    this.#found = new Set();
    this.forgetPayloads();
  }

  found(topic: string): void {
    if (this.#found.size < 4096) this.#found.add(topic);
  }

  /** Topics found on the broker that announce nobody wanted now. */
  stale(hubTopic: string): string[] {
    const wanted = new Set([hubTopic, ...[...this.#payloads.values()].map(({ topic }) => topic)]);
    return [...this.#found].filter((topic) => !wanted.has(topic));
  }
}
