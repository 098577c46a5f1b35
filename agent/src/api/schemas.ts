import type {
  ApplicationRow,
  FlowRow,
  HistoryPoint,
  MiningRow,
  NormalRule,
  SessionInfo,
} from "@lanwarden/contract/api";
import { SCOPES } from "@lanwarden/contract/api";
import type { Device, Risk, ServedPort } from "@lanwarden/contract/device";
import { TAP_FINDINGS } from "@lanwarden/contract/doctor";
import type { Incident, Party } from "@lanwarden/contract/incident";
import { type BackendInfo, ISOLATION_LEVELS, type IsolationRow, REFUSALS } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES, GUARD_MODES, INCIDENT_KINDS, SEVERITIES } from "@lanwarden/contract/kinds";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState } from "@lanwarden/contract/status";
import Type, { type Static, type TSchema } from "typebox";

/**
 * Forms of the answers. The serializer writes what stands here and nothing else, so a field that a part of the agent keeps for itself cannot
 * leak; the checks at the end hold each form against the contract's type.
 */
const text = Type.String();
const whole = Type.Integer();
const number = Type.Number();
const yesNo = Type.Boolean();
const textOrNull = Type.Unsafe<string | null>({ type: ["string", "null"] });
const time = Type.String({ description: "RFC 3339 with microseconds" });
const timeOrNull = Type.Unsafe<string | null>({ type: ["string", "null"], description: "RFC 3339 with microseconds" });
const list = <Item extends TSchema>(item: Item) => Type.Array(item);
const words = <const Words extends readonly string[]>(allowed: Words) =>
  Type.Unsafe<Words[number]>({ type: "string", enum: [...allowed] });
const onOff = words(["ON", "OFF"]);
const count = Type.Integer({ minimum: 0 });

const risk = Type.Object({
  score: Type.Number({ minimum: 0, maximum: 100 }),
  level: words(["low", "guarded", "high", "critical"]),
  factors: list(Type.Object({ id: text, points: number, why: text, fix: text })),
});

const servedPort = Type.Object({
  port: whole,
  proto: words(["TCP", "UDP"]),
  app_proto: Type.Optional(text),
  to: words(["home", "internet"]),
});

const isolationState = Type.Object({
  state: words(["no", "pending", "yes", "failed"]),
  backend: textOrNull,
  level: Type.Union([words(ISOLATION_LEVELS), Type.Null()]),
  since: timeOrNull,
  until: timeOrNull,
  silent_since: Type.Optional(timeOrNull),
  proof: Type.Optional(words(["none", "router", "tap"])),
  by: Type.Optional(textOrNull),
  detail: Type.Optional(textOrNull),
});

export const deviceSchema = Type.Object(
  {
    id: text,
    name: text,
    name_source: text,
    mac: textOrNull,
    mac_randomized: yesNo,
    ips: list(text),
    hostname: textOrNull,
    vendor: textOrNull,
    model: textOrNull,
    type: words(DEVICE_TYPES),
    type_confidence: number,
    os: textOrNull,
    firmware: Type.Object({
      version: textOrNull,
      source: textOrNull,
      outdated: yesNo,
      end_of_life: yesNo,
      cves: list(text),
    }),
    first_seen: time,
    last_seen: time,
    risk,
    services: list(servedPort),
    isolated: isolationState,
    policy: textOrNull,
    area: Type.Optional(textOrNull),
    pinned: Type.Optional(yesNo),
  },
  { $id: "Device" },
);

const party = Type.Object({
  ip: Type.Optional(text),
  mac: Type.Optional(text),
  name: Type.Optional(text),
  subnet: Type.Optional(text),
  country: Type.Optional(text),
});
const partyOrNull = Type.Union([party, Type.Null()]);

