import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { DeviceProfile } from "@lanwarden/contract/isolation";
import type { DeviceType, GuardMode } from "@lanwarden/contract/kinds";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { LineCounter, parseDocument } from "yaml";
import { AgentError } from "../core/errors.ts";
import { type Network, PRIVATE_NETWORKS, parseNetwork } from "../core/ip.ts";
import type { PolicyRule } from "../respond/policy-schema.ts";
import { type ConfigFile, configSchema } from "./config-schema.ts";
import { type HomeAssistantConfig, settleHomeAssistant } from "./home-assistant-config.ts";

/** The configuration as the program uses it: every default filled in, durations in seconds, paths absolute, secrets read. */
export interface Config {
  agent: string;
  dataFolder: string;
  homeName: string;
  homeNetworks: readonly Network[];
  gateway: string | undefined;
  sources: readonly Readonly<Record<string, unknown>>[];
  http: { host: string; port: number; hosts: readonly string[] };
  mqtt:
    | {
        url: string;
        embedded: { host: string; port: number } | undefined;
        username?: string;
        password?: string;
        discoveryPrefix: string;
        maxDevices: number;
        /** undefined = as Home Assistant's version allows, once it is known. */
        linkByMac: boolean | undefined;
      }
    | undefined;
  homeAssistant: HomeAssistantConfig | undefined;
  matter: { enabled: boolean; port: number };
  mode: GuardMode;
  response: {
    never: readonly string[];
    maxIsolated: number;
    releaseAfterSeconds: number;
    /** Entries of `response.backends`, read by their own kinds. */
    backends: readonly Readonly<Record<string, unknown>>[];
    policy: readonly PolicyRule[];
  };
  devices: readonly DeclaredDevice[];
  detections: Readonly<Record<string, Readonly<Record<string, number>>>>;
  eve: { file: string; maxBytes: number } | undefined;
  keepFlowsSeconds: number;
  keepIncidentsSeconds: number;
  maxFlows: number;
  deduplicate: "auto" | "on" | "off";
  logLevel: string;
  demo: boolean;
}

/** A device as the user declared it. */
export interface DeclaredDevice {
  mac: string;
  name?: string;
  type?: DeviceType;
  pinned?: boolean;
  policy?: DeviceProfile;
}

type Plain = Record<string, unknown>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads and checks a configuration file. Throws AgentError (exit status 2) whose message names file, key path, fault and what is allowed. */
export function readConfig(path: string): Config {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      throw new AgentError("ERR_CONFIG_MISSING", `${path}: no such file; "lanwarden init" writes a commented sample`);
    }
    throw new AgentError("ERR_CONFIG_UNREADABLE", `${path}: cannot be read (${code ?? "unknown reason"})`);
  }
  return parseConfig(text, path);
}

/** The same from text; relative paths in it are taken from the folder of `path`. */
export function parseConfig(text: string, path: string, env: NodeJS.ProcessEnv = process.env): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fault = document.errors[0];
  if (fault) {
    const place = lines.linePos(fault.pos[0]);
    throw new AgentError(
      "ERR_CONFIG_SYNTAX",
      `${path}:${place.line}:${place.col}: not valid YAML: ${fault.message.split("\n")[0]}`,
    );
  }
  const raw: unknown = document.toJS() ?? {};
  if (!isPlain(raw))
    throw new AgentError("ERR_CONFIG_SYNTAX", `${path}: expected keys and values, as in "agent: home"`);
  const base = dirname(resolve(path));
  const filled = fillIn(raw, "", path, base, env) as Plain;
  checkKeys(filled, configSchema, "", path);
  for (const error of Value.Errors(configSchema, filled)) throw badValue(error, filled, path);
  return settle(filled as ConfigFile, base, path);
}

