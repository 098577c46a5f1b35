import { beforeEach, describe, expect, test } from "vitest";
import { parseNetwork } from "../core/ip.ts";
import type { FlowEvent, FlowRef, SensorEvent } from "../dissect/event.ts";
import { defineFingerprint, type Observation } from "./define.ts";
import { Inventory } from "./inventory.ts";

const SECOND = 1_000_000;
const NOTHING: FlowEvent = {
  phase: "start",
  packetsToServer: 1,
  packetsToClient: 0,
  bytesToServer: 60,
  bytesToClient: 0,
  payloadToServer: 0,
  payloadToClient: 0,
  tcpFlagsToServer: 2,
  tcpFlagsToClient: 0,
  lastUs: 0,
};
/** Hands observations in through the event of a stand-in dissector. */
const hearsay = defineFingerprint({
  id: "test",
  on: { anomaly: (event, context) => context.observe(JSON.parse(event.data.name) as Observation) },
});

let changed: string[];
let atUs: number;
let inventory: Inventory;

const make = (declared: ConstructorParameters<typeof Inventory>[0]["declared"] = []) =>
  new Inventory({
    home: ["192.168.1.0/24", "192.168.20.0/24", "fe80::/10", "fd00::/8"].map(parseNetwork),
    declared,
    vendorOf: (mac) => (mac.startsWith("ec:71:db") ? "Reolink" : undefined),
    fingerprints: [hearsay],
    onChange: (id) => changed.push(id),
  });

beforeEach(() => {
  changed = [];
  atUs = 1_760_000_000_000_000;
  inventory = make();
});

function flow(part: Partial<FlowRef>, data: Partial<FlowEvent> = {}): void {
  atUs += SECOND;
  const ref: FlowRef = {
    id: 1,
    proto: "TCP",
    clientIp: "192.168.1.7",
    serverIp: "203.0.113.9",
    clientPort: 50_000,
    serverPort: 443,
    vlan: [],
    startUs: atUs,
    ...part,
  };
  inventory.handle({
    name: "flow",
    flow: ref,
    toServer: true,
    atUs,
    packet: 1,
    data: { ...NOTHING, lastUs: atUs, ...data },
  });
}

function observe(observation: Partial<Observation>): void {
  atUs += SECOND;
  const data = {
    layer: "test",
    name: JSON.stringify({ weight: 0.8, evidence: "said so", source: "test", ...observation }),
  };
  const ref: FlowRef = {
    id: 0,
    proto: "ARP",
    clientIp: "",
    serverIp: "",
    clientPort: 0,
    serverPort: 0,
    vlan: [],
    startUs: atUs,
  };
  inventory.handle({ name: "anomaly", flow: ref, toServer: true, atUs, packet: 1, data } as SensorEvent);
}

const CAMERA = "ec:71:db:00:53:01";
const ROUTER = "3c:a6:2f:00:00:01";

