import type { HomeAssistantLink } from "@lanwarden/contract/home-assistant";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeHomeAssistant } from "../../test/fake-home-assistant.ts";
import { openLink, pause, until } from "../../test/link-harness.ts";

const CAMERA = makeDevice(1, { name: "Hall camera", name_source: "user" });
const SATELLITE = "assist_satellite.kitchen";
const scan = (id: string, change: Parameters<typeof makeIncident>[1] = {}) =>
  makeIncident(id, { kind: "network_scan", direction: "outbound", ...change });

let home: FakeHomeAssistant;
const links: HomeAssistantLink[] = [];

async function open(...args: Parameters<typeof openLink> extends [unknown, ...infer Rest] ? Rest : never) {
  const [settings, timings] = args;
  const opened = openLink(home, { push: [], speak: [SATELLITE], ...settings }, timings);
  links.push(opened.link);
  await until("speakers followed", () => home.asked.includes("subscribe_entities"));
  await pause(20);
  return opened;
}
const spoken = (): unknown[] => home.calls.map(({ data }) => data.message);

beforeEach(async () => {
  home = new FakeHomeAssistant();
  home.setState(SATELLITE, { state: "idle", attributes: {} });
  await home.start();
});
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await home.stop();
});

test("a satellite announces it in at most two sentences", async () => {
  const { link } = await open();
  link.incident("opened", scan("a1"), CAMERA);
  await until("speech", () => home.calls.length === 1);
  expect(home.calls).toMatchObject([
    {
      action: "assist_satellite.announce",
      data: { message: "Hall camera is scanning the internet. Please look at your phone." },
      target: { entity_id: SATELLITE },
    },
  ]);
});

test("media players speak with the voice, each by itself", async () => {
  home.setState("media_player.hall", { state: "off", attributes: {} });
  home.setState("media_player.attic", { state: "idle", attributes: {} });
  home.setState("tts.piper", { state: "unknown", attributes: {} });
  const { link } = await open({ speak: ["media_player.hall", "media_player.attic"], tts: "tts.piper" });
  link.incident("opened", scan("a1"), CAMERA);
  await until("speech", () => home.calls.length === 2);
  expect(home.calls.map(({ action, target, data }) => [action, target, data.media_player_entity_id])).toEqual([
    ["tts.speak", { entity_id: "tts.piper" }, "media_player.hall"],
    ["tts.speak", { entity_id: "tts.piper" }, "media_player.attic"],
  ]);
});

test("nothing for context, updates, what is acknowledged, too mild, or ignored", async () => {
  const { link } = await open({ severity: "high" });
  link.incident("opened", scan("a1", { severity: "info" }), CAMERA);
  link.incident("opened", scan("a2", { severity: "medium" }), CAMERA);
  link.incident("updated", scan("a3"), CAMERA);
  link.incident("acknowledged", scan("a4", { status: "acknowledged" }), CAMERA);
  link.incident("opened", scan("a5"), { ...CAMERA, policy: "ignored" });
  await pause(60);
  expect(home.calls).toEqual([]);
});

test("the same incident is said again only when it is worse", async () => {
  const { link } = await open({}, { settleMs: 20, speechSpacingMs: 1 });
  link.incident("opened", scan("a1"), CAMERA);
  await until("first", () => home.calls.length === 1);
  link.incident("reopened", scan("a1"), CAMERA);
  link.incident("escalated", scan("a1"), CAMERA);
  await pause(40);
  expect(home.calls).toHaveLength(1);
  link.incident("escalated", scan("a1", { severity: "critical" }), CAMERA);
  await until("second", () => home.calls.length === 2);
});

