import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HomeAssistantLink } from "@lanwarden/contract/home-assistant";
import { makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeHomeAssistant } from "../../test/fake-home-assistant.ts";
import { openLink, pause, until } from "../../test/link-harness.ts";

let home: FakeHomeAssistant;
const links: HomeAssistantLink[] = [];

function open(...args: Parameters<typeof openLink> extends [unknown, ...infer Rest] ? Rest : never) {
  const opened = openLink(home, ...args);
  links.push(opened.link);
  return opened;
}

beforeEach(async () => {
  home = new FakeHomeAssistant();
  await home.start();
});
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await home.stop();
});

test.each(["2026.4.0", "2026.11.0"])("tells the version %s after logging in, and is ready then", async (version) => {
  home.version = version;
  const { link, told } = open();
  expect(link.notReady()).toMatch(/has not answered yet/);
  await until("version", () => told.versions.length === 1);
  expect(told.versions).toEqual([version]);
  expect(link.notReady()).toBeUndefined();
  expect(link.actions.isUp).toBe(true);
  expect(told.warnings).toEqual([]);
});

test("a Home Assistant that is not there yet is tried until it is, said once", async () => {
  await home.stop();
  const { link, told } = open();
  await until("warning", () => told.warnings.length > 0);
  expect(told.warnings[0]).toMatch(/cannot be reached \(nothing listens there\): check home_assistant\.url/);
  expect(link.notReady()).toMatch(/cannot be reached; tried again every/);
  await expect(link.actions.call("switch.turn_on", {})).rejects.toThrow(/cannot be reached/);
  await pause(300);
  expect(told.warnings).toHaveLength(1);
  await home.start();
  await until("connection", () => link.notReady() === undefined);
  expect(told.infos.at(-1)).toMatch(/is connected again/);
});

test("a refused token is final, said once with the mend, and never shown", async () => {
  const { link, told } = open({ token: "wrong-token" });
  await until("warning", () => told.warnings.length > 0);
  await pause(300);
  expect(home.logins).toBe(1);
  expect(told.warnings).toEqual([
    expect.stringMatching(/refuses the token: make a new long-lived access token.*restart Lanwarden/),
  ]);
  expect(link.notReady()).toMatch(/refuses the token/);
  expect(JSON.stringify([told, link.notReady()])).not.toContain("wrong-token");
});

test("a dropped connection comes again, with all that was listened to", async () => {
  const { told } = open();
  await until("first", () => home.asked.includes("subscribe_events mobile_app_notification_action"));
  for (let round = 1; round <= 3; round++) {
    home.asked.length = 0;
    home.drop();
    await until("listening again", () => home.asked.includes("subscribe_events mobile_app_notification_action"));
    await pause(20);
    home.tap(`LANWARDEN_LATER_home.round${round}`);
    await until("answer", () => told.answers.length === round);
  }
  expect(told.versions).toHaveLength(4);
  expect(home.clients).toBe(1);
});

test("Home Assistant that starts again as another version is told so", async () => {
  const { told } = open();
  await until("first", () => told.versions.length === 1);
  await home.stop();
  await pause(100);
  home.version = "2026.12.0";
  await home.start();
  await until("second", () => told.versions.length === 2);
  expect(told.versions).toEqual(["2026.11.0", "2026.12.0"]);
});

test("a half-open connection is noticed by the ping and replaced", async () => {
  const { link, told } = open();
  await until("first", () => told.versions.length === 1);
  home.isDeaf = true;
  await until("noticed", () => link.notReady() !== undefined);
  home.isDeaf = false;
  await until("again", () => told.versions.length === 2);
});

test("what is no message does not end anything", async () => {
  const { link, told } = open();
  await until("first", () => told.versions.length === 1);
  for (const text of ["", "not json", "null", "[]", "42", '{"type":"result"}', '{"id":1e9,"type":"event"}', "[null]"])
    home.babble(text);
  await pause(50);
  home.babble('{"id":3,"type":"result","success":false}');
  expect(await link.actions.state("switch.nothing")).toBeUndefined();
  expect(told.versions).toHaveLength(1);
});

