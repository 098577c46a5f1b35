import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import { beforeEach, expect, test } from "vitest";
import { parseNetwork } from "../core/ip.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { riskFactors } from "../risk/factors.ts";
import { defineFingerprint, type Observation } from "./define.ts";
import { Inventory } from "./inventory.ts";

const MAC = "ec:71:db:00:53:01";
const CAMERA: KnownDevice = {
  mac: MAC,
  name: "Hall camera",
  area: "Hall",
  manufacturer: "Reolink Innovation",
  model: "E1 Pro",
  firmware: { installed: "3.0.0.660", latest: "3.1.0.2649" },
};
const hearsay = defineFingerprint({
  id: "test",
  on: { anomaly: (event, context) => context.observe(JSON.parse(event.data.name) as Observation) },
});
let changed: string[];
let inventory: Inventory;

const make = (): Inventory =>
  new Inventory({
    home: [parseNetwork("192.168.1.0/24")],
    declared: [],
    vendorOf: () => "Reolink",
    fingerprints: [hearsay],
    onChange: (id) => changed.push(id),
  });

function observe(observation: Partial<Observation>): void {
  const data = {
    name: JSON.stringify({ source: "test", weight: 0.8, evidence: "it said so", mac: MAC, ...observation }),
  };
  inventory.handle({ name: "anomaly", atUs: 1_760_000_000_000_000, packet: 1, data } as unknown as SensorEvent);
}

beforeEach(() => {
  changed = [];
  inventory = make();
});

test("what Home Assistant knows stands above the host name and below the user's own word", () => {
  observe({ hostname: "reolink-e1", firmware: "2.9" });
  expect(inventory.get(MAC)).toMatchObject({ name: "reolink-e1", name_source: "hostname" });
  inventory.setKnown([CAMERA]);
  expect(inventory.get(MAC)).toMatchObject({
    name: "Hall camera",
    name_source: "home-assistant",
    area: "Hall",
    vendor: "Reolink Innovation",
    model: "E1 Pro",
    type: "camera",
    hostname: "reolink-e1",
    firmware: { version: "3.0.0.660", source: "Home Assistant", outdated: true },
  });
  inventory.patch(MAC, { name: "Spy" });
  expect(inventory.get(MAC)).toMatchObject({ name: "Spy", name_source: "user", area: "Hall" });
  inventory.patch(MAC, { name: null });
  expect(inventory.nameOfDevice(MAC)).toBe("Hall camera");
});

test("outdated firmware is a risk that the update takes away", () => {
  observe({});
  inventory.setKnown([CAMERA]);
  const factors = () => riskFactors(inventory.get(MAC)!, [], 0).map(({ id }) => id);
  expect(factors()).toContain("posture.firmware");
  changed = [];
  inventory.setKnown([{ ...CAMERA, firmware: { installed: "3.1.0.2649", latest: "3.1.0.2649" } }]);
  expect(changed).toEqual([MAC]);
  expect(factors()).not.toContain("posture.firmware");
});

test("only what changes is told, and a device that Home Assistant knows is not invented", () => {
  inventory.setKnown([CAMERA]);
  expect(inventory.list()).toEqual([]);
  observe({});
  expect(inventory.nameOfDevice(MAC)).toBe("Hall camera");
  changed = [];
  inventory.setKnown([structuredClone(CAMERA)]);
  expect(changed).toEqual([]);
  inventory.setKnown([{ ...CAMERA, area: "Attic" }]);
  expect(changed).toEqual([MAC]);
});

test("what vanishes there vanishes here, and what the wire told stands again", () => {
  observe({ hostname: "cam-1", model: "RLC-410", vendor: "Reolink" });
  const before = inventory.get(MAC);
  inventory.setKnown([CAMERA]);
  inventory.setKnown([]);
  expect(inventory.get(MAC)).toEqual(before);
});

test("outlives a restart, until Home Assistant says otherwise", () => {
  observe({});
  inventory.setKnown([CAMERA]);
  const kept = JSON.parse(JSON.stringify(inventory.snapshot())) as unknown;
  inventory = make();
  inventory.restore(kept);
  expect(inventory.get(MAC)).toMatchObject({ name: "Hall camera", area: "Hall", firmware: { outdated: true } });
  inventory.setKnown([]);
  expect(inventory.get(MAC)).toMatchObject({ name_source: "vendor", model: null });
  expect(inventory.get(MAC)).not.toHaveProperty("area");
});

test("names are cleaned and capped; nonsense is left out", () => {
  observe({});
  inventory.setKnown([
    { ...CAMERA, mac: MAC.toUpperCase(), name: `\u202eevil\u0000${"x".repeat(500)}`, area: "  " },
    { ...CAMERA, mac: "ff:ff:ff:ff:ff:ff" },
  ]);
  const device = inventory.get(MAC)!;
  expect(device.name).toHaveLength(64);
  expect(device.name).toMatch(/^evilx+…$/);
  expect(device).not.toHaveProperty("area");
  inventory.setKnown([{ ...CAMERA, name: "\u200b" }]);
  expect(inventory.get(MAC)).toMatchObject({ name_source: "vendor" });
});
