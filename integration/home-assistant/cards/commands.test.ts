import { expect, test } from "vitest";
import { Commands } from "./commands.ts";
import type { DeviceView } from "./device-view.ts";
import { SampleHass } from "./sample-hass.test-double.ts";

const device = { topicId: "aabbccddeeff", isolation: { entityId: "switch.renamed" } } as DeviceView;

test("isolates and releases by the device's own switch", async () => {
  const hass = new SampleHass();
  const commands = new Commands(hass, "home");
  await commands.isolate(device);
  await commands.release(device);
  await commands.isolate({ ...device, isolation: undefined });
  expect(hass.calls).toEqual([
    ["switch.turn_on", { entity_id: "switch.renamed" }],
    ["switch.turn_off", { entity_id: "switch.renamed" }],
  ]);
});

test("asks by the agent's topics where there is no entity; never retained", async () => {
  const hass = new SampleHass();
  const commands = new Commands(hass, "cabin");
  await commands.acknowledge("i1");
  await commands.normal("i1");
  await commands.isolateForIncident("aabbccddeeff", "i1");
  const sent = hass.calls as [string, { topic: string; payload: string; retain: boolean }][];
  expect(sent.map(([, { topic }]) => topic)).toEqual([
    "lanwarden/cabin/incident/i1/ack",
    "lanwarden/cabin/incident/i1/normal",
    "lanwarden/cabin/dev/aabbccddeeff/isolate/set",
  ]);
  expect(sent.every(([service, { retain }]) => service === "mqtt.publish" && !retain)).toBe(true);
  expect(JSON.parse(sent[2]?.[1].payload ?? "")).toEqual({
    state: "ON",
    for_seconds: 14_400,
    incident: "i1",
    by: "home-assistant",
  });
});
