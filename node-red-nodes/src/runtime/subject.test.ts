import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, test } from "vitest";
import type { AgentLink } from "../agent/link.ts";
import { deviceId, deviceNamed, findDevice, incidentNamed } from "./subject.ts";

const device = makeDevice(1, { name: "Hall camera" });

describe("deviceNamed", () => {
  test.each([
    ["an id", { device: device.id }],
    ["a device", { device }],
    ["a device as payload", { payload: device }],
    ["an incident as payload", { payload: makeIncident("a") }],
    ["msg.incident beside another payload", { payload: "on", incident: makeIncident("a") }],
    ["an object with a MAC", { payload: { mac: device.id } }],
  ])("%s", (_what, message) => expect(deviceNamed(message)).toBe(device.id));

  test("an incident without a device names none, and neither does its id", () =>
    expect(deviceNamed({ payload: makeIncident("a", { device: null }) })).toBeUndefined());

  test("no end of nesting is followed", () => {
    const loop: Record<string, unknown> = {};
    loop.device = loop;
    expect(deviceNamed({ payload: loop })).toBeUndefined();
  });
});

test("deviceId reads a MAC in any usual writing, and leaves other text alone", () => {
  for (const text of ["00-00-5E-00-53-01", "0000.5e00.5301", "00005e005301", device.id])
    expect(deviceId(text)).toBe(device.id);
  for (const text of ["192.168.1.1", "ip:192.168.1.7", "Hall camera"]) expect(deviceId(text)).toBe(text);
});

test("findDevice: by id, MAC, address or name", () => {
  const link = { devices: new Map([[device.id, device]]) } as unknown as AgentLink;
  for (const named of [device.id, "00-00-5E-00-53-01", "192.168.1.1", "Hall camera"])
    expect(findDevice(link, named)).toBe(device);
  expect(findDevice(link, "192.168.1.2")).toBeUndefined();
});

test("incidentNamed: by incident or id, msg.incident first", () => {
  expect(incidentNamed({ incident: makeIncident("a"), payload: { id: "b" } })).toBe("a");
  expect(incidentNamed({ payload: "b" })).toBe("b");
  expect(incidentNamed({ payload: 3 })).toBeUndefined();
});