test("hooks that throw end neither link nor agent", async () => {
  const { link } = open();
  const thrower = openLink(home);
  links.push(thrower.link);
  thrower.told.versions.push = () => {
    throw new Error("own fault");
  };
  await until("warning", () => thrower.told.warnings.some((text) => text.includes("own fault")));
  await until("both up", () => link.actions.isUp && thrower.link.actions.isUp);
});

test("a token without rights: what it may not do is said, the rest works", async () => {
  home.forbidden.add("subscribe_events mobile_app_notification_action");
  const { link, told } = open();
  await until("warning", () => told.warnings.length > 0);
  expect(told.warnings).toEqual([
    expect.stringMatching(/answers to notifications do not come back: the token must be an administrator's/),
  ]);
  home.drop();
  await until("again", () => told.versions.length === 2);
  link.incident("opened", makeIncident("a1"), undefined);
  await until("push", () => home.calls.length > 0);
  expect(told.warnings).toHaveLength(1);
});

test("actions: called with data and target; refusals and nonsense are one line for people", async () => {
  const { link } = open();
  await until("up", () => link.actions.isUp);
  await link.actions.call("switch.turn_off", { transition: 2 }, { entity_id: "switch.port_7" });
  expect(home.calls).toMatchObject([
    { action: "switch.turn_off", data: { transition: 2 }, target: { entity_id: "switch.port_7" } },
  ]);
  home.refusals.set("switch.turn_on", { code: "home_assistant_error", message: "The router\nis away" });
  await expect(link.actions.call("switch.turn_on", {})).rejects.toThrow("switch.turn_on: The router is away");
  await expect(link.actions.call("rm -rf", {})).rejects.toThrow(/"rm -rf" is no action of Home Assistant/);
  await expect(link.actions.state("{{ 1 }}")).rejects.toThrow(/no entity id/);
});

test("actions: the state of an entity is the present one", async () => {
  const { link } = open();
  await until("up", () => link.actions.isUp);
  home.setState("switch.port_7", { state: "on", attributes: {} });
  expect(await link.actions.state("switch.port_7")).toBe("on");
  home.setState("switch.port_7", { state: "off", attributes: {} });
  expect(await link.actions.state("switch.port_7")).toBe("off");
  expect(await link.actions.state("switch.port_8")).toBeUndefined();
});

test("what waits for an answer when the connection ends is told so, at once", async () => {
  const { link } = open();
  await until("up", () => link.actions.isUp);
  home.isDeaf = true;
  const call = link.actions.call("switch.turn_on", {});
  const state = link.actions.state("switch.port_7");
  home.drop();
  await expect(call).rejects.toThrow(/connection to Home Assistant was lost/);
  await expect(state).rejects.toThrow(/connection to Home Assistant was lost/);
  home.isDeaf = false;
});

test("a Home Assistant that is too busy to answer is asked again", async () => {
  const { told } = open({}, { retryMs: 20, answerMs: 60, settleMs: 20, pingMs: 60_000 });
  home.isBusy = true;
  await until("asked", () => home.asked.includes("config/area_registry/list") || home.asked.length > 4);
  await pause(150);
  home.isBusy = false;
  await until("devices", () => told.devices.length > 0);
  expect(told.versions).toHaveLength(1);
  expect(told.warnings).toEqual([]);
});

test("closed means closed", async () => {
  const { link } = open();
  await until("up", () => link.actions.isUp);
  await link.close();
  await until("gone", () => home.clients === 0);
  await pause(200);
  expect(home.logins).toBe(1);
  link.incident("opened", makeIncident("a1"), undefined);
  expect(link.notReady()).toMatch(/closed/);
});

test("a web server that is no Home Assistant is told from one that is away", async () => {
  const server = createServer((_, response) => response.writeHead(200).end("hello"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { told } = open({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  await until("warning", () => told.warnings.length > 0);
  server.close();
  expect(told.warnings[0]).toMatch(/it answers HTTP 200, but no WebSocket: a proxy/);
});

test("an address that is none is a warning, not a crash", async () => {
  const { told } = open({ url: "http://exa mple:99999" });
  await until("warning", () => told.warnings.length > 0);
  expect(told.warnings[0]).toMatch(/cannot be reached/);
});
