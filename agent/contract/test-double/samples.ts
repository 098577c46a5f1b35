import type { Device } from "../src/device.ts";
import type { Incident } from "../src/incident.ts";
import type { HubState } from "../src/status.ts";

const AT = "2026-11-22T10:00:00.000000+00:00";

/** A device with everything that the contract asks for; `number` (1 to 254) makes its MAC, address and name. */
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

/** An open incident of device 1. */
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

/** A home where all is quiet. */
export function makeHub(change: Partial<HubState> = {}): HubState {
  return {
    agent: "test",
    version: "0.1.0",
    sentence: "All quiet. 1 device, nothing to do.",
    risk: { score: 12.4, level: "low", factors: [] },
    threat: "OFF",
    threat_level: "none",
    open_incidents: 0,
    devices_seen: 1,
    isolated_devices: 0,
    max_risk: 10,
    riskiest_device: "Device 1",
    mining: "OFF",
    mining_devices: 0,
    mining_pools: [],
    mode: "monitor",
    tap: "ON",
    packets_per_second: 120,
    bits_per_second: 1_500_000,
    drop_ratio: 0,
    flows: 40,
    last_packet: AT,
    started: AT,
    cpu_percent: 3.5,
    rss_bytes: 120_000_000,
    demo: false,
    ...change,
  };
}
