import { expect, test } from "vitest";
import { chooseHub, EntityIndex, findHubs, findWatched, isOurs, ownEntityIds } from "./find.ts";
import { SampleHass } from "./sample-hass.test-double.ts";

function twoHomes(): SampleHass {
  const hass = new SampleHass();
  hass.hub("home");
  hass.hub("cabin");
  hass.watched("home", "aabbccddeeff", { name: "Camera", name_by_user: "Hall camera" });
  hass.watched("cabin", "001122334455");
  hass.device("foreign", "zigbee2mqtt_bridge", { via_device_id: "hub-home" });
  hass.device("tv", "x", { identifiers: [["webostv", "lanwarden_home"]] });
  hass.entity("hub-home", "lanwarden_home_summary", "All quiet.");
  hass.entity("device-aabbccddeeff", "lanwarden_aabbccddeeff_risk", "12");
  hass.entity("foreign", "other", "1");
  return hass;
}

test("finds agents by what discovery wrote into the device registry", () => {
  expect(findHubs(twoHomes()).map(({ agent }) => agent)).toEqual(["cabin", "home"]);
  expect(findHubs(new SampleHass())).toEqual([]);
});

test("chooses by the agent's name or its device, and the first when nobody says", () => {
  const hubs = findHubs(twoHomes());
  expect(chooseHub(hubs, undefined)?.agent).toBe("cabin");
  expect(chooseHub(hubs, "home")?.agent).toBe("home");
  expect(chooseHub(hubs, "hub-home")?.agent).toBe("home");
  expect(chooseHub(hubs, "elsewhere")).toBeUndefined();
});

test("an agent has its own devices, and nobody else's", () => {
  const hass = twoHomes();
  const home = findHubs(hass).find(({ agent }) => agent === "home");
  expect(home && findWatched(home, hass).map(({ topicId }) => topicId)).toEqual(["aabbccddeeff"]);
  expect(isOurs(hass.devices.foreign)).toBe(false);
  expect(isOurs(hass.devices.tv), "the identifier of another integration").toBe(false);
  expect(ownEntityIds(hass)).toEqual(["sensor.renamed_0", "sensor.renamed_1"]);
});

test("finds entities by unique id, however they are spelled", () => {
  const hass = twoHomes();
  const index = new EntityIndex(hass.uniqueIds);
  expect(index.state(hass, "home", "summary")?.state).toBe("All quiet.");
  expect(index.id("aabbccddeeff", "risk")).toBe("sensor.renamed_1");
  expect(index.state(hass, "home", "risk")).toBeUndefined();
});
