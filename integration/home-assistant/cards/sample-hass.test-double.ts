import type { DeviceEntry, EntityEntry, EntityState, Hass } from "./hass.ts";

/** A Home Assistant filled by hand, for tests: entity ids are spelled so that nobody can find anything by them. */
export class SampleHass {
  readonly states: Record<string, EntityState> = {};
  readonly entities: Record<string, EntityEntry> = {};
  readonly devices: Record<string, DeviceEntry> = {};
  readonly areas: Hass["areas"] = {
    hall: { area_id: "hall", name: "Hall" },
    attic: { area_id: "attic", name: "Attic" },
  };
  readonly language = "en";
  readonly calls: unknown[] = [];
  readonly uniqueIds = new Map<string, string>();
  /** WebSocket commands fail while this is set. */
  isDown = false;

  readonly callService = async (domain: string, service: string, data: object): Promise<void> => {
    this.calls.push([`${domain}.${service}`, data]);
  };

  readonly callWS = async <T>(message: Readonly<Record<string, unknown>>): Promise<T> => {
    this.calls.push(message);
    if (this.isDown) throw new Error("connection lost");
    const asked = message.entity_ids as string[];
    return Object.fromEntries(asked.map((id) => [id, { unique_id: this.uniqueIds.get(id) }])) as T;
  };

  device(id: string, identifier: string, change: Partial<DeviceEntry> = {}): void {
    this.devices[id] = {
      id,
      name: id,
      name_by_user: null,
      area_id: null,
      manufacturer: null,
      model: null,
      via_device_id: null,
      identifiers: [["mqtt", identifier]],
      ...change,
    };
  }

  hub(agent: string): void {
    this.device(`hub-${agent}`, `lanwarden_${agent}`, { name: "Lanwarden", manufacturer: "Lanwarden", model: "Agent" });
  }

  watched(agent: string, mac12: string, change: Partial<DeviceEntry> = {}): void {
    this.device(`device-${mac12}`, `lanwarden_${mac12}`, { via_device_id: `hub-${agent}`, ...change });
  }

  /** An entity of a device, by its unique id. */
  entity(device: string, uniqueId: string, state: string, attributes: Record<string, unknown> = {}): void {
    const id = `sensor.renamed_${this.uniqueIds.size}`;
    this.uniqueIds.set(id, uniqueId);
    this.entities[id] = { entity_id: id, device_id: device, platform: "mqtt" };
    this.states[id] = { entity_id: id, state, attributes, last_changed: "2026-11-22T10:00:00+00:00" };
  }
}
