import type { Device } from "@lanwarden/contract/device";
import type { Discovery, DiscoveryContext, DiscoveryMessage } from "@lanwarden/contract/discovery";
import { deviceLink } from "@lanwarden/contract/page-links";
import { topicId, topics } from "@lanwarden/contract/topics";
import type { Entity, EntityTopics } from "./define.ts";
import { entities } from "./registry.gen.ts";

const ORIGIN = "Lanwarden";

const hubId = (agent: string): string => `lanwarden_${agent}`;

function origin(context: DiscoveryContext): Record<string, unknown> {
  return { name: ORIGIN, sw: context.version };
}

function components(
  prefix: string,
  own: readonly Entity[],
  names: EntityTopics,
  context: DiscoveryContext,
): Record<string, unknown> {
  const parts: [string, unknown][] = [];
  for (const { key, platform, name, isolates, config } of own) {
    if (isolates !== true || context.canIsolate === true)
      parts.push([key, { platform, unique_id: `${prefix}_${key}`, name, ...config(names, context) }]);
    // The platform alone takes back what was announced when there was a back-end.
    else if (context.couldIsolate === true) parts.push([key, { platform }]);
  }
  return Object.fromEntries(parts);
}

function message(
  objectId: string,
  device: Record<string, unknown>,
  cmps: Record<string, unknown>,
  stateTopic: string,
  context: DiscoveryContext,
): DiscoveryMessage {
  const payload = {
    device,
    origin: origin(context),
    availability_topic: topics(context.agent).status,
    state_topic: stateTopic,
    qos: 1,
    components: cmps,
  };
  return { topic: `${context.prefix}/device/${objectId}/config`, payload };
}

/** Home Assistant's device-based MQTT discovery: one message a device, all its entities in it. */
export const discovery: Discovery = {
  hub(context) {
    const names = topics(context.agent);
    const id = hubId(context.agent);
    const topicsOfHub = {
      state: names.state,
      attributes: names.state,
      incident: names.incident,
      isolateSet: "",
      profileSet: "",
      agent: names,
    };
    const device = {
      identifiers: [id],
      name: context.agent === "home" ? "Lanwarden" : `Lanwarden ${context.agent}`,
      manufacturer: "Lanwarden",
      model: "Agent",
      sw_version: context.version,
      configuration_url: context.pageUrl,
    };
    const own = entities.filter((entity) => entity.of === "hub");
    return message(id, device, components(id, own, topicsOfHub, context), names.state, context);
  },

  device(device, mines, context) {
    const names = topics(context.agent);
    const mac12 = topicId(device.id);
    const id = `lanwarden_${mac12}`;
    const topicsOfDevice = {
      state: names.deviceState(mac12),
      attributes: names.deviceWhy(mac12),
      incident: names.deviceIncident(mac12),
      isolateSet: names.isolateSet(mac12),
      profileSet: names.profileSet(mac12),
      agent: names,
    };
    const own = entities.filter((entity) => entity.of === "device" && (entity.applies?.(device, mines) ?? true));
    const parts = components(id, own, topicsOfDevice, context);
    return message(id, deviceSection(device, id, context), parts, topicsOfDevice.state, context);
  },

  owns(payload, agent) {
    if (typeof payload !== "object" || payload === null) return false;
    const { origin: made, availability_topic: availability } = payload as {
      origin?: { name?: unknown };
      availability_topic?: unknown;
    };
    return made?.name === ORIGIN && availability === topics(agent).status;
  },
};

function deviceSection(device: Device, id: string, context: DiscoveryContext): Record<string, unknown> {
  return {
    identifiers: [id],
    ...(context.linkByMac && device.mac !== null ? { connections: [["mac", device.mac]] } : {}),
    name: device.name,
    ...(device.vendor === null ? {} : { manufacturer: device.vendor }),
    ...(device.model === null ? {} : { model: device.model }),
    ...(device.firmware.version === null ? {} : { sw_version: device.firmware.version }),
    ...(device.area ? { suggested_area: device.area } : {}),
    configuration_url: context.pageUrl + deviceLink(device.id),
    via_device: hubId(context.agent),
  };
}
