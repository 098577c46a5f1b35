/**
 * What Home Assistant accepts as a device-based MQTT discovery message, written from its documentation (home-assistant.io/integrations/mqtt,
 * "Device discovery payload" and each platform's "Configuration variables"; sensor and binary_sensor device classes from their own pages).
 * Stricter than Home Assistant itself in what it would silently ignore: unknown keys are faults here.
 */

type Json = Record<string, unknown>;

const ROOT_KEYS = new Set([
  "~",
  "device",
  "origin",
  "components",
  "availability",
  "availability_mode",
  "availability_template",
  "availability_topic",
  "payload_available",
  "payload_not_available",
  "command_topic",
  "state_topic",
  "encoding",
  "qos",
]);
const DEVICE_KEYS = new Set([
  "identifiers",
  "connections",
  "name",
  "manufacturer",
  "model",
  "model_id",
  "hw_version",
  "sw_version",
  "serial_number",
  "suggested_area",
  "configuration_url",
  "via_device",
]);
const ORIGIN_KEYS = new Set(["name", "sw_version", "sw", "support_url", "url"]);
const ENTITY_KEYS = [
  "platform",
  "unique_id",
  "name",
  "default_entity_id",
  "enabled_by_default",
  "visible_by_default",
  "entity_category",
  "entity_picture",
  "icon",
  "json_attributes_topic",
  "json_attributes_template",
  "availability",
  "availability_mode",
  "availability_template",
  "availability_topic",
  "payload_available",
  "payload_not_available",
  "encoding",
  "qos",
  "group",
];
const READ_KEYS = ["state_topic", "value_template"];
const WRITE_KEYS = [...READ_KEYS, "command_topic", "command_template", "optimistic", "retain"];

interface Platform {
  keys: readonly string[];
  required: readonly string[];
  deviceClasses: readonly string[];
  categories: readonly string[];
}

const BINARY_SENSOR_CLASSES =
  "battery battery_charging carbon_monoxide cold connectivity door garage_door gas heat light lock moisture motion moving occupancy opening plug power presence problem running safety smoke sound tamper update vibration window";
/** Device class of a sensor → units it may have; null = none at all. Those that a network watcher could need. */
const SENSOR_CLASSES: Readonly<Record<string, readonly string[] | null>> = {
  data_rate: "bit/s kbit/s Mbit/s Gbit/s B/s kB/s MB/s GB/s KiB/s MiB/s GiB/s".split(" "),
  data_size: "bit kbit Mbit Gbit B kB MB GB TB PB EB ZB YB KiB MiB GiB TiB PiB EiB ZiB YiB".split(" "),
  date: null,
  duration: "d h min s ms μs".split(" "),
  enum: null,
  power: "mW W kW MW GW TW".split(" "),
  signal_strength: ["dB", "dBm"],
  timestamp: null,
  uptime: null,
};
/** State classes by device class; a class that is not named takes any. */
const SENSOR_STATE_CLASSES: Readonly<Record<string, readonly string[]>> = {
  data_rate: ["measurement"],
  date: [],
  enum: [],
  power: ["measurement"],
  signal_strength: ["measurement"],
  timestamp: [],
  uptime: [],
};
const STATE_CLASSES = ["measurement", "measurement_angle", "total", "total_increasing"];
const ALL_CATEGORIES = ["config", "diagnostic"];

