import { describe, expect, test } from "vitest";
import { deviceAt } from "../../test/respond/house.ts";
import { NeverList, type NeverListOptions } from "./never-list.ts";

const camera = deviceAt(1, { name: "Hall camera", hostname: "cam-1", ips: ["192.168.1.10", "fd00::10"] });

const listOf = (more: Partial<NeverListOptions> = {}): NeverList =>
  new NeverList({
    listed: [],
    gateway: () => ({ ip: "192.168.1.1", mac: "02:00:00:00:00:fe" }),
    hosts: [],
    interfaces: () => ({}),
    ...more,
  });

describe("never isolated", () => {
  test("is nobody without a reason", () => {
    expect(listOf().reason(camera)).toBeUndefined();
  });

  test.each([
    ["the gateway's MAC", { mac: "02:00:00:00:00:fe" }, "it is the way to the internet"],
    ["the gateway's address", { ips: ["10.0.0.5", "192.168.1.1"] }, "it has the router's address"],
    ["a router", { type: "router" as const }, "it is a router"],
    ["an access point", { type: "access-point" as const }, "it is an access point, which carries others"],
    ["a switch", { type: "switch" as const }, "it is a switch, which carries others"],
  ])("is %s", (_, more, reason) => {
    expect(listOf().reason({ ...camera, ...more })).toBe(reason);
  });

  test.each(["02:00:00:00:00:01", "02-00-00-00-00-01", "hall camera", "cam-1", "192.168.1.10", "FD00:0::10"])(
    "is what the user lists: %s",
    (text) => {
      expect(listOf({ listed: [text] }).reason(camera)).toBe("you listed it under response.never");
    },
  );

  test.each([
    [
      "DNS for the home",
      { port: 53, proto: "UDP" as const, to: "home" as const },
      "it answers the home's DNS questions",
    ],
    [
      "DNS, open to the internet too",
      { port: 53, proto: "TCP" as const, to: "internet" as const },
      "it answers the home's DNS questions",
    ],
    ["DHCP", { port: 67, proto: "UDP" as const, to: "home" as const }, "it gives out the home's addresses (DHCP)"],
    ["a web page", { port: 80, proto: "TCP" as const, to: "home" as const }, undefined],
  ])("is who serves %s", (_, service, reason) => {
    expect(listOf().reason({ ...camera, services: [service] })).toBe(reason);
    expect(listOf({ isRogue: () => true }).reason({ ...camera, services: [service] })).toBeUndefined();
  });

  test("is the agent itself, by MAC or by address, but not by what every machine has", () => {
    const face =
      (mac: string, address: string, internal = false) =>
      () => ({
        eth0: [{ mac, address, internal, netmask: "", cidr: null, family: "IPv4" as const }],
      });
    const nobody = "00:00:00:00:00:00";
    expect(listOf({ interfaces: face("02:00:00:00:00:01", "10.0.0.1") }).reason(camera)).toMatch("Lanwarden itself");
    expect(listOf({ interfaces: face(nobody, "192.168.1.10") }).reason(camera)).toMatch("Lanwarden itself");
    expect(listOf({ interfaces: face(nobody, "10.0.0.1") }).reason({ ...camera, mac: nobody })).toBeUndefined();
    expect(listOf({ interfaces: face(nobody, "192.168.1.10", true) }).reason(camera)).toBeUndefined();
  });

  test("is the machine of the broker and of Home Assistant, by address, by name, and by what the name resolves to", async () => {
    const what = "Home Assistant runs there";
    expect(listOf({ hosts: [{ host: "192.168.1.10", what }] }).reason(camera)).toBe(what);
    expect(listOf({ hosts: [{ host: "fd00:0:0::10", what }] }).reason(camera)).toBe(what);
    expect(listOf({ hosts: [{ host: "cam-1.local", what }] }).reason(camera)).toBe(what);
    let answer: () => Promise<string[]> = async () => ["192.168.1.10"];
    const list = listOf({ hosts: [{ host: "ha.example", what }], resolve: () => answer() });
    expect(list.reason(camera)).toBeUndefined();
    await list.refresh(0);
    expect(list.reason(camera)).toBe(what);
    // A later answer, or none, takes nothing away.
    answer = async () => ["10.0.0.9"];
    await list.refresh(600_000);
    answer = () => Promise.reject(new Error("no such name"));
    await list.refresh(1_200_000);
    expect(list.reason(camera)).toBe(what);
    expect(list.reason({ ...camera, ips: ["10.0.0.9"] })).toBe(what);
  });
});