export const incidentSchema = Type.Object(
  {
    id: text,
    kind: words(INCIDENT_KINDS),
    detection: text,
    title: text,
    severity: words(SEVERITIES),
    confidence: number,
    direction: words(["inbound", "outbound", "lateral"]),
    role: Type.Optional(words(["source", "victim", "reflector"])),
    attacker: partyOrNull,
    victim: partyOrNull,
    device: textOrNull,
    first_seen: time,
    last_seen: time,
    count,
    status: words(["open", "acknowledged", "resolved"]),
    why: list(text),
    advice: list(text),
    attack: list(Type.Object({ tactic: text, technique: text })),
    evidence: Type.Object({
      flow_ids: list(whole),
      fields: Type.Unsafe<Record<string, string | number | boolean>>({
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean"] },
      }),
      pcap: Type.Optional(text),
    }),
    response: Type.Object({
      wanted: words(["none", "isolate"]),
      state: words(["none", "dry_run", "pending", "isolated", "failed", "released"]),
      detail: Type.Optional(textOrNull),
      silent_since: Type.Optional(timeOrNull),
    }),
    test: Type.Optional(yesNo),
  },
  { $id: "Incident" },
);

export const hubStateSchema = Type.Object(
  {
    agent: text,
    version: text,
    sentence: text,
    risk,
    threat: onOff,
    threat_level: words(["none", "low", "medium", "high", "critical"]),
    open_incidents: count,
    incidents: Type.Optional(
      list(
        Type.Object({
          id: text,
          kind: words(INCIDENT_KINDS),
          title: text,
          severity: words(SEVERITIES),
          device: textOrNull,
          part: Type.Optional(words(["offender", "victim", "unclear"])),
          first_seen: time,
        }),
      ),
    ),
    home_risks: Type.Optional(Type.Object({ exposure: count, credentials: count, firmware: count })),
    devices_seen: count,
    isolated_devices: count,
    max_risk: number,
    riskiest_device: textOrNull,
    mining: onOff,
    mining_devices: count,
    mining_pools: list(text),
    mode: words(GUARD_MODES),
    tap: onOff,
    tap_reason: Type.Optional(text),
    tap_problems: Type.Optional(list(Type.Object({ id: words(TAP_FINDINGS), title: text }))),
    blind_to: Type.Optional(list(words(INCIDENT_KINDS))),
    packets_per_second: number,
    bits_per_second: number,
    drop_ratio: number,
    overload: Type.Optional(text),
    duplicates: Type.Optional(count),
    flows: count,
    last_packet: timeOrNull,
    started: time,
    cpu_percent: number,
    rss_bytes: count,
    demo: yesNo,
  },
  { $id: "HubState" },
);

export const flowSchema = Type.Object(
  {
    id: whole,
    start: time,
    end: time,
    proto: text,
    client_ip: text,
    client_port: whole,
    server_ip: text,
    server_port: whole,
    client_device: textOrNull,
    server_device: textOrNull,
    bytes_to_server: whole,
    bytes_to_client: whole,
    app_proto: textOrNull,
    app: textOrNull,
    category: textOrNull,
    hostname: textOrNull,
    country: textOrNull,
  },
  { $id: "Flow" },
);

export const applicationSchema = Type.Object(
  { app: text, category: text, bytes: whole, flows: count, devices: count },
  { $id: "Application" },
);

export const miningSchema = Type.Object(
  {
    device: text,
    name: text,
    incident: text,
    coin: textOrNull,
    pool: textOrNull,
    since: time,
    last_seen: time,
    active: yesNo,
    evidence: list(text),
  },
  { $id: "Mining" },
);

export const normalRuleSchema = Type.Object(
  { id: text, device: textOrNull, kind: words(INCIDENT_KINDS), peer: textOrNull, created: time },
  { $id: "NormalRule" },
);

export const historyPointSchema = Type.Object(
  { at: time, score: number, open_incidents: count },
  { $id: "HistoryPoint" },
);

export const sessionSchema = Type.Object({ scope: words(SCOPES), csrf: text }, { $id: "Session" });

