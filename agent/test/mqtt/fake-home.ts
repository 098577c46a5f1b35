import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { GuardMode, IncidentKind } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import type { HomeCommands, HomeView, SinkContext } from "../../src/sinks/define.ts";

const AT = "2026-11-22T10:00:00.000000+00:00";

export function makeDevice(number: number, change: Partial<Device> = {}): Device {
  const mac = `00:00:5e:00:53:${number.toString(16).padStart(2, "0")}`;
  return {
    id: mac,
    name: `Device ${number}`,
    name_source: "hostname",
    mac,
    mac_randomized: false,
    ips: [`192.168.1.${number}`],
    hostname: `device-${number}`,
    vendor: "Example",
    model: null,
    type: "unknown",
    type_confidence: 0.5,
    os: null,
    firmware: { version: null, source: null, outdated: false, end_of_life: false, cves: [] },
    first_seen: AT,
    last_seen: AT,
    risk: { score: 10, level: "low", factors: [] },
    services: [],
    isolated: { state: "no", backend: null, level: null, since: null, until: null },
    policy: null,
    ...change,
  };
}

export function makeIncident(id: string, change: Partial<Incident> = {}): Incident {
  return {
    id,
    kind: "port_scan",
    detection: "scan.ports",
    title: "Device 1 scans ports",
    severity: "high",
    confidence: 0.9,
    direction: "lateral",
    attacker: { ip: "192.168.1.1", name: "Device 1" },
    victim: { ip: "192.168.1.2" },
    device: "00:00:5e:00:53:01",
    first_seen: AT,
    last_seen: AT,
    count: 1,
    status: "open",
    why: ["20 ports of one host within 60 s; 15 are enough."],
    advice: ["Find out which program does this."],
    attack: [{ tactic: "TA0007", technique: "T1046" }],
    evidence: { flow_ids: [1, 2], fields: { ports: 20 } },
    response: { wanted: "none", state: "none" },
    ...change,
  };
}

/** A home that tests fill by hand, with what was asked of it and what was said. */
export class FakeHome implements HomeView, HomeCommands {
  readonly agent: string;
  readonly version = "0.1.0";
  readonly pageUrl = "http://192.168.1.5:8470/";
  mode: GuardMode = "monitor";
  tap: HubState["tap"] = "ON";
  deviceList: Device[] = [];
  incidentList: Incident[] = [];
  kept: unknown;
  readonly drills: string[] = [];
  readonly acknowledged: string[] = [];
  readonly warnings: string[] = [];
  readonly infos: string[] = [];

  constructor(agent = "test") {
    this.agent = agent;
  }

  devices(): Device[] {
    return this.deviceList;
  }

  incidents(): Incident[] {
    return this.incidentList;
  }

  hub(): HubState {
    const threat = this.incidentList.some(({ status }) => status === "open");
    return {
      agent: this.agent,
      version: this.version,
      sentence: threat ? "Device 1 scans ports." : "All quiet. 1 device, nothing to do.",
      risk: { score: 12.4, level: "low", factors: [] },
      threat: threat ? "ON" : "OFF",
      threat_level: threat ? "high" : "none",
      open_incidents: this.incidentList.length,
      devices_seen: this.deviceList.length,
      isolated_devices: 0,
      max_risk: 10,
      mining: "OFF",
      mining_devices: 0,
      mining_pools: [],
      mode: this.mode,
      tap: this.tap,
      packets_per_second: 120,
      bits_per_second: 1_500_000,
      drop_ratio: 0,
      flows: 40,
      last_packet: AT,
      started: AT,
      demo: false,
    };
  }

  acknowledge(id: string): boolean {
    this.acknowledged.push(id);
    const incident = this.incidentList.find((candidate) => candidate.id === id);
    if (incident) incident.status = "acknowledged";
    return incident !== undefined;
  }

  drill(kind: IncidentKind, device: string): boolean {
    this.drills.push(`${kind} ${device}`);
    return true;
  }

  setMode(mode: GuardMode): boolean {
    this.mode = mode;
    return true;
  }

  context(): SinkContext {
    return {
      home: this,
      commands: this,
      memory: {
        read: () => this.kept,
        write: (value) => {
          this.kept = value;
        },
      },
      warn: (message) => this.warnings.push(message),
      info: (message) => this.infos.push(message),
    };
  }
}
