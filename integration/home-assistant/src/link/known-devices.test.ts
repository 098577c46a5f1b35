import { expect, test } from "vitest";
import { FakeHomeAssistant } from "../../test/fake-home-assistant.ts";
import { openLink, pause, until } from "../../test/link-harness.ts";
import { knownDevices, type RegistryDevice, updateState } from "./known-devices.ts";

const MAC = "ec:71:db:00:53:01";
const device = (change: Partial<RegistryDevice> = {}): RegistryDevice => ({
  id: "d1",
  area_id: null,
  connections: [["mac", MAC]],
  disabled_by: null,
  entry_type: null,
  identifiers: [["reolink", "abc"]],
  manufacturer: "Reolink",
  model: "E1 Pro",
  name: "E1 Pro 5301",
  name_by_user: null,
  sw_version: null,
  ...change,
});
const FIRMWARE = { installed: "3.0", latest: "3.1", isFirmware: true };

/** What is known of these devices; `updates`: entity id of device d1 → its state. */
const known = (devices: RegistryDevice[], updates: Record<string, typeof FIRMWARE> = {}) =>
  knownDevices(
    {
      devices,
      areas: [{ area_id: "hall", name: "Hall" }],
      entities: Object.keys(updates).map((ei) => ({ ei, di: "d1", pl: "reolink" })),
    },
    new Map(Object.entries(updates)),
  );

test("name by the user first, area by its name, firmware from the update entity before the bare version", () => {
  expect(known([device({ name_by_user: "Hall camera", area_id: "hall", sw_version: "2.9" })])).toEqual([
    {
      mac: MAC,
      name: "Hall camera",
      area: "Hall",
      manufacturer: "Reolink",
      model: "E1 Pro",
      firmware: { installed: "2.9", latest: null },
    },
  ]);
  expect(known([device({ sw_version: "2.9" })], { "update.cam": FIRMWARE })[0]).toMatchObject({
    name: "E1 Pro 5301",
    area: null,
    firmware: { installed: "3.0", latest: "3.1" },
  });
});

test("released firmware before beta, firmware before other updates", () => {
  const updates = {
    "update.a_beta": { ...FIRMWARE, latest: "4.0b1" },
    "update.b_app": { ...FIRMWARE, isFirmware: false, latest: "9" },
    "update.c": FIRMWARE,
  };
  expect(known([device()], updates)[0]?.firmware?.latest).toBe("3.1");
});

test("our own devices are left out; one that an older Home Assistant joined with ours is not", () => {
  const ours: [string, string] = ["mqtt", "lanwarden_ec71db005301"];
  expect(known([device({ identifiers: [ours] })])).toEqual([]);
  expect(known([device({ identifiers: [["reolink", "abc"], ours] })])).toHaveLength(1);
  expect(known([device({ identifiers: [["mqtt", "zigbee2mqtt_bridge"]] })])).toHaveLength(1);
});

test("of several devices of one MAC the maker's integration names it, and the others fill its gaps", () => {
  const router = device({
    id: "d2",
    identifiers: [["unifi", MAC]],
    name: "reolink-cam-5301",
    manufacturer: "Unknown",
    area_id: "hall",
  });
  expect(known([router, device({ model: null })], { "update.cam": FIRMWARE })).toEqual([
    {
      mac: MAC,
      name: "E1 Pro 5301",
      area: "Hall",
      manufacturer: "Reolink",
      model: "E1 Pro",
      firmware: { installed: "3.0", latest: "3.1" },
    },
  ]);
  expect(known([{ ...router, name_by_user: "My camera" }, device()])[0]?.name).toBe("My camera");
  expect(known([router])[0]?.name).toBe("reolink-cam-5301");
  const disabled = device({ id: "d3", identifiers: [["onvif", "x"]], name: "ONVIF", disabled_by: "user" });
  expect(known([disabled, device()])[0]?.name).toBe("E1 Pro 5301");
});

test("child devices without connections, services and nonsense are passed over", () => {
  const rows = [
    device({ connections: [] }),
    { id: "child", name: "Outlet 2", parent_device_id: "d1" },
    device({ entry_type: "service" }),
    device({ connections: [["mac", "not a mac"], ["zigbee", MAC], ["mac"], "mac", null] }),
    device({ connections: [["mac", "ff:ff:ff:ff:ff:ff"]] }),
    device({ name: null }),
    device({ name: { evil: true }, name_by_user: "" }),
    { connections: 7, identifiers: "x" },
  ];
  expect(known(rows)).toEqual([]);
});