describe("identity", () => {
  test("a home host beside its MAC becomes a device; the internet behind the router does not", () => {
    flow({ clientMac: CAMERA, serverMac: ROUTER });
    expect(inventory.list().map(({ id }) => id)).toEqual([CAMERA]);
    expect(inventory.get(CAMERA)).toMatchObject({
      ips: ["192.168.1.7"],
      vendor: "Reolink",
      name: "Reolink 5301",
      name_source: "vendor",
    });
  });

  test("stays one through a change of address, and an address that moves goes with its new owner", () => {
    observe({ mac: CAMERA, ip: "192.168.1.7", binds: true });
    observe({ mac: CAMERA, ip: "192.168.1.8", binds: true });
    expect(inventory.get(CAMERA)?.ips).toEqual(["192.168.1.8", "192.168.1.7"]);
    observe({ mac: "b8:27:eb:00:00:01", ip: "192.168.1.8", binds: true });
    expect(inventory.deviceIdOf({ ip: "192.168.1.8" })).toBe("b8:27:eb:00:00:01");
    expect(inventory.get(CAMERA)?.ips).toEqual(["192.168.1.7"]);
    expect(inventory.list()).toHaveLength(2);
  });

  test("IPv6 addresses of the link join their MAC, the provider's prefix included", () => {
    observe({ mac: CAMERA, ip: "192.168.1.7", binds: true });
    observe({ mac: CAMERA, ip: "fe80::1234", binds: true });
    observe({ mac: CAMERA, ip: "2001:db8:1::99", binds: true });
    expect(inventory.list()).toHaveLength(1);
    expect(inventory.deviceIdOf({ ip: "2001:db8:1::99" })).toBe(CAMERA);
    expect(inventory.get(CAMERA)?.ips[0]).toBe("192.168.1.7");
  });

  test("a router does not swallow the hosts of other subnets whose packets it carries", () => {
    for (const ip of ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
      flow({ clientIp: ip, clientMac: ROUTER, serverIp: "192.168.1.7", serverMac: CAMERA });
    flow({ clientIp: "192.168.20.5", clientMac: ROUTER });
    flow({ clientIp: "192.168.20.6", clientMac: ROUTER });
    expect(inventory.list().map(({ id }) => id)).toEqual(["ip:192.168.20.5", "ip:192.168.20.6"]);
  });

  test("what was heard beside a MAC before it proved a router is taken back", () => {
    flow({ clientIp: "192.168.20.5", clientMac: ROUTER });
    for (const ip of ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
      flow({ clientIp: ip, clientMac: ROUTER, serverIp: "192.168.1.7", serverMac: CAMERA });
    expect(inventory.deviceIdOf({ ip: "192.168.20.5" })).toBeUndefined();
    flow({ clientIp: "192.168.20.5", clientMac: ROUTER });
    expect(inventory.deviceIdOf({ ip: "192.168.20.5" })).toBe("ip:192.168.20.5");
  });

  test("an address known without MAC is merged when its MAC shows", () => {
    flow({ clientIp: "192.168.1.50" });
    expect(inventory.list().map(({ id }) => id)).toEqual(["ip:192.168.1.50"]);
    observe({ ip: "192.168.1.50", hostname: "nas" });
    observe({ mac: "90:09:d0:00:00:01", ip: "192.168.1.50", binds: true });
    expect(inventory.list()).toHaveLength(1);
    expect(inventory.get("90:09:d0:00:00:01")).toMatchObject({ hostname: "nas", ips: ["192.168.1.50"] });
  });

  test("a scan of empty addresses makes no devices, nor do broadcasts and shared router MACs", () => {
    for (let i = 1; i < 50; i++)
      flow({ clientMac: CAMERA, serverIp: `192.168.1.${i + 100}`, serverMac: "ff:ff:ff:ff:ff:ff" });
    flow({ clientMac: CAMERA, serverIp: "192.168.1.255", serverMac: "ff:ff:ff:ff:ff:ff" });
    observe({ mac: "00:00:5e:00:01:0a", ip: "192.168.1.1", binds: true });
    expect(inventory.list().map(({ id }) => id)).toEqual([CAMERA, "ip:192.168.1.1"].filter((id) => inventory.get(id)));
    expect(inventory.list().length).toBeLessThanOrEqual(2);
  });

  test("random addresses are marked", () => {
    observe({ mac: "5e:1b:d2:00:00:01", ip: "192.168.1.21", binds: true });
    expect(inventory.get("5e:1b:d2:00:00:01")).toMatchObject({ mac_randomized: true, vendor: null });
  });
});

describe("facts", () => {
  test("evidence is weighed, and the user's word wins until it is taken back", () => {
    observe({ mac: CAMERA, type: "camera", weight: 0.6, source: "a" });
    observe({ mac: CAMERA, type: "speaker", weight: 0.4, source: "b" });
    expect(inventory.get(CAMERA)).toMatchObject({ type: "camera" });
    expect(inventory.patch(CAMERA, { name: "Hall", type: "doorbell", pinned: true })).toMatchObject({
      name: "Hall",
      name_source: "user",
      type: "doorbell",
      type_confidence: 1,
      pinned: true,
    });
    expect(inventory.patch(CAMERA, { name: null, type: null })).toMatchObject({ type: "camera", pinned: true });
    expect(inventory.patch("00:00:00:00:00:00", { name: "x" })).toBeUndefined();
  });

  test("served ports need an answer with payload, and say to whom", () => {
    observe({ mac: CAMERA, ip: "192.168.1.7", binds: true });
    const served = { clientIp: "192.168.1.9", serverIp: "192.168.1.7", serverPort: 80, clientPort: 50_001 };
    flow(served, { phase: "end", payloadToClient: 0, packetsToClient: 1, tcpFlagsToClient: 0x12 });
    expect(inventory.get(CAMERA)?.services).toEqual([]);
    flow(served, { phase: "end", payloadToClient: 500, packetsToClient: 3, tcpFlagsToClient: 0x12, appProto: "http" });
    expect(inventory.get(CAMERA)?.services).toEqual([{ port: 80, proto: "TCP", app_proto: "http", to: "home" }]);
    flow(
      { ...served, clientIp: "203.0.113.5" },
      { phase: "end", payloadToClient: 500, packetsToClient: 3, tcpFlagsToClient: 0x12, appProto: "http" },
    );
    expect(inventory.get(CAMERA)?.services[0]?.to).toBe("internet");
  });

  test("the gateway is the MAC beside which the internet stands", () => {
    observe({ mac: ROUTER, ip: "192.168.1.1", binds: true });
    for (const ip of ["203.0.113.1", "203.0.113.2", "203.0.113.3"])
      flow({ clientMac: CAMERA, serverIp: ip, serverMac: ROUTER });
    expect(inventory.gatewayIp()).toBe("192.168.1.1");
    expect(inventory.get(ROUTER)?.type).toBe("router");
  });

  test("survives a restart", () => {
    observe({ mac: CAMERA, ip: "192.168.1.7", binds: true, hostname: "cam", type: "camera" });
    inventory.patch(CAMERA, { name: "Hall" });
    const kept = JSON.parse(JSON.stringify(inventory.snapshot())) as unknown;
    const before = inventory.get(CAMERA);
    inventory = make();
    inventory.restore(kept);
    expect(inventory.get(CAMERA)).toEqual(before);
    expect(inventory.deviceIdOf({ ip: "192.168.1.7" })).toBe(CAMERA);
  });

  test("declared devices carry the user's words, and miners are known", () => {
    inventory = make([{ mac: CAMERA, name: "Garage", type: "miner" }]);
    observe({ mac: CAMERA, ip: "192.168.1.7", binds: true });
    expect(inventory.get(CAMERA)).toMatchObject({ name: "Garage", type: "miner" });
    expect(inventory.isSanctionedMiner("192.168.1.7")).toBe(true);
  });
});

test("the table is capped under a flood of made-up MACs, and pinned devices stay", () => {
  observe({ mac: CAMERA, ip: "192.168.1.7", binds: true });
  inventory.patch(CAMERA, { pinned: true });
  for (let i = 0; i < 5000; i++)
    observe({
      mac: `02:00:00:00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`,
    });
  expect(inventory.list().length).toBeLessThanOrEqual(2048);
  expect(inventory.get(CAMERA)).toBeDefined();
});
