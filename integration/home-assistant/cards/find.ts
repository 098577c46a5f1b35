import type { DeviceEntry, Hass, Registries } from "./hass.ts";

/** An agent's own device in Home Assistant. */
export interface Hub {
  /** Id in the device registry. */
  readonly id: string;
  /** The agent's name, as in its MQTT topics. */
  readonly agent: string;
  readonly name: string;
}

const PREFIX = "lanwarden_";

/** The part behind "lanwarden_" of the identifier that MQTT discovery gave a device; undefined when it is none of ours. */
function ownIdentifier(device: DeviceEntry): string | undefined {
  const found = device.identifiers.find(([domain, id]) => domain === "mqtt" && id?.startsWith(PREFIX) === true);
  return found?.[1]?.slice(PREFIX.length);
}

export const nameOf = (device: DeviceEntry): string => device.name_by_user ?? device.name ?? device.id;

/** All agents that this Home Assistant knows, by name. */
export function findHubs({ devices }: Pick<Registries, "devices">): Hub[] {
  return Object.values(devices)
    .flatMap((device) => {
      const agent = ownIdentifier(device);
      const isHub = device.manufacturer === "Lanwarden" && device.model === "Agent";
      return agent === undefined || !isHub ? [] : [{ id: device.id, agent, name: nameOf(device) }];
    })
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
}

/** The agent that a card is for: the one named (by the agent's name or its device in Home Assistant), else the first. */
export function chooseHub(hubs: readonly Hub[], wanted: string | undefined): Hub | undefined {
  if (wanted === undefined || wanted === "") return hubs[0];
  return hubs.find(({ agent, id }) => agent === wanted || id === wanted);
}

/** A watched device: its entry, and what stands for it in topics and unique ids ("aabbccddeeff", "ip_192_168_1_7"). */
export interface Watched {
  readonly device: DeviceEntry;
  readonly topicId: string;
}

export function findWatched(hub: Hub, { devices }: Pick<Registries, "devices">): Watched[] {
  return Object.values(devices).flatMap((device) => {
    const topicId = device.via_device_id === hub.id ? ownIdentifier(device) : undefined;
    return topicId === undefined ? [] : [{ device, topicId }];
  });
}

/** Is this device an agent, or watched by one? */
export function isOurs(device: DeviceEntry | undefined): boolean {
  return device !== undefined && ownIdentifier(device) !== undefined;
}

/** Entities of agents and watched devices: those whose unique ids are worth asking for. Sorted. */
export function ownEntityIds({ entities, devices }: Registries): string[] {
  return Object.values(entities)
    .filter(({ device_id: id }) => typeof id === "string" && isOurs(devices[id]))
    .map(({ entity_id: id }) => id)
    .sort();
}

/** Entity ids by what they tell: `hub("summary")`, `device("aabbccddeeff", "risk")`. Never by how they are spelled: users rename them. */
export class EntityIndex {
  readonly #byUniqueId: ReadonlyMap<string, string>;

  /** `uniqueIds`: entity id → unique id. */
  constructor(uniqueIds: ReadonlyMap<string, string>) {
    this.#byUniqueId = new Map([...uniqueIds].map(([entityId, uniqueId]) => [uniqueId, entityId]));
  }

  /** `of`: the agent's name, or the topic id of a device. */
  id(of: string, key: string): string | undefined {
    return this.#byUniqueId.get(`${PREFIX}${of}_${key}`);
  }

  state(hass: Pick<Hass, "states">, of: string, key: string): Hass["states"][string] | undefined {
    const id = this.id(of, key);
    return id === undefined ? undefined : hass.states[id];
  }
}
