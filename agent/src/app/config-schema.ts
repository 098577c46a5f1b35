import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES, GUARD_MODES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { policySchema } from "../respond/policy-schema.ts";
import { homeAssistantSchema } from "./home-assistant-config.ts";

const closed = { additionalProperties: false } as const;
const duration = (what: string) =>
  Type.String({ pattern: "^[0-9]+(s|m|h|d)$", description: `${what}: a number and s, m, h or d, as in 30s or 4h` });
const words = (list: readonly string[], what: string) =>
  Type.Enum([...list], { description: `${what}: ${list.join(" | ")}` });

/** `lanwarden.yaml`: keys, types and what they mean. Unknown keys are errors. Sources are checked further by their own kind. */
export const configSchema = Type.Object(
  {
    agent: Type.Optional(
      Type.String({
        pattern: "^[a-zA-Z0-9_-]{1,32}$",
        description: "the name in MQTT topics and entities: letters, digits, - and _",
      }),
    ),
    data: Type.Optional(Type.String({ minLength: 1, description: "folder of the database, tokens and journal" })),
    home: Type.Optional(
      Type.Object(
        {
          networks: Type.Optional(
            Type.Array(Type.String(), { minItems: 1, description: "the home's networks, as in 192.168.1.0/24" }),
          ),
          gateway: Type.Optional(Type.String({ description: "auto, or the router's address" })),
          name: Type.Optional(Type.String({ maxLength: 64, description: "what the home is called on pages" })),
        },
        closed,
      ),
    ),
    sources: Type.Array(
      Type.Object({ type: Type.String({ description: "kind of source" }) }, { additionalProperties: true }),
      {
        minItems: 1,
        description: "where packets come from: at least one",
      },
    ),
    http: Type.Optional(
      Type.Object(
        {
          listen: Type.Optional(
            Type.String({ pattern: "^(.+):[0-9]{1,5}$", description: "address:port, as in 127.0.0.1:8470" }),
          ),
          hosts: Type.Optional(
            Type.Array(Type.String(), {
              description: "host names by which the page may be opened, beside addresses and localhost",
            }),
          ),
        },
        closed,
      ),
    ),
    mqtt: Type.Optional(
      Type.Object(
        {
          url: Type.Optional(
            Type.String({
              pattern: "^(embedded|(mqtts?|wss?)://.+)$",
              description: "embedded, or mqtt://host:1883 (mqtts, ws, wss)",
            }),
          ),
          listen: Type.Optional(
            Type.String({ pattern: "^(.+):[0-9]{1,5}$", description: "address:port of the embedded broker" }),
          ),
          username: Type.Optional(Type.String()),
          password: Type.Optional(Type.String()),
          discovery_prefix: Type.Optional(
            Type.String({ pattern: "^[^+#]+$", description: "Home Assistant's discovery prefix" }),
          ),
          link_by_mac: Type.Optional(
            Type.Boolean({ description: "true or false: link devices by MAC (Home Assistant 2026.8 or newer)" }),
          ),
          max_devices: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 512, description: "most devices announced to Home Assistant" }),
          ),
        },
        closed,
      ),
    ),
    home_assistant: Type.Optional(homeAssistantSchema),
    matter: Type.Optional(
      Type.Object(
        { enabled: Type.Optional(Type.Boolean()), port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })) },
        closed,
      ),
    ),
    response: Type.Optional(
      Type.Object(
        {
          mode: Type.Optional(words(GUARD_MODES, "what may be done")),
          never: Type.Optional(
            Type.Array(Type.String(), { description: "devices that are never isolated: MAC, address or name" }),
          ),
          max_isolated: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 100, description: "most devices isolated at once, 0 to 100" }),
          ),
          release_after: Type.Optional(duration("how long an isolation lasts")),
          backends: Type.Optional(
            Type.Array(
              Type.Object({ type: Type.String({ description: "kind of back-end" }) }, { additionalProperties: true }),
              { maxItems: 8, description: "what shuts devices off: all that are named, together" },
            ),
          ),
          policy: Type.Optional(policySchema),
        },
        closed,
      ),
    ),
    devices: Type.Optional(
      Type.Array(
        Type.Object(
          {
            mac: Type.String({
              pattern: "^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$",
              description: "a MAC, as in ec:71:db:00:53:01",
            }),
            name: Type.Optional(Type.String({ maxLength: 64 })),
            type: Type.Optional(words(DEVICE_TYPES, "type of device")),
            pinned: Type.Optional(Type.Boolean()),
            policy: Type.Optional(words(DEVICE_PROFILES, "what you think of it")),
          },
          closed,
        ),
      ),
    ),
    rules: Type.Optional(
      Type.Object(
        {
          files: Type.Optional(Type.Array(Type.String())),
          variables: Type.Optional(Type.Record(Type.String(), Type.String())),
        },
        closed,
      ),
    ),
    detections: Type.Optional(
      Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()), {
        description: "thresholds by detection id: see docs/detections",
      }),
    ),
    eve: Type.Optional(
      Type.Object(
        { file: Type.String({ description: "JSON lines file" }), max_mib: Type.Optional(Type.Integer({ minimum: 1 })) },
        closed,
      ),
    ),
    store: Type.Optional(
      Type.Object(
        {
          keep_flows: Type.Optional(duration("flows are kept")),
          keep_incidents: Type.Optional(duration("resolved incidents are kept")),
        },
        closed,
      ),
    ),
    sensor: Type.Optional(
      Type.Object(
        {
          max_flows: Type.Optional(Type.Integer({ minimum: 1024, maximum: 4_194_304 })),
          deduplicate: Type.Optional(words(["auto", "on", "off"], "whether packets that come twice are left out")),
        },
        closed,
      ),
    ),
    log: Type.Optional(
      Type.Object({ level: Type.Optional(words(["debug", "info", "warn", "error"], "how much is logged")) }, closed),
    ),
  },
  closed,
);

export type ConfigFile = Type.Static<typeof configSchema>;