test("of many at once one is said now, the worst of the others after a pause, if it is still open", async () => {
  const { link } = await open({}, { settleMs: 20, speechSpacingMs: 800 });
  link.incident("opened", scan("a1"), CAMERA);
  link.incident("opened", scan("a2", { severity: "medium" }), makeDevice(2));
  link.incident("opened", scan("a3", { severity: "critical", kind: "mining" }), makeDevice(3));
  link.incident("opened", scan("a4", { severity: "low" }), makeDevice(4));
  await pause(100);
  expect(home.calls).toHaveLength(1);
  await until("second", () => home.calls.length === 2);
  expect(home.calls[1]!.atMs - home.calls[0]!.atMs).toBeGreaterThan(700);
  expect(spoken()[1]).toMatch(/is mining coins/);
  link.incident("opened", scan("a5"), CAMERA);
  link.incident("resolved", scan("a5", { status: "resolved" }), CAMERA);
  await pause(1000);
  expect(home.calls).toHaveLength(2);
});

test("quiet hours are silent, by the home's own clock", async () => {
  // Fourteen hours ahead of UTC: the hour there is known, whatever this machine's zone.
  home.timeZone = "Pacific/Kiritimati";
  const hour = Number(
    new Date().toLocaleTimeString("en-GB", { hour: "2-digit", timeZone: "Pacific/Kiritimati" }).slice(0, 2),
  );
  const text = (h: number): string => `${String((h + 24) % 24).padStart(2, "0")}:00`;
  const { link } = await open({ quiet: { from: text(hour - 1), to: text(hour + 2) } });
  await until("time zone", () => home.asked.includes("get_config"));
  await pause(20);
  link.incident("opened", scan("a1", { severity: "critical" }), CAMERA);
  await pause(60);
  expect(home.calls).toEqual([]);
});

test("drills are spoken and marked; an isolation that answers what was spoken is said once", async () => {
  const { link } = await open();
  const drill = scan("a1", { test: true });
  const device = {
    ...CAMERA,
    isolated: {
      ...CAMERA.isolated,
      state: "yes" as const,
      silent_since: "2026-11-22T14:02:00Z",
      proof: "tap" as const,
    },
  };
  link.isolation(device, drill);
  link.incident("opened", drill, CAMERA);
  await until("alert", () => home.calls.length === 1);
  link.isolation({ ...device, isolated: { ...device.isolated, state: "pending" } }, drill);
  link.isolation(device, drill);
  link.isolation(device, drill);
  await until("isolation", () => home.calls.length === 2);
  await pause(30);
  expect(spoken()).toEqual([
    "This is only a drill. Hall camera is scanning the internet.",
    "This is only a drill. Hall camera is isolated now and silent.",
  ]);
});

test("a speaker that is not there is not called, and said once; when it comes it speaks", async () => {
  home.setState(SATELLITE, undefined);
  const { link, told } = await open();
  link.incident("opened", scan("a1"), CAMERA);
  link.incident("opened", scan("a2"), CAMERA);
  await pause(40);
  expect(home.calls).toEqual([]);
  expect(told.warnings).toEqual([
    expect.stringMatching(/^assist_satellite\.kitchen cannot speak alerts: Home Assistant does not have it/),
  ]);
  home.setState(SATELLITE, { state: "idle", attributes: {} });
  await pause(20);
  link.incident("opened", scan("a3"), CAMERA);
  await until("speech", () => home.calls.length === 1);
});

test("one that fails does not silence the others, and is not asked twice", async () => {
  home.setState("media_player.hall", { state: "off", attributes: {} });
  home.setState("tts.piper", { state: "unknown", attributes: {} });
  home.refusals.set("assist_satellite.announce", { code: "home_assistant_error", message: "busy" });
  const { link, told } = await open({ speak: [SATELLITE, "media_player.hall"], tts: "tts.piper" });
  link.incident("opened", scan("a1"), CAMERA);
  await until("speech", () => home.calls.length === 1 && told.warnings.length === 1);
  await pause(50);
  expect(home.calls).toHaveLength(1);
  expect(told.warnings[0]).toMatch(/assist_satellite\.kitchen cannot speak alerts: busy/);
});