const PLATFORMS: Readonly<Record<string, Platform>> = {
  sensor: {
    keys: [
      ...READ_KEYS,
      "device_class",
      "state_class",
      "unit_of_measurement",
      "suggested_display_precision",
      "options",
      "expire_after",
      "force_update",
      "last_reset_value_template",
    ],
    required: ["state_topic"],
    deviceClasses: Object.keys(SENSOR_CLASSES),
    categories: ["diagnostic"],
  },
  binary_sensor: {
    keys: [...READ_KEYS, "device_class", "payload_on", "payload_off", "off_delay", "expire_after", "force_update"],
    required: ["state_topic"],
    deviceClasses: BINARY_SENSOR_CLASSES.split(" "),
    categories: ["diagnostic"],
  },
  event: {
    keys: [...READ_KEYS, "device_class", "event_types"],
    required: ["state_topic", "event_types"],
    deviceClasses: ["button", "doorbell", "motion"],
    categories: ALL_CATEGORIES,
  },
  select: {
    keys: [...WRITE_KEYS, "options"],
    required: ["command_topic", "options"],
    deviceClasses: [],
    categories: ALL_CATEGORIES,
  },
  switch: {
    keys: [...WRITE_KEYS, "device_class", "payload_on", "payload_off", "state_on", "state_off"],
    required: ["command_topic"],
    deviceClasses: ["outlet", "switch"],
    categories: ALL_CATEGORIES,
  },
  button: {
    keys: ["command_topic", "command_template", "device_class", "payload_press", "retain"],
    required: ["command_topic"],
    deviceClasses: ["identify", "restart", "update"],
    categories: ALL_CATEGORIES,
  },
  update: {
    keys: [
      ...READ_KEYS,
      "command_topic",
      "device_class",
      "display_precision",
      "latest_version_topic",
      "latest_version_template",
      "payload_install",
      "release_summary",
      "release_url",
      "retain",
      "title",
    ],
    required: [],
    deviceClasses: ["firmware"],
    categories: ALL_CATEGORIES,
  },
};

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText) && new Set(value).size === value.length;

/** Longest message: a broker's default limit is far above, but 64 devices are told in one burst. */
const MAX_MESSAGE = 16_384;

class Checker {
  readonly faults: string[] = [];
  readonly base: string | undefined;

  constructor(base: unknown) {
    this.base = typeof base === "string" ? base : undefined;
  }

  need(isRight: boolean, fault: string): void {
    if (!isRight) this.faults.push(fault);
  }

  keys(value: Json, known: ReadonlySet<string>, place: string): void {
    for (const key of Object.keys(value)) this.need(known.has(key), `${place}: unknown key ${key}`);
  }