test("a device of two MACs is known by both; MACs are written one way", () => {
  const rows = [
    device({
      connections: [
        ["mac", "EC-71-DB-00-53-01"],
        ["mac", "ec:71:db:00:53:02"],
      ],
    }),
  ];
  expect(known(rows).map(({ mac }) => mac)).toEqual([MAC, "ec:71:db:00:53:02"]);
});

test("text is cleaned, tables are capped", () => {
  expect(known([device({ name: `\u202e a\u0000b ${"x".repeat(300)}` })])[0]?.name).toMatch(/^a b x{59}…$/);
  const many = Array.from({ length: 5000 }, (_, i) =>
    device({ connections: [["mac", `02:00:00:00:${hex(i >> 8)}:${hex(i & 255)}`]] }),
  );
  expect(known(many)).toHaveLength(4096);
});

const hex = (value: number): string => value.toString(16).padStart(2, "0");

test("Home Assistant's word that nothing newer is to be had counts, a skipped update is one", () => {
  const attributes = { installed_version: "2.0b1", latest_version: "1.9", device_class: "firmware" };
  expect(updateState("off", attributes)).toEqual({ installed: "2.0b1", latest: "2.0b1", isFirmware: true });
  expect(updateState("on", { ...attributes, latest_version: "2.0" })?.latest).toBe("2.0");
  expect(updateState("off", { ...attributes, latest_version: "2.0", skipped_version: "2.0" })?.latest).toBe("2.0");
  expect(updateState("unavailable", {})).toBeUndefined();
  expect(updateState("unknown", { installed_version: "1", latest_version: null })?.latest).toBeNull();
});

test("told after connecting and on changes only; a device that is away keeps its firmware", async () => {
  const home = new FakeHomeAssistant();
  home.devices = [device({ area_id: "hall" }) as Record<string, unknown>];
  home.areas = [{ area_id: "hall", name: "Hall" }];
  home.entities = [{ ei: "update.cam", di: "d1", pl: "reolink" }];
  home.setState("update.cam", { state: "on", attributes: { installed_version: "3.0", latest_version: "3.1" } });
  await home.start();
  const { link, told } = openLink(home);
  try {
    await until("devices", () => told.devices.length > 0);
    expect(told.devices).toHaveLength(1);
    expect(told.devices[0]).toMatchObject([{ name: "E1 Pro 5301", area: "Hall", firmware: { latest: "3.1" } }]);

    home.devices = [device({ area_id: "hall", name_by_user: "Hall camera" }) as Record<string, unknown>];
    for (let i = 0; i < 20; i++) home.fire("device_registry_updated", { action: "update", device_id: "d1" });
    await until("rename", () => told.devices.length === 2);
    expect(told.devices[1]).toMatchObject([{ name: "Hall camera" }]);

    home.setState("update.cam", { state: "unavailable", attributes: {} });
    home.fire("area_registry_updated");
    await pause(150);
    expect(told.devices).toHaveLength(2);

    home.setState("update.cam", { state: "off", attributes: { installed_version: "3.1", latest_version: "3.1" } });
    await until("update", () => told.devices.length === 3);
    expect(told.devices[2]).toMatchObject([{ firmware: { installed: "3.1", latest: "3.1" } }]);

    home.devices = [];
    home.entities = [];
    home.fire("device_registry_updated", { action: "remove", device_id: "d1" });
    await until("gone", () => told.devices.length === 4);
    expect(told.devices[3]).toEqual([]);
  } finally {
    await link.close();
    await home.stop();
  }
});

test("a large home in one go", async () => {
  const home = new FakeHomeAssistant();
  home.devices = Array.from({ length: 1500 }, (_, i) => ({
    ...device({
      id: `d${i}`,
      name: `Device ${i} ${"x".repeat(40)}`,
      connections: [["mac", `02:00:00:00:${hex(i >> 8)}:${hex(i & 255)}`]],
    }),
  }));
  await home.start();
  const { link, told } = openLink(home);
  try {
    await until("devices", () => told.devices.length > 0);
    expect(told.devices[0]).toHaveLength(1500);
  } finally {
    await link.close();
    await home.stop();
  }
});
