import type { Device } from "@lanwarden/contract/device";
import type { AgentLink } from "../agent/link.ts";
import type { Message } from "./define.ts";

/** Deeper nesting than a device in an incident in a payload is not looked into. */
const MAX_DEPTH = 3;

/**
 * Text by which the message names a device: id, MAC or address. Looked for in `msg.device`, `msg.mac`, `msg.ip`, `msg.incident` and
 * `msg.payload` (a device, an incident, an object with one of these keys, or the text itself).
 */
export function deviceNamed(message: Message): string | undefined {
  return (
    nameIn(message.device) ??
    nameIn(message.mac) ??
    nameIn(message.ip) ??
    nameIn(message.incident) ??
    nameIn(message.payload)
  );
}

function nameIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim().slice(0, 64);
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return undefined;
  const thing = value as Record<string, unknown>;
  // An incident's id names the incident; its device stands beside it.
  const isIncident = "kind" in thing && "severity" in thing;
  for (const key of isIncident ? ["device"] : ["device", "id", "mac", "ip"]) {
    const name = nameIn(thing[key], depth + 1);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The device that a text names, among those known: by id, MAC in any writing, address, or the name its owner gave. */
export function findDevice(link: AgentLink, named: string): Device | undefined {
  const id = deviceId(named);
  const exact = link.devices.get(id) ?? link.devices.get(named);
  if (exact) return exact;
  let byName: Device | undefined;
  for (const device of link.devices.values()) {
    if (device.mac === id || device.ips.includes(named)) return device;
    if (device.name === named) byName ??= device;
  }
  return byName;
}

/** A MAC in any usual writing as the agent writes it; other text as it is. */
export function deviceId(named: string): string {
  const digits = named.replace(/[:\-.]/g, "").toLowerCase();
  const isMac = /^[0-9a-f]{12}$/.test(digits) && !/^\d+\.\d+\.\d+\.\d+$/.test(named);
  return isMac ? (digits.match(/../g) ?? []).join(":") : named;
}

/** Id of the incident that a message names: `msg.incident` or `msg.payload`, as text or as an incident. */
export function incidentNamed(message: Message): string | undefined {
  for (const value of [message.incident, message.payload]) {
    if (typeof value === "string" && value.trim() !== "") return value.trim().slice(0, 64);
    const id = (value as { id?: unknown } | null | undefined)?.id;
    if (typeof id === "string" && typeof value === "object") return id;
  }
  return undefined;
}