export const tokenSchema = Type.Object(
  {
    id: text,
    name: text,
    scope: words(SCOPES),
    created_us: number,
    last_used_us: Type.Unsafe<number | null>({ type: ["number", "null"] }),
  },
  { $id: "Token" },
);

export const matterSchema = Type.Object(
  {
    enabled: yesNo,
    state: words(["off", "starting", "up", "failed"]),
    detail: textOrNull,
    qr: textOrNull,
    manual: textOrNull,
    port: whole,
    fabrics: list(Type.Object({ index: whole, label: text, vendor: whole })),
    endpoints: list(Type.Object({ number: whole, label: text, kind: text })),
  },
  { $id: "Matter" },
);

export const backendSchema = Type.Object(
  {
    type: text,
    name: text,
    level: words(ISOLATION_LEVELS),
    ready: yesNo,
    detail: textOrNull,
    isolated: list(text),
  },
  { $id: "Backend" },
);

export const isolationSchema = Type.Object(
  {
    id: text,
    device: text,
    name: text,
    state: words(["no", "pending", "yes", "failed"]),
    backend: text,
    level: Type.Union([words(ISOLATION_LEVELS), Type.Null()]),
    requested: time,
    until: timeOrNull,
    released: timeOrNull,
    by: text,
    reason: text,
    incident: textOrNull,
    detail: textOrNull,
  },
  { $id: "Isolation" },
);

/** RFC 9457 problem details. */
export const problemSchema = Type.Object(
  {
    type: text,
    title: text,
    status: whole,
    detail: text,
    code: Type.Optional(Type.Enum([...REFUSALS], { description: "of a refused isolation: why" })),
  },
  { $id: "Problem", description: "RFC 9457 problem details" },
);

/** All that are named in the OpenAPI document. */
export const sharedSchemas: readonly TSchema[] = [
  deviceSchema,
  incidentSchema,
  hubStateSchema,
  flowSchema,
  applicationSchema,
  miningSchema,
  normalRuleSchema,
  historyPointSchema,
  sessionSchema,
  tokenSchema,
  matterSchema,
  backendSchema,
  isolationSchema,
  problemSchema,
];

/** A shared schema by its name. */
export const ref = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema>>({ $ref: `${(schema as { $id?: string }).$id ?? ""}#` });

/** One page of a list. */
export const page = <Schema extends TSchema>(item: Schema) =>
  Type.Object({ items: Type.Array(ref(item)), next: textOrNull });

// A form that lost or gained a field against the contract does not compile.
type Same<Schema extends TSchema, Contract> = [Static<Schema>] extends [Contract]
  ? [Contract] extends [Static<Schema>]
    ? [keyof Contract] extends [keyof Static<Schema>]
      ? true
      : "the schema lacks a field"
    : "the contract does not fit the schema"
  : "the schema does not fit the contract";
const sameAsContract = <_Check extends true>(): void => undefined;
sameAsContract<Same<typeof deviceSchema, Device>>();
sameAsContract<Same<typeof incidentSchema, Incident>>();
sameAsContract<Same<typeof party, Party>>();
sameAsContract<Same<typeof risk, Risk>>();
sameAsContract<Same<typeof servedPort, ServedPort>>();
sameAsContract<Same<typeof hubStateSchema, HubState>>();
sameAsContract<Same<typeof flowSchema, FlowRow>>();
sameAsContract<Same<typeof applicationSchema, ApplicationRow>>();
sameAsContract<Same<typeof miningSchema, MiningRow>>();
sameAsContract<Same<typeof normalRuleSchema, NormalRule>>();
sameAsContract<Same<typeof historyPointSchema, HistoryPoint>>();
sameAsContract<Same<typeof sessionSchema, SessionInfo>>();
sameAsContract<Same<typeof matterSchema, MatterState>>();
sameAsContract<Same<typeof backendSchema, BackendInfo>>();
sameAsContract<Same<typeof isolationSchema, IsolationRow>>();