  /** A topic after `~` at its start or end has been replaced. */
  topic(value: unknown, place: string): void {
    if (value === undefined) return;
    const text = typeof value === "string" ? value.replace(/^~|~$/, () => this.base ?? "~") : "";
    // MQTT 3.1.1 §4.7: no wildcards in a topic name, no NUL; $-topics are the broker's. Home Assistant refuses control characters too.
    const isTopic = /^[^+#$~\0-\x1f\x7f-\x9f][^+#~\0-\x1f\x7f-\x9f]*$/.test(text) && Buffer.byteLength(text) <= 65_535;
    this.need(isTopic, `${place}: ${JSON.stringify(value)} is no topic`);
  }

  /** Brackets of a template are paired. */
  template(value: unknown, place: string): void {
    if (value === undefined) return;
    const text = typeof value === "string" ? value : "";
    const count = (part: string): number => text.split(part).length - 1;
    this.need(
      isText(value) && count("{{") === count("}}") && count("{%") === count("%}") && count("{{") + count("{%") > 0,
      `${place}: ${JSON.stringify(value)} is no template`,
    );
  }
}

/** Faults of one discovery message; none when Home Assistant takes it as it is meant. */
export function discoveryFaults(topic: string, payload: unknown, prefix = "homeassistant"): string[] {
  if (!isObject(payload)) return ["the payload is no object"];
  const check = new Checker(payload["~"]);
  const objectId = topic.startsWith(`${prefix}/device/`) ? topic.slice(`${prefix}/device/`.length) : "";
  check.need(
    /^[a-zA-Z0-9_-]+\/config$/.test(objectId),
    `topic ${topic}: not ${prefix}/device/<letters, digits, _ or ->/config`,
  );
  check.need(Buffer.byteLength(JSON.stringify(payload)) <= MAX_MESSAGE, "the message is longer than 16 KiB");
  check.keys(payload, ROOT_KEYS, "root");
  for (const key of ["availability_topic", "state_topic", "command_topic"]) check.topic(payload[key], key);
  check.need([undefined, 0, 1, 2].includes(payload.qos as number | undefined), `qos: ${String(payload.qos)}`);
  checkDevice(check, payload.device);
  checkOrigin(check, payload.origin);
  checkComponents(check, payload);
  return check.faults;
}

function checkDevice(check: Checker, device: unknown): void {
  if (!isObject(device)) {
    check.faults.push("device: is missing");
    return;
  }
  check.keys(device, DEVICE_KEYS, "device");
  const { identifiers, connections } = device;
  check.need(isText(device.name), "device.name: is missing");
  check.need(isTextList(identifiers) || Array.isArray(connections), "device: neither identifiers nor connections");
  check.need(identifiers === undefined || isTextList(identifiers), "device.identifiers: not a list of texts");
  for (const pair of Array.isArray(connections) ? connections : []) {
    const isPair = Array.isArray(pair) && pair.length === 2 && pair.every(isText);
    check.need(isPair, `device.connections: ${JSON.stringify(pair)}`);
    if (isPair && pair[0] === "mac")
      check.need(
        /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(String(pair[1])),
        `device.connections: ${pair[1]} is no lower-case MAC`,
      );
  }
  for (const [key, value] of Object.entries(device)) {
    if (key !== "identifiers" && key !== "connections") check.need(isText(value), `device.${key}: not a text`);
  }
  const url = device.configuration_url;
  check.need(
    url === undefined || (isText(url) && URL.canParse(url) && /^(https?|homeassistant):$/.test(new URL(url).protocol)),
    `device.configuration_url: ${String(url)}`,
  );
}

function checkOrigin(check: Checker, origin: unknown): void {
  if (!isObject(origin)) {
    check.faults.push("origin: is missing");
    return;
  }
  check.keys(origin, ORIGIN_KEYS, "origin");
  check.need(isText(origin.name), "origin.name: is missing");
}

function checkComponents(check: Checker, payload: Json): void {
  const { components } = payload;
  if (!isObject(components) || Object.keys(components).length === 0) {
    check.faults.push("components: are missing");
    return;
  }
  const ids = new Set<unknown>();
  for (const [key, component] of Object.entries(components)) {
    if (!isObject(component)) {
      check.faults.push(`${key}: no object`);
      continue;
    }
    // "To remove a component, publish it with the platform alone".
    if (Object.keys(component).length === 1 && String(component.platform) in PLATFORMS) continue;
    check.need(!ids.has(component.unique_id), `${key}: unique_id ${String(component.unique_id)} is there twice`);
    ids.add(component.unique_id);
    checkComponent(check, key, component, payload);
  }
}

function checkComponent(check: Checker, key: string, component: Json, root: Json): void {
  const platform = PLATFORMS[String(component.platform)];
  if (!platform) {
    check.faults.push(`${key}: unknown platform ${String(component.platform)}`);
    return;
  }
  check.keys(component, new Set([...ENTITY_KEYS, ...platform.keys]), key);
  // Root options are handed down to every component.
  for (const needed of platform.required)
    check.need(needed in component || needed in root, `${key}: ${needed} is missing`);
  check.need(isText(component.unique_id), `${key}: unique_id is missing`);
  checkName(check, key, component.name, root);
  for (const [name, value] of Object.entries(component)) {
    if (name.endsWith("_topic")) check.topic(value, `${key}.${name}`);
    if (name.endsWith("_template")) check.template(value, `${key}.${name}`);
  }
  const { device_class: deviceClass, entity_category: category, icon, enabled_by_default: enabled } = component;
  check.need(
    deviceClass === undefined || platform.deviceClasses.includes(String(deviceClass)),
    `${key}: device_class ${String(deviceClass)}`,
  );
  check.need(
    category === undefined || platform.categories.includes(String(category)),
    `${key}: entity_category ${String(category)}`,
  );
  check.need(icon === undefined || /^mdi:[a-z0-9-]+$/.test(String(icon)), `${key}: icon ${String(icon)}`);
  check.need(enabled === undefined || typeof enabled === "boolean", `${key}: enabled_by_default`);
  if (component.platform === "sensor") checkSensor(check, key, component);
  if (component.platform === "event") {
    const types = component.event_types;
    check.need(isTextList(types) && types.every((type) => /^[a-z0-9_]+$/.test(type)), `${key}: event_types`);
  }
  if (component.platform === "select") check.need(isTextList(component.options), `${key}: options`);
}

/** Home Assistant puts the device's name in front of the entity's: it must not be said twice. */
function checkName(check: Checker, key: string, name: unknown, root: Json): void {
  if (name === null) return;
  check.need(isText(name) && /^[A-Z]/.test(name), `${key}: name ${JSON.stringify(name)} is not in sentence case`);
  const device = isObject(root.device) ? String(root.device.name) : "";
  check.need(!String(name).startsWith(device) || device === "", `${key}: the name begins with the device's`);
}

function checkSensor(check: Checker, key: string, sensor: Json): void {
  const { device_class: deviceClass, state_class: stateClass, unit_of_measurement: unit, options } = sensor;
  const precision = sensor.suggested_display_precision;
  check.need(
    stateClass === undefined || STATE_CLASSES.includes(String(stateClass)),
    `${key}: state_class ${String(stateClass)}`,
  );
  check.need(
    precision === undefined || (Number.isInteger(precision) && Number(precision) >= 0),
    `${key}: suggested_display_precision`,
  );
  check.need(unit === undefined || isText(unit), `${key}: unit_of_measurement`);
  check.need(
    (options === undefined) === (deviceClass !== "enum"),
    `${key}: options and device_class enum belong together`,
  );
  check.need(
    options === undefined || (isTextList(options) && stateClass === undefined && unit === undefined),
    `${key}: options`,
  );
  if (deviceClass === undefined) return;
  const units = SENSOR_CLASSES[String(deviceClass)];
  const states = SENSOR_STATE_CLASSES[String(deviceClass)];
  check.need(
    units === null ? unit === undefined : (units?.includes(String(unit)) ?? false),
    `${key}: unit ${String(unit)} of ${String(deviceClass)}`,
  );
  check.need(
    stateClass === undefined || states === undefined || states.includes(String(stateClass)),
    `${key}: state_class of ${String(deviceClass)}`,
  );
}

/** Faults of several messages together: what must be unique over all of them. */
export function discoverySetFaults(messages: readonly { topic: string; payload: unknown }[]): string[] {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const { topic, payload } of messages) {
    faults.push(...discoveryFaults(topic, payload).map((fault) => `${topic}: ${fault}`));
    const components = isObject(payload) && isObject(payload.components) ? payload.components : {};
    const ids = Object.values(components)
      .filter((component) => isObject(component) && "unique_id" in component)
      .map((component) => String((component as Json).unique_id));
    for (const id of [topic, ...ids]) {
      if (seen.has(id)) faults.push(`${topic}: ${id} is also in ${seen.get(id)}`);
      seen.set(id, topic);
    }
  }
  return faults;
}

/** Attributes that Home Assistant keeps for itself: in JSON attributes they are refused, in an event they would confuse. */
const RESERVED = new Set(
  "assumed_state attribution available device_class device_info entity_category entity_picture entity_registry_enabled_default event_types extra_state_attributes force_update friendly_name icon should_poll state supported_features unique_id unit_of_measurement".split(
    " ",
  ),
);

/** Faults of JSON attributes or of an event's payload. */
export function attributeFaults(payload: unknown, maxOctets = 2048): string[] {
  if (!isObject(payload)) return ["no object"];
  const octets = Buffer.byteLength(JSON.stringify(payload));
  return [
    ...(octets > maxOctets ? [`${octets} octets, at most ${maxOctets}`] : []),
    ...Object.keys(payload)
      .filter((key) => RESERVED.has(key))
      .map((key) => `${key} is Home Assistant's own`),
  ];
}
