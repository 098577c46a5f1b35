import type { ApplicationRow, FlowRow, HistoryPoint } from "@lanwarden/contract/api";
import { type Device, riskLevel } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationRow } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES, type DeviceType } from "@lanwarden/contract/kinds";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState } from "@lanwarden/contract/status";

/** What a home can look like: much going on, nothing to do, nobody there, nothing visible. */
export type Scenario = "busy" | "quiet" | "empty" | "tap-down";

export const isoAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

const NAMES = [
  "Garden camera",
  "Donaudampfschifffahrtsgesellschaftskapitänskajütenbeleuchtungssteuerung",
  "📶 Pretty Fly for a Wi-Fi 🦋🛸🎉🐙🍕🔥💾🧦🪐🚀",
  "Heizungspumpensteuerungsrelais Keller hinten links",
  "DiskStation",
  '<b>not bold</b> & "quoted"',
];
const VENDORS = ["Reolink", "Espressif", "Synology", "Apple", "Signify", "Sonos", null] as const;

export function makeDevice(n: number, score = 0): Device {
  const type: DeviceType = n === 0 ? "camera" : (DEVICE_TYPES[n % DEVICE_TYPES.length] ?? "unknown");
  const mac = `02:00:5e:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
  return {
    id: mac,
    name: NAMES[n] ?? `Device ${n}`,
    name_source: n < NAMES.length ? "user" : "hostname",
    mac,
    mac_randomized: n % 9 === 0,
    ips: [`192.168.${1 + (n >> 8)}.${(n & 255) + 1}`, `fe80::5e:${n.toString(16)}`],
    hostname: `host-${n}`,
    vendor: VENDORS[n % VENDORS.length] ?? null,
    model: n % 3 === 0 ? "RLC-810A" : null,
    type,
    type_confidence: n % 4 === 0 ? 0.55 : 0.98,
    os: n % 5 === 0 ? "Linux" : null,
    firmware: {
      version: n === 0 ? "3.1.0.956" : null,
      source: n === 0 ? "HTTP Server header" : null,
      outdated: n === 0,
      end_of_life: false,
      cves: n === 0 ? ["CVE-2021-40407"] : [],
    },
    first_seen: isoAgo(86_400 * 20 + n * 3600),
    last_seen: isoAgo(n * 47),
    risk: {
      score,
      level: riskLevel(score),
      factors:
        score === 0
          ? []
          : [
              {
                id: "incident.inc0001",
                points: score * 0.4,
                why: "It mines Monero for a stranger.",
                fix: "Change its password, then update it.",
              },
              {
                id: "posture.exposed_service",
                points: score * 0.2,
                why: "Port 554 (rtsp) was reached from the internet.",
                fix: "Close the port in your router.",
              },
            ],
    },
    services:
      n === 0
        ? [
            { port: 554, proto: "TCP", app_proto: "rtsp", to: "internet" },
            { port: 80, proto: "TCP", app_proto: "http", to: "home" },
          ]
        : [],
    isolated: { state: "no", backend: null, level: null, since: null, until: null },
    policy: null,
    ...(n === 4 ? { pinned: true } : {}),
  };
}

export function makeIncident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    kind: "mining",
    detection: "mining.session",
    title: "Garden camera is mining Monero for 3 h 12 min (pool at 203.0.113.9, 214 shares)",
    severity: "critical",
    confidence: 0.97,
    direction: "outbound",
    attacker: { ip: "192.168.1.1", mac: "02:00:5e:00:00:00", name: "Garden camera" },
    victim: { ip: "203.0.113.9", country: "NL" },
    device: "02:00:5e:00:00:00",
    first_seen: isoAgo(3 * 3600 + 720),
    last_seen: isoAgo(90),
    count: 42,
    status: "open",
    why: [
      "214 shares were handed in, 211 accepted, in 3 h 12 min (threshold 2).",
      "It speaks Stratum with pool.example.net, port 3333, in clear.",
    ],
    advice: ["If you did not start a miner on this device, somebody else uses its power: reset and update it."],
    attack: [{ tactic: "TA0040", technique: "T1496" }],
    evidence: {
      flow_ids: [1, 2],
      fields: { coin: "monero", pool: "pool.example.net:3333", shares: 214, accepted: true },
    },
    response: { wanted: "isolate", state: "dry_run" },
    ...more,
  };
}

const BUSY_INCIDENTS = (): Incident[] => [
  makeIncident("inc0001"),
  makeIncident("inc0002", {
    kind: "default_credentials",
    title: "Heizungspumpensteuerungsrelais Keller hinten links lets in whoever knows its factory password (web page)",
    severity: "high",
    direction: "lateral",
    device: "02:00:5e:00:00:03",
    first_seen: isoAgo(7200),
    last_seen: isoAgo(7100),
    count: 1,
    why: ['A log-in with a factory user name and password (user "admin") was accepted.'],
    response: { wanted: "none", state: "none" },
  }),
  makeIncident("inc0003", {
    kind: "exposed_service",
    title: "DiskStation can be reached from the internet: SSH, port 22",
    severity: "medium",
    direction: "inbound",
    device: "02:00:5e:00:00:04",
    first_seen: isoAgo(30_000),
    last_seen: isoAgo(29_000),
    count: 3,
    response: { wanted: "none", state: "none" },
  }),
  makeIncident("inc0004", {
    kind: "port_scan",
    title: "198.51.100.7 on the internet tries the doors of DiskStation",
    severity: "low",
    status: "acknowledged",
    first_seen: isoAgo(90_000),
    last_seen: isoAgo(89_000),
  }),
  makeIncident("inc0005", {
    kind: "new_device",
    title: "📶 Pretty Fly for a Wi-Fi 🦋🛸🎉🐙🍕🔥💾🧦🪐🚀 is new in your home",
    severity: "info",
    status: "resolved",
    first_seen: isoAgo(200_000),
    last_seen: isoAgo(200_000),
  }),
];

export interface SampleHome {
  status: HubState;
  devices: Device[];
  incidents: Incident[];
  applications: ApplicationRow[];
  flows: FlowRow[];
  history: HistoryPoint[];
  backends: BackendInfo[];
  isolations: IsolationRow[];
  /** undefined = switched off. */
  matter: MatterState | undefined;
}

export function sampleHome(scenario: Scenario): SampleHome {
  const scores = scenario === "busy" ? [91, 0, 12, 61, 38] : [];
  const size = scenario === "empty" || scenario === "tap-down" ? 0 : scenario === "quiet" ? 23 : 150;
  const devices = Array.from({ length: size }, (_, n) => makeDevice(n, scores[n] ?? 0));
  const incidents = scenario === "busy" ? BUSY_INCIDENTS() : [];
  return {
    devices,
    incidents,
    status: sampleStatus(scenario, devices),
    applications: size === 0 ? [] : APPLICATIONS,
    flows: size === 0 ? [] : Array.from({ length: 40 }, (_, n) => sampleFlow(n)),
    history: size === 0 ? [] : sampleHistory(scenario === "busy" ? 60 : 4),
    backends: scenario === "busy" ? BACKENDS() : [],
    isolations: scenario === "busy" ? ISOLATIONS() : [],
    matter: scenario === "busy" ? MATTER() : undefined,
  };
}

function sampleStatus(scenario: Scenario, devices: readonly Device[]): HubState {
  const isBusy = scenario === "busy";
  const score = isBusy ? 72.4 : 0;
  return {
    agent: "sample",
    version: "0.1.0",
    sentence: {
      busy: "Garden camera is mining Monero for 3 h 12 min (pool at 203.0.113.9, 214 shares). 2 more need you.",
      quiet: "All quiet. 23 devices, nothing to do.",
      empty: "No device seen yet.",
      "tap-down": "The tap is down: nothing of the home can be seen.",
    }[scenario],
    risk: { score, level: riskLevel(score), factors: [] },
    threat: isBusy ? "ON" : "OFF",
    threat_level: isBusy ? "critical" : "none",
    open_incidents: isBusy ? 3 : 0,
    devices_seen: devices.length,
    isolated_devices: 0,
    max_risk: isBusy ? 91 : 0,
    riskiest_device: "Hall camera",
    mining: isBusy ? "ON" : "OFF",
    mining_devices: isBusy ? 1 : 0,
    mining_pools: isBusy ? ["pool.example.net:3333"] : [],
    mode: isBusy ? "ask" : "monitor",
    tap: scenario === "tap-down" ? "OFF" : "ON",
    packets_per_second: devices.length === 0 ? 0 : 812,
    bits_per_second: devices.length === 0 ? 0 : 4_200_000,
    drop_ratio: 0,
    flows: devices.length,
    last_packet: scenario === "tap-down" ? isoAgo(1900) : isoAgo(0),
    started: isoAgo(86_400),
    cpu_percent: 4.2,
    rss_bytes: 150_000_000,
    demo: false,
  };
}

const BACKENDS = (): BackendInfo[] => [
  { type: "nftables", name: "nftables inet", level: "wan", ready: true, detail: null, isolated: [] },
  {
    type: "home_assistant",
    name: "Home Assistant: switch.fritzbox_internet_access",
    level: "wan-ipv4",
    ready: false,
    detail: "Home Assistant does not know the entity switch.fritzbox_internet_access.",
    isolated: [],
  },
];

const ISOLATIONS = (): IsolationRow[] => [
  {
    id: "iso0001",
    device: "02:00:5e:00:00:04",
    name: "DiskStation",
    state: "no",
    backend: "nftables inet",
    level: "wan",
    requested: isoAgo(90_000),
    until: isoAgo(75_600),
    released: isoAgo(86_000),
    by: "home-assistant",
    reason: "DiskStation speaks with a control server of malware",
    incident: null,
    detail: null,
  },
  {
    id: "iso0002",
    device: "02:00:5e:00:00:03",
    name: "Heizungspumpensteuerungsrelais Keller hinten links",
    state: "no",
    backend: "",
    level: null,
    requested: isoAgo(260_000),
    until: null,
    released: isoAgo(259_000),
    by: "mqtt",
    reason: "",
    incident: null,
    detail: "nft could not be started: permission denied.",
  },
];

const MATTER = (): MatterState => ({
  enabled: true,
  state: "up",
  detail: null,
  qr: "MT:Y.K9042C00KA0648G00",
  manual: "34970112332",
  port: 5540,
  fabrics: [{ index: 1, label: "Home of Ada", vendor: 4937 }],
  endpoints: [
    { number: 3, label: "Network threat", kind: "contact_sensor" },
    { number: 4, label: "Mining alert", kind: "contact_sensor" },
    { number: 5, label: "Threat activity", kind: "occupancy_sensor" },
    { number: 6, label: "Protection", kind: "on_off_plug" },
  ],
});

const APPLICATIONS: ApplicationRow[] = [
  { app: "YouTube", category: "Media", bytes: 3_400_000_000, flows: 120, devices: 4 },
  { app: "TLS", category: "Web", bytes: 810_000_000, flows: 1900, devices: 61 },
  { app: "RTSP", category: "Media", bytes: 402_000_000, flows: 7, devices: 2 },
  { app: "DNS", category: "Network", bytes: 1_355_832, flows: 9300, devices: 140 },
];

function sampleFlow(n: number): FlowRow {
  return {
    id: n,
    start: isoAgo(n * 20 + 10),
    end: isoAgo(n * 20),
    proto: n % 3 === 0 ? "UDP" : "TCP",
    client_ip: `192.168.1.${n + 1}`,
    client_port: 40_000 + n,
    server_ip: "203.0.113.20",
    server_port: 443,
    client_device: makeDevice(n).id,
    server_device: null,
    bytes_to_server: 1200 * n,
    bytes_to_client: 93_000 * n,
    app_proto: "tls",
    app: n % 2 === 0 ? "TLS" : null,
    category: "Web",
    hostname: n % 4 === 0 ? "a-very-long-host-name.with-many-parts.content-delivery.example.net" : null,
    country: n % 5 === 0 ? "DE" : null,
  };
}

const sampleHistory = (peak: number): HistoryPoint[] =>
  Array.from({ length: 160 }, (_, n) => ({
    at: isoAgo((160 - n) * 3600),
    score: Math.round(peak * (0.6 + 0.4 * Math.sin(n / 20))),
    open_incidents: 0,
  }));
