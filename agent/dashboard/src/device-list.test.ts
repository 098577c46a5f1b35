import type { Device } from "@lanwarden/contract/device";
import { expect, test } from "vitest";
import { mainAddress, makerText, orderDevices } from "./device-list.ts";

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id,
  name: id,
  name_source: "hostname",
  mac: "02:00:00:00:00:01",
  mac_randomized: false,
  ips: [],
  hostname: null,
  vendor: null,
  model: null,
  type: "unknown",
  type_confidence: 0,
  os: null,
  firmware: { version: null, source: null, outdated: false, end_of_life: false, cves: [] },
  first_seen: "2026-11-22T10:00:00.000000+00:00",
  last_seen: "2026-11-22T10:00:00.000000+00:00",
  risk: { score: 0, level: "low", factors: [] },
  services: [],
  isolated: { state: "no", backend: null, level: null, since: null, until: null },
  policy: null,
  ...more,
});
const names = (devices: Device[]): string[] => devices.map(({ name }) => name);
const risky = (score: number) => ({ risk: { score, level: "low" as const, factors: [] } });

test("riskiest first, pinned ones lead, equal ones by name with numbers in order", () => {
  const list = [
    device("Plug 10"),
    device("Plug 9"),
    device("b", risky(10)),
    device("c", risky(60)),
    device("a", { pinned: true }),
  ];
  expect(names(orderDevices(list, "", { key: "risk", isReversed: false }))).toEqual([
    "a",
    "c",
    "b",
    "Plug 9",
    "Plug 10",
  ]);
});

test("addresses sort by number, those without IPv4 last; a turned order keeps pinned ones in front", () => {
  const list = [
    device("x", { ips: ["fe80::1"] }),
    device("y", { ips: ["192.168.1.10"] }),
    device("z", { ips: ["192.168.1.9"] }),
  ];
  expect(names(orderDevices(list, "", { key: "address", isReversed: false }))).toEqual(["z", "y", "x"]);
  expect(names(orderDevices(list, "", { key: "address", isReversed: true }))).toEqual(["x", "y", "z"]);
});

test("each word of the filter must be found somewhere; none of them is a pattern", () => {
  const list = [
    device("Hall camera", { vendor: "Dahua", ips: ["192.168.1.62"], type: "camera" }),
    device("Desk plug", { vendor: "Tuya" }),
  ];
  const find = (filter: string): string[] => names(orderDevices(list, filter, { key: "name", isReversed: false }));
  expect(find("  DAHUA hall")).toEqual(["Hall camera"]);
  expect(find("1.62")).toEqual(["Hall camera"]);
  expect(find("tuya hall")).toEqual([]);
  expect(find(".*(")).toEqual([]);
  expect(find("")).toHaveLength(2);
});

test("the address people know a device by", () => {
  expect(mainAddress(device("a", { ips: ["fe80::1", "2001:db8::1", "192.168.1.2"] }))).toBe("192.168.1.2");
  expect(mainAddress(device("a", { ips: ["fe80::1", "2001:db8::1"] }))).toBe("2001:db8::1");
  expect(mainAddress(device("a"))).toBe("02:00:00:00:00:01");
  expect(mainAddress(device("a", { mac: null }))).toBe("");
});

test("maker and model are said once, and not when they are the name", () => {
  expect(makerText(device("Printer", { vendor: "Brother", model: "Brother MFC-L2710DW" }))).toBe("Brother MFC-L2710DW");
  expect(makerText(device("TV", { vendor: "Samsung", model: "QE55Q80C" }))).toBe("Samsung QE55Q80C");
  expect(makerText(device("AVM FRITZ!Box 7590", { vendor: "AVM", model: "FRITZ!Box 7590" }))).toBeUndefined();
  expect(makerText(device("x"))).toBeUndefined();
});
