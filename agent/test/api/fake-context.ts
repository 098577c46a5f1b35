import type { NormalRule, Page, Scope } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationAnswer } from "@lanwarden/contract/isolation";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState } from "@lanwarden/contract/status";
import type { ApiContext, StreamMessage } from "../../src/api/context.ts";

const TIME = "2026-11-22T17:00:00.000123+00:00";

export const sampleDevice = (id = "ec:71:db:00:53:01"): Device => ({
  id,
  name: "Hall camera",
  name_source: "user",
  mac: id,
  mac_randomized: false,
  ips: ["192.168.1.20", "fd00::20"],
  hostname: null,
  vendor: "Reolink",
  model: null,
  type: "camera",
  type_confidence: 0.9,
  os: null,
  firmware: { version: "3.1", source: "http", outdated: true, end_of_life: false, cves: ["CVE-2021-40407"] },
  first_seen: TIME,
  last_seen: TIME,
  risk: { score: 41.5, level: "guarded", factors: [{ id: "firmware", points: 41.5, why: "old", fix: "update" }] },
  services: [{ port: 554, proto: "TCP", app_proto: "rtsp", to: "home" }],
  isolated: { state: "no", backend: null, level: null, since: null, until: null },
  policy: null,
  pinned: true,
});

export const sampleIncident = (id = "i-1"): Incident => ({
  id,
  kind: "mining",
  detection: "mining.session",
  title: "Hall camera mines Monero",
  severity: "high",
  confidence: 0.95,
  direction: "outbound",
  attacker: { ip: "192.168.1.20", mac: "ec:71:db:00:53:01", name: "Hall camera" },
  victim: { ip: "203.0.113.9", country: "DE" },
  device: "ec:71:db:00:53:01",
  first_seen: TIME,
  last_seen: TIME,
  count: 3,
  status: "open",
  why: ["12 shares were sent."],
  advice: ["Unplug it."],
  attack: [{ tactic: "impact", technique: "T1496" }],
  evidence: { flow_ids: [7], fields: { pool: "pool.example", shares: 12, tls: false } },
  response: { wanted: "none", state: "none" },
});

export const sampleHub = (): HubState => ({
  agent: "home",
  version: "1.2.3",
  sentence: "All quiet.",
  risk: { score: 12, level: "low", factors: [] },
  threat: "OFF",
  threat_level: "none",
  open_incidents: 0,
  devices_seen: 1,
  isolated_devices: 0,
  max_risk: 42,
  riskiest_device: "Hall camera",
  mining: "OFF",
  mining_devices: 0,
  mining_pools: [],
  mode: "monitor",
  tap: "OFF",
  tap_reason: "no packet for 60 s",
  tap_problems: [{ id: "one_direction", title: "The tap shows one direction only" }],
  packets_per_second: 12,
  bits_per_second: 4000,
  drop_ratio: 0.0012,
  flows: 3,
  last_packet: null,
  started: TIME,
  cpu_percent: 4.2,
  rss_bytes: 150_000_000,
  demo: false,
});

export const sampleMatter = (): MatterState => ({
  enabled: true,
  state: "up",
  detail: null,
  qr: "MT:Y.K90AFN00KA0648G00",
  manual: "34970112332",
  port: 5540,
  fabrics: [{ index: 1, label: "Kitchen hub", vendor: 4937 }],
  endpoints: [{ number: 2, label: "Network threat", kind: "contact" }],
});

export const TOKENS: Readonly<Record<Scope, string>> = { read: "lw_read", act: "lw_act", admin: "lw_admin" };