/** Replaces ${NAME} by environment variables, and `<key>_file` by the content of that file. */
function fillIn(value: unknown, key: string, path: string, base: string, env: NodeJS.ProcessEnv): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined)
        throw new AgentError("ERR_CONFIG_ENV", `${path}: ${key}: the environment variable ${name} is not set`);
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((item, i) => fillIn(item, `${key}[${i}]`, path, base, env));
  if (!isPlain(value)) return value;
  const result: Plain = {};
  for (const [name, item] of Object.entries(value)) {
    const place = key === "" ? name : `${key}.${name}`;
    const filled = fillIn(item, place, path, base, env);
    const secret = /^(.+)_file$/.exec(name);
    if (!secret || typeof filled !== "string") {
      result[name] = filled;
      continue;
    }
    try {
      result[secret[1] ?? name] = readFileSync(resolve(base, filled), "utf8").trim();
    } catch (error) {
      throw new AgentError(
        "ERR_CONFIG_SECRET",
        `${path}: ${place}: cannot read ${filled} (${(error as NodeJS.ErrnoException).code ?? "unknown reason"})`,
      );
    }
  }
  return result;
}

interface ObjectSchema {
  properties?: Record<string, TSchema & ObjectSchema>;
  additionalProperties?: unknown;
  items?: TSchema & ObjectSchema;
  description?: string;
}

/** Reports the first key that the schema does not know, with the nearest known one. */
function checkKeys(value: unknown, schema: ObjectSchema, key: string, path: string): void {
  if (Array.isArray(value) && schema.items) {
    for (const [i, item] of value.entries()) checkKeys(item, schema.items, `${key}[${i}]`, path);
    return;
  }
  if (!isPlain(value) || !schema.properties) return;
  const known = Object.keys(schema.properties);
  for (const [name, item] of Object.entries(value)) {
    const place = key === "" ? name : `${key}.${name}`;
    const inner = schema.properties[name];
    if (inner) checkKeys(item, inner, place, path);
    else if (schema.additionalProperties === false) {
      const near = nearest(name, known);
      const mend = near ? `did you mean "${near}"?` : `allowed: ${known.join(", ")}`;
      throw new AgentError("ERR_CONFIG_KEY", `${path}: ${place}: unknown key; ${mend}`);
    }
  }
}

/** The word nearest to `name` within two edits (and less than half its length). */
export function nearest(name: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(2, Math.floor(name.length / 2)) + 1;
  for (const word of words) {
    const distance = editDistance(name, word);
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitute));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

interface ValueError {
  keyword: string;
  instancePath: string;
  schemaPath: string;
  message: string;
  params: unknown;
}

function badValue(error: ValueError, root: Plain, path: string): AgentError {
  const required = isPlain(error.params) ? error.params.requiredProperties : undefined;
  const steps = error.instancePath.split("/").filter(Boolean);
  const key = steps
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
  if (error.keyword === "required" && Array.isArray(required)) {
    const name = String(required[0]);
    const hint = name === "sources" ? ", as in: sources: [{ type: interface, interface: eth1 }]" : "";
    return new AgentError("ERR_CONFIG_REQUIRED", `${path}: ${key === "" ? name : `${key}.${name}`}: is missing${hint}`);
  }
  let value: unknown = root;
  let schema: ObjectSchema | undefined = configSchema as unknown as ObjectSchema;
  for (const step of steps) {
    value = Array.isArray(value) ? value[Number(step)] : isPlain(value) ? value[step] : undefined;
    schema = schema?.items ?? schema?.properties?.[step];
  }
  const said = JSON.stringify(value) ?? "nothing";
  const allowed = schema?.description ? `; expected ${schema.description}` : "";
  return new AgentError("ERR_CONFIG_VALUE", `${path}: ${key}: ${said.slice(0, 80)} ${error.message}${allowed}`);
}

/** "4h" → 14400. The schema has checked the form. */
export function durationSeconds(text: string): number {
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[text.slice(-1)] ?? 1;
  return Number(text.slice(0, -1)) * unit;
}

