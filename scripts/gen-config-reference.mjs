// Writes the table of keys in docs/reference/configuration.md from the schema; `--check` changes nothing and fails when it is stale.
// What the schema does not hold (defaults, and meaning where it has no description) stands here; a key without an entry is a fault.
import { readFileSync, writeFileSync } from "node:fs";
import { configSchema } from "../agent/src/app/config-schema.ts";

const PAGE = "docs/reference/configuration.md";
const NONE = "no effect yet";

/** Key → default, and meaning where the schema's description is missing or says only the form. */
const KEYS = {
  agent: ["`home`"],
  data: ["`./data`", "folder of the database and the tokens, made for this user only"],
  "home.networks": ["all private networks", "the home's networks: what lies in them is a device of yours"],
  "home.gateway": ["`auto`", "`auto`, or the router's address"],
  "home.name": [NONE],
  sources: ["required", "where packets come from: at least one, see below"],
  "http.listen": [
    "`127.0.0.1:8470`",
    "where page and API listen; `0.0.0.0:8470` lets other machines in (they need a token)",
  ],
  "http.hosts": ["none", "names by which the page may be opened, beside addresses, `localhost` and `*.local`"],
  "mqtt.url": ["off", "`mqtt://host:1883` (also mqtts, ws, wss), or `embedded` for a broker of our own"],
  "mqtt.listen": ["`127.0.0.1:1883`", "where the embedded broker listens"],
  "mqtt.username": ["none", "at the broker; for the embedded one, what clients must send"],
  "mqtt.password": ["none", "as above; better `password_file`"],
  "mqtt.discovery_prefix": ["`homeassistant`"],
  "mqtt.link_by_mac": ["by version", "join our devices with those that Home Assistant knows by the same MAC"],
  "mqtt.max_devices": ["`64`"],
  "home_assistant.url": ["off"],
  "home_assistant.token": ["required with `url`"],
  "home_assistant.push": ["none"],
  "home_assistant.speak": ["none"],
  "home_assistant.tts": ["none"],
  "home_assistant.quiet_hours": ["none"],
  "home_assistant.severity": ["`medium`"],
  "matter.enabled": ["`false`", "Matter bridge: see [Matter](../guides/matter.md)"],
  "matter.port": ["`5540`", "UDP port of the Matter bridge; Alexa finds no other than 5540"],
  "response.mode": ["`monitor`", "what may be done about trouble: only tell, ask first, or protect by itself"],
  "response.never": [
    "none",
    "devices that are never isolated: MAC, address or name; what the home needs is found and added",
  ],
  "response.max_isolated": ["`3`"],
  "response.release_after": ["`4h`", "how long an isolation lasts when nobody says otherwise"],
  "response.backends": ["none", "what shuts devices off: see [isolation](../guides/isolation.md)"],
  "response.policy[].kinds": ["all", "kinds of incident"],
  "response.policy[].severity": ["any", "this severity or worse"],
  "response.policy[].confidence": ["any", "least confidence, 0 to 1"],
  "response.policy[].direction": ["any", "direction of the incident"],
  "response.policy[].types": ["all", "types of device"],
  "response.policy[].profiles": ["all", "profiles of the device"],
  "response.policy[].devices": ["all", "MAC, address or name of devices"],
  "response.policy[].hours": ["always", "local time, as in `22:00-06:00`"],
  "response.policy[].do": ["required", "what is done about it"],
  "response.policy[].for": ["`release_after`", "how long"],
  "devices[].mac": ["required", "the device that is meant"],
  "devices[].name": ["found out", "its name"],
  "devices[].type": ["found out", "its type; a declared `miner` raises no mining alarm"],
  "devices[].policy": ["`auto`", "what you think of it: see [isolation](../guides/isolation.md)"],
  "devices[].pinned": ["`false`", "always among the devices told to Home Assistant"],
  "rules.files": [NONE, "signature rules"],
  "rules.variables": [NONE, "address and port variables of rules"],
  detections: ["each page's", "thresholds by detection id, see below"],
  "eve.file": ["off", "JSON lines in Suricata's EVE form: see [EVE](eve.md)"],
  "eve.max_mib": ["`256`", "size at which the file is turned over; one former file is kept as `.1`"],
  "store.keep_flows": ["`7d`", "how long finished flows are kept"],
  "store.keep_incidents": ["`365d`", "how long resolved incidents are kept"],
  "sensor.max_flows": ["`65536`", "most flows followed at a time"],
  "sensor.deduplicate": [
    "`auto`",
    "whether packets that come twice are left out: `auto` between several taps, `on` also within one that copies both ways of each, `off` never",
  ],
  "log.level": ["`info`", "how much is logged"],
};

const rows = [];
const seen = new Set();
walk(configSchema, "");

/** Leaves of the schema in its order; arrays of objects are walked into when their keys are known. */
function walk(schema, path) {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const key = path === "" ? name : `${path}.${name}`;
    if (inner.properties && inner.additionalProperties === false) walk(inner, key);
    else if (inner.items?.properties && inner.items.additionalProperties === false) walk(inner.items, `${key}[]`);
    else row(key, inner);
  }
}

function row(key, schema) {
  seen.add(key);
  const entry = KEYS[key];
  if (!entry) throw new Error(`${key}: has no entry in scripts/gen-config-reference.mjs`);
  const [otherwise, meaning = schema.description ?? ""] = entry;
  rows.push(`| \`${key}\` | ${allowed(schema)} | ${otherwise} | ${meaning.replace(/\s*\|\s*/g, ", ")} |`);
}

function allowed(schema) {
  if (schema.anyOf) return schema.anyOf.map(allowed).join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum)
    return schema.enum.length > 8 ? "a word of the list below" : schema.enum.map((word) => `\`${word}\``).join(", ");
  if (schema.type === "array") return "list";
  if (schema.type === "object") return "keys and values";
  if (schema.type === "boolean") return "`true`, `false`";
  if (schema.type === "number") return `number ${range(schema)}`.trim();
  if (schema.type === "integer") return `whole number ${range(schema)}`.trim();
  if (schema.pattern?.includes("(s|m|h|d)")) return "duration";
  return "text";
}

function range({ minimum, maximum }) {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return minimum === undefined ? "" : `from ${minimum}`;
}

for (const key of Object.keys(KEYS))
  if (!seen.has(key)) throw new Error(`${key}: is in no schema any more (scripts/gen-config-reference.mjs)`);

const types = configSchema.properties.devices.items.properties.type.enum.map((word) => `\`${word}\``).join(", ");
const table = [
  "| key | value | default | meaning |",
  "|---|---|---|---|",
  ...rows,
  "",
  `Types of device: ${types}.`,
].join("\n");
const page = readFileSync(PAGE, "utf8");
const fresh = page.replace(
  /(<!-- keys:.*?-->\n)[\s\S]*?(<!-- \/keys -->)/,
  (_, open, close) => `${open}${table}\n${close}`,
);
if (fresh === page) console.log(`${PAGE} is fresh`);
else if (process.argv.includes("--check")) {
  console.error(`${PAGE} is stale: run node --conditions=source scripts/gen-config-reference.mjs`);
  process.exitCode = 1;
} else {
  writeFileSync(PAGE, fresh);
  console.log(`wrote ${PAGE}`);
}
