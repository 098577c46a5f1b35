import { expect, test, vi } from "vitest";
import { SampleHass } from "./sample-hass.test-double.ts";
import { UniqueIds } from "./unique-ids.ts";

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

function home(): SampleHass {
  const hass = new SampleHass();
  hass.hub("home");
  hass.entity("hub-home", "lanwarden_home_summary", "All quiet.");
  return hass;
}

test("asks once for our entities alone, and again only when they are others", async () => {
  const hass = home();
  const ids = new UniqueIds();
  const told = vi.fn();
  const stop = ids.subscribe(told);
  ids.update(hass, hass);
  ids.update(hass, hass);
  await settled();
  expect(hass.calls).toEqual([{ type: "config/entity_registry/get_entries", entity_ids: ["sensor.renamed_0"] }]);
  expect(ids.index?.id("home", "summary")).toBe("sensor.renamed_0");
  // The registry is a new object, of the same entities of ours.
  ids.update({ ...hass, entities: { ...hass.entities } }, hass);
  await settled();
  expect(hass.calls).toHaveLength(1);
  hass.entity("hub-home", "lanwarden_home_risk", "12");
  ids.update({ ...hass, entities: { ...hass.entities } }, hass);
  await settled();
  expect(hass.calls).toHaveLength(2);
  expect(ids.index?.id("home", "risk")).toBe("sensor.renamed_1");
  expect(told).toHaveBeenCalledTimes(2);
  stop();
});

test("asks again after a lost connection, but not at once", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const hass = home();
  hass.isDown = true;
  const ids = new UniqueIds();
  ids.update(hass, hass);
  await settled();
  hass.isDown = false;
  ids.update(hass, hass);
  await settled();
  expect(hass.calls).toHaveLength(1);
  vi.advanceTimersByTime(11_000);
  ids.update(hass, hass);
  await settled();
  expect(ids.index?.id("home", "summary")).toBe("sensor.renamed_0");
  vi.useRealTimers();
});

test("a home without Lanwarden is known to have nothing, without asking", async () => {
  const hass = new SampleHass();
  const ids = new UniqueIds();
  ids.update(hass, hass);
  await settled();
  expect(ids.index).toBeDefined();
  expect(hass.calls).toEqual([]);
});