function hostAndPort(text: string, key: string, path: string): { host: string; port: number } {
  const cut = text.lastIndexOf(":");
  const port = Number(text.slice(cut + 1));
  if (port > 65_535) throw new AgentError("ERR_CONFIG_VALUE", `${path}: ${key}: port ${port} is above 65535`);
  return { host: text.slice(0, cut).replace(/^\[|\]$/g, ""), port };
}

function settle(file: ConfigFile, base: string, path: string): Config {
  const networks = file.home?.networks?.map((text, i) => {
    try {
      return parseNetwork(text);
    } catch (error) {
      throw new AgentError("ERR_CONFIG_VALUE", `${path}: home.networks[${i}]: ${(error as Error).message}`);
    }
  });
  const gateway = file.home?.gateway;
  const http = hostAndPort(file.http?.listen ?? "127.0.0.1:8470", "http.listen", path);
  return {
    agent: file.agent ?? "home",
    dataFolder: resolve(base, file.data ?? "data"),
    homeName: file.home?.name ?? "Home",
    homeNetworks: networks ?? PRIVATE_NETWORKS,
    gateway: gateway === "auto" ? undefined : gateway,
    sources: file.sources.map((source) => absolutePaths(source, base)),
    http: { ...http, hosts: file.http?.hosts ?? [] },
    mqtt: settleMqtt(file.mqtt, path),
    homeAssistant: settleHomeAssistant(file.home_assistant, path),
    matter: { enabled: file.matter?.enabled ?? false, port: file.matter?.port ?? 5540 },
    mode: (file.response?.mode ?? "monitor") as GuardMode,
    response: {
      never: file.response?.never ?? [],
      maxIsolated: file.response?.max_isolated ?? 3,
      releaseAfterSeconds: durationSeconds(file.response?.release_after ?? "4h"),
      backends: file.response?.backends ?? [],
      policy: file.response?.policy ?? [],
    },
    devices: (file.devices ?? []).map((device) => ({ ...device, mac: device.mac.toLowerCase() }) as DeclaredDevice),
    detections: file.detections ?? {},
    eve: file.eve ? { file: resolve(base, file.eve.file), maxBytes: (file.eve.max_mib ?? 256) * 1_048_576 } : undefined,
    keepFlowsSeconds: durationSeconds(file.store?.keep_flows ?? "7d"),
    keepIncidentsSeconds: durationSeconds(file.store?.keep_incidents ?? "365d"),
    maxFlows: file.sensor?.max_flows ?? 65_536,
    deduplicate: (file.sensor?.deduplicate ?? "auto") as Config["deduplicate"],
    logLevel: file.log?.level ?? "info",
    demo: false,
  };
}

/** Keys of sources that name a file or a folder. */
const SOURCE_PATHS = ["path", "identity", "known_hosts", "state"];

function absolutePaths(source: Plain, base: string): Plain {
  const paths = SOURCE_PATHS.map((key) => [key, source[key]] as const)
    .filter(([, value]) => typeof value === "string" && value !== "" && value !== "-")
    .map(([key, value]) => [key, resolve(base, value as string)] as const);
  return { ...source, ...Object.fromEntries(paths) };
}

function settleMqtt(mqtt: ConfigFile["mqtt"], path: string): Config["mqtt"] {
  if (!mqtt?.url) return undefined;
  const embedded =
    mqtt.url === "embedded" ? hostAndPort(mqtt.listen ?? "127.0.0.1:1883", "mqtt.listen", path) : undefined;
  return {
    url: embedded ? `mqtt://${embedded.host}:${embedded.port}` : mqtt.url,
    embedded,
    ...(mqtt.username === undefined ? {} : { username: mqtt.username }),
    ...(mqtt.password === undefined ? {} : { password: mqtt.password }),
    discoveryPrefix: mqtt.discovery_prefix ?? "homeassistant",
    maxDevices: mqtt.max_devices ?? 64,
    linkByMac: mqtt.link_by_mac,
  };
}