/** An agent of one device and one incident. What was asked of it stands in `calls`; `stream` is what it keeps for replay. */
export function fakeContext() {
  const revoked = new Set<string>();
  const listeners = new Set<(message: StreamMessage) => void>();
  const calls: unknown[][] = [];
  const stream: StreamMessage[] = [];
  const rule: NormalRule = {
    id: "r-1",
    device: "ec:71:db:00:53:01",
    kind: "mining",
    peer: "203.0.113.9",
    created: TIME,
  };
  const note = <Answer>(answer: Answer, ...call: unknown[]): Answer => {
    calls.push(call);
    return answer;
  };
  const pageOf = <Item>(items: Item[]): Page<Item> => ({ items, next: null });
  const known = { device: sampleDevice(), incident: sampleIncident() };
  const state = {
    pageSize: 200,
    goneUpTo: 0,
    notReady: [] as string[],
    matter: undefined as MatterState | undefined,
    refusal: undefined as IsolationAnswer | undefined,
  };
  const context: ApiContext = {
    status: sampleHub,
    devices: () => [known.device],
    device: (id) => (id === known.device.id ? known.device : undefined),
    patchDevice: (id, patch) => note(id === known.device.id ? known.device : undefined, "patch", id, patch),
    incidents: (filter) => note(pageOf([known.incident]), "incidents", filter),
    incident: (id) => (id === known.incident.id ? known.incident : undefined),
    acknowledge: (id) => note(id === known.incident.id ? known.incident : undefined, "acknowledge", id),
    markNormal: (id, by) => note(id === known.incident.id ? rule : undefined, "normal", id, by),
    undoNormal: (id) => note(id === rule.id, "undo", id),
    normalRules: () => [rule],
    drill: (kind, device) => note(device === known.device.id ? known.incident : undefined, "drill", kind, device),
    isolate: async (id, request) => {
      if (id !== known.device.id) return undefined;
      return note(state.refusal ?? { accepted: true as const }, "isolate", id, request);
    },
    release: async (id, by) =>
      id === known.device.id ? note({ accepted: true as const }, "release", id, by) : undefined,
    releaseAll: async (by) => note(undefined, "release all", by),
    isolations: () => [],
    backends: async () => [
      { type: "nftables", name: "nftables inet", level: "wan" as const, ready: true, detail: null, isolated: [] },
    ],
    setMode: (mode) => note({ ...sampleHub(), mode }, "mode", mode),
    flows: (filter) => note({ items: [], next: "17" }, "flows", filter),
    applications: () => [],
    mining: () => [],
    history: (hours) => note([{ at: TIME, score: 3, open_incidents: 1 }], "history", hours),
    config: () => ({ agent: "home" }),
    matter: () => state.matter,
    openMatterWindow: () => note(state.matter?.state === "up", "openMatterWindow"),
    metrics: async () => "# HELP lanwarden_devices Devices known.\nlanwarden_devices 1\n",
    notReady: () => state.notReady,
    streamAfter: (id) =>
      id < state.goneUpTo || id > (stream.at(-1)?.id ?? 0)
        ? null
        : stream.filter((message) => message.id > id).slice(0, state.pageSize),
    lastStreamId: () => stream.at(-1)?.id ?? 0,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tokens: {
      check: (token) => {
        const scope = (Object.keys(TOKENS) as Scope[]).find((name) => TOKENS[name] === token);
        return scope && !revoked.has(scope) ? { id: scope, scope } : undefined;
      },
      scopeOf: (id) => (revoked.has(id) ? undefined : (id as Scope)),
      create: (name, scope) => note({ id: "t-9", token: "lw_new" }, "create", name, scope),
      list: () => [{ id: "t-1", name: "ha", scope: "read", created_us: 1, last_used_us: null }],
      revoke: (id) => {
        revoked.add(id);
        return note(id in TOKENS, "revoke", id);
      },
    },
  };
  /** An event happens: kept ones get the next number. */
  const happen = (event: StreamMessage["event"], data: unknown, kept = true): void => {
    const message = { id: kept ? context.lastStreamId() + 1 : 0, event, body: JSON.stringify(data) };
    if (kept) stream.push(message);
    for (const listener of listeners) listener(message);
  };
  return { context, calls, stream, listeners, state, known, happen };
}
