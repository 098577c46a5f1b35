import type { HomeAssistantLink } from "@lanwarden/contract/home-assistant";
import { makeDevice, makeHub, makeIncident } from "@lanwarden/contract/test-double/samples";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FakeHomeAssistant } from "../../test/fake-home-assistant.ts";
import { openLink, pause, until } from "../../test/link-harness.ts";
import type { Notification } from "./notification.ts";

const CAMERA = makeDevice(1, { name: "Hall camera", name_source: "user" });
const scan = (change: Parameters<typeof makeIncident>[1] = {}) =>
  makeIncident("a1", { title: "Hall camera scans the internet", first_seen: new Date().toISOString(), ...change });
const isolated = (change: Partial<typeof CAMERA.isolated> = {}) => ({
  ...CAMERA,
  isolated: {
    state: "yes" as const,
    backend: "nftables inet",
    level: "l2" as const,
    since: "2026-11-22T14:01:58Z",
    until: "2026-11-22T18:02:00Z",
    silent_since: "2026-11-22T14:02:00Z",
    proof: "tap" as const,
    ...change,
  },
});

let home: FakeHomeAssistant;
const links: HomeAssistantLink[] = [];

async function open(...args: Parameters<typeof openLink> extends [unknown, ...infer Rest] ? Rest : never) {
  const opened = openLink(home, ...args);
  links.push(opened.link);
  opened.link.hub(makeHub({ mode: "ask" }));
  await until("up", () => home.asked.includes("subscribe_events mobile_app_notification_action"));
  return opened;
}

const sent = (): Notification[] => home.calls.map(({ data }) => data as unknown as Notification);
const arrived = (count: number) => until(`${count} notifications`, () => home.calls.length >= count && sent());
const buttons = ({ data }: Notification) =>
  (data.actions as { action: string; title: string }[]).map(({ title }) => title);

beforeEach(async () => {
  home = new FakeHomeAssistant();
  await home.start();
});
afterEach(async () => {
  for (const link of links.splice(0)) await link.close();
  await home.stop();
});

test("an incident is told in plain words, with buttons that name agent and incident, and a way to the page", async () => {
  const { link } = await open({ isolationSeconds: 14_400 });
  link.incident("opened", scan(), CAMERA);
  const [push] = await arrived(1);
  expect(home.calls[0]?.action).toBe("notify.mobile_app_phone");
  expect(push).toMatchObject({
    title: "Hall camera scans the internet",
    message: "20 ports of one host within 60 s; 15 are enough. Find out which program does this.",
    data: {
      tag: "lanwarden_home_a1",
      group: "lanwarden_home",
      url: "http://agent:8470/#/incidents?incident=a1",
      clickAction: "http://agent:8470/#/incidents?incident=a1",
      push: { "interruption-level": "time-sensitive" },
      actions: [
        { action: "LANWARDEN_ISOLATE_home.a1", title: "Isolate for 4 h", authenticationRequired: true },
        { action: "LANWARDEN_NORMAL_home.a1", title: "That's normal" },
        { action: "LANWARDEN_LATER_home.a1", title: "Later" },
      ],
    },
  });
});

test("the victim of an attack is not offered to be shut off", async () => {
  const { link } = await open();
  const [attacker, victim] = [{ ip: "203.0.113.9" }, { ip: CAMERA.ips[0] ?? "" }];
  link.incident("opened", scan({ kind: "brute_force", direction: "inbound", attacker, victim }), CAMERA);
  const [push] = await arrived(1);
  expect(buttons(push as Notification)).toEqual(["That's normal", "Later"]);
});

test("a title without the device's present name gets it", async () => {
  const { link } = await open();
  link.incident("opened", scan({ title: "reolink-5301 scans" }), CAMERA);
  expect((await arrived(1))[0]?.title).toBe("Hall camera: reolink-5301 scans");
});

test("only news of the severity asked for, of devices that the user wants to hear of", async () => {
  const { link } = await open({ severity: "high" });
  for (const change of ["updated", "acknowledged", "resolved"]) link.incident(change, scan(), CAMERA);
  link.incident("opened", scan({ severity: "medium" }), CAMERA);
  link.incident("opened", scan({ severity: "info" }), CAMERA);
  link.incident("opened", scan(), { ...CAMERA, policy: "ignored" });
  await pause(60);
  expect(sent()).toEqual([]);
  link.incident("escalated", scan(), CAMERA);
  expect((await arrived(1))[0]?.title).toBe("Worse: Hall camera scans the internet");
});

test.each([
  ["monitor", CAMERA, {}, ["That's normal", "Later"]],
  ["protect", CAMERA, {}, ["Isolate", "That's normal", "Later"]],
  ["ask", CAMERA, { device: null }, ["That's normal", "Later"]],
  ["ask", { ...CAMERA, type: "router" as const }, {}, ["That's normal", "Later"]],
  ["ask", isolated(), {}, ["Release", "That's normal", "Later"]],
  ["ask", CAMERA, { test: true }, ["Isolate (drill)", "That's normal", "Later"]],
] as const)("mode %s, case %#: only what can be done is offered", async (mode, device, change, wanted) => {
  const { link } = await open();
  link.hub(makeHub({ mode }));
  link.incident("opened", scan(change), device);
  expect(buttons((await arrived(1))[0]!)).toEqual(wanted);
});

test("a drill says so first", async () => {
  const { link } = await open();
  link.incident("opened", scan({ test: true, severity: "critical" }), CAMERA);
  const [push] = await arrived(1);
  expect(push?.title).toMatch(/^Drill: Hall camera/);
  expect(push?.message).toMatch(/^This is a drill: nothing has happened\./);
  expect(push?.data.push).toEqual({ "interruption-level": "active" });
});

test("quiet hours make no sound, but for what is critical", async () => {
  const { link } = await open({ quiet: { from: "00:00", to: "23:59" } });
  link.incident("opened", scan(), CAMERA);
  link.incident("opened", { ...scan({ severity: "critical" }), id: "a2" }, CAMERA);
  const [quiet, loud] = await arrived(2);
  expect(quiet?.data).toMatchObject({
    channel: "Lanwarden quiet",
    push: { "interruption-level": "passive", sound: "none" },
  });
  expect(loud?.data).toMatchObject({
    channel: "Lanwarden critical",
    push: { "interruption-level": "critical", sound: { critical: 1 } },
  });
});

test.each(["resolved", "acknowledged"])("%s takes the notification off the phones", async (change) => {
  const { link } = await open();
  link.incident("opened", scan(), CAMERA);
  await arrived(1);
  link.incident(change, scan({ status: change as "resolved" }), CAMERA);
  link.incident(change, scan({ status: change as "resolved" }), CAMERA);
  expect((await arrived(2))[1]).toEqual({ message: "clear_notification", data: { tag: "lanwarden_home_a1" } });
  await pause(60);
  expect(home.calls).toHaveLength(2);
});

test("what an earlier run told is taken off too", async () => {
  const { link } = await open();
  link.incident("resolved", scan({ status: "resolved", first_seen: "2026-11-01T00:00:00Z" }), CAMERA);
  expect((await arrived(1))[0]?.message).toBe("clear_notification");
});

test("answers come back; foreign, double and nonsensical ones do not", async () => {
  const { link, told } = await open();
  link.incident("opened", scan(), CAMERA);
  await arrived(1);
  for (const action of [
    "LANWARDEN_ISOLATE_cabin.a1",
    "LANWARDEN_EXPLODE_home.a1",
    "LANWARDEN_ISOLATE_home.",
    "LANWARDEN_ISOLATE_home.a1\n",
    "LANWARDEN_ISOLATE_home.../../x",
    `LANWARDEN_ISOLATE_home.${"x".repeat(400)}`,
    "OPEN_DOOR",
  ])
    home.tap(action);
  home.fire("mobile_app_notification_action", { action: 7 });
  home.tap("LANWARDEN_ISOLATE_home.a1");
  home.tap("LANWARDEN_ISOLATE_home.a1");
  home.tap("LANWARDEN_NORMAL_home.b2");
  await until("answers", () => told.answers.length === 2);
  await pause(30);
  expect(told.answers).toEqual([
    { action: "isolate", incident: "a1", device: CAMERA.id },
    { action: "normal", incident: "b2", device: null },
  ]);
});

test("an agent whose name has underscores hears its own answers", async () => {
  const { told } = await open({ agent: "my_home_2" });
  home.tap("LANWARDEN_RELEASE_my_home_2.a1");
  await until("answer", () => told.answers.length === 1);
  expect(told.answers).toEqual([{ action: "release", incident: "a1", device: null }]);
});

test("later: off the phones, and once more while it is still open", async () => {
  const { link } = await open();
  link.incident("opened", scan(), CAMERA);
  await arrived(1);
  home.tap("LANWARDEN_LATER_home.a1");
  const [, cleared, reminder] = await arrived(3);
  expect(cleared?.message).toBe("clear_notification");
  expect(reminder?.title).toBe("Still open: Hall camera scans the internet");
  await pause(250);
  expect(home.calls).toHaveLength(3);
});

test("later, and over meanwhile: no reminder", async () => {
  const { link } = await open();
  link.incident("opened", scan(), CAMERA);
  await arrived(1);
  home.tap("LANWARDEN_LATER_home.a1");
  await arrived(2);
  link.incident("resolved", scan({ status: "resolved" }), CAMERA);
  await pause(250);
  expect(home.calls).toHaveLength(2);
});

test("an isolation takes the place of the alert, says since when it is silent, and can be taken back", async () => {
  const { link, told } = await open();
  link.incident("opened", scan(), CAMERA);
  link.isolation(isolated({ state: "yes", silent_since: null, proof: "router" }), scan());
  link.isolation(isolated(), scan());
  link.isolation(isolated({ silent_since: "2026-11-22T14:05:00Z" }), scan());
  const pushes = await arrived(3);
  expect(pushes[1]?.message).toMatch(/^Your router confirms it/);
  expect(pushes[2]).toMatchObject({
    title: "Hall camera is isolated",
    message: "Silent since 14:02. It reaches no other device and not the internet. It ends by itself at 18:02.",
    data: { tag: "lanwarden_home_a1", alert_once: true },
  });
  expect(buttons(pushes[2]!)).toEqual(["Release"]);
  // Its incident ends because it is silent: the button stays.
  link.incident("resolved", scan({ status: "resolved" }), isolated());
  home.tap("LANWARDEN_RELEASE_home.a1");
  await until("answer", () => told.answers.length === 1);
  link.isolation(isolated({ state: "no" }), scan({ status: "resolved" }));
  expect((await arrived(4))[3]).toMatchObject({ title: "Hall camera is back in the network", data: { actions: [] } });
  await pause(50);
  expect(home.calls).toHaveLength(4);
});

test("an isolation that failed says why and offers another try", async () => {
  const { link } = await open();
  link.incident("opened", scan(), CAMERA);
  link.isolation(isolated({ state: "pending" }), scan());
  link.isolation(isolated({ state: "failed", detail: "The router does not answer." }), scan());
  const pushes = await arrived(2);
  expect(pushes[1]).toMatchObject({
    title: "Hall camera could not be isolated",
    message: "The router does not answer.",
  });
  expect(buttons(pushes[1]!)).toEqual(["Try again"]);
});

test("an isolation without an incident can be taken back by its device", async () => {
  const { link, told } = await open();
  link.isolation(isolated(), undefined);
  const [push] = await arrived(1);
  home.tap((push!.data.actions as { action: string }[])[0]!.action);
  await until("answer", () => told.answers.length === 1);
  expect(told.answers).toEqual([{ action: "release", incident: "", device: CAMERA.id }]);
});

test("a release takes off what an earlier run told of the isolation, and leaves an alert alone", async () => {
  const { link } = await open();
  link.isolation(isolated({ state: "no" }), undefined);
  link.isolation(isolated({ state: "no" }), { ...scan(), id: "old" });
  const cleared = await arrived(2);
  expect(cleared.map(({ data }) => data.tag)).toEqual(["lanwarden_home_device-00005e005301", "lanwarden_home_old"]);
  link.incident("opened", scan(), CAMERA);
  link.isolation(isolated({ state: "no" }), scan());
  await arrived(3);
  await pause(50);
  expect(home.calls).toHaveLength(3);
});

test("phones: auto finds companion apps and new ones, a list takes its own", async () => {
  home.notify = ["mobile_app_anna", "mobile_app_ben", "telegram"];
  const { link } = await open({ push: "auto" });
  await until("services", () => home.asked.includes("get_services"));
  link.incident("opened", scan(), CAMERA);
  await arrived(2);
  home.notify.push("mobile_app_cleo");
  home.fire("service_registered", { domain: "notify", service: "mobile_app_cleo" });
  home.fire("service_registered", { domain: "notify", service: "smtp" });
  home.fire("service_removed", { domain: "notify", service: "mobile_app_ben" });
  await pause(30);
  home.calls.length = 0;
  link.incident("escalated", scan(), CAMERA);
  await arrived(2);
  expect(home.calls.map(({ action }) => action).sort()).toEqual(["notify.mobile_app_anna", "notify.mobile_app_cleo"]);
});

test("no phones wanted: nothing is sent and nothing is listened to", async () => {
  const { link, told } = openLink(home, { push: [] });
  links.push(link);
  await until("up", () => told.devices.length > 0);
  link.incident("opened", scan(), CAMERA);
  await pause(60);
  expect(home.calls).toEqual([]);
  expect(home.asked).not.toContain("subscribe_events mobile_app_notification_action");
});

test("a phone that is not there yet gets it later; one that never comes is said once, with the mend", async () => {
  home.notify = [];
  const { link, told } = await open({ push: ["notify.mobile_app_phone", "mobile_app_gone"] }, { ...FAST_MAIL });
  link.incident("opened", scan(), CAMERA);
  await pause(30);
  home.notify = ["mobile_app_phone"];
  await arrived(1);
  await until("warning", () => told.warnings.length > 0);
  link.incident("escalated", scan(), CAMERA);
  await arrived(2);
  await pause(300);
  expect(home.calls).toHaveLength(2);
  expect(told.warnings).toEqual([
    "Home Assistant knows no notify.mobile_app_gone: check home_assistant.push against Developer tools, Actions",
  ]);
});
const FAST_MAIL = { retryMs: 20, answerMs: 1000, settleMs: 20, mailRetryMs: 2 };

test("what happens while Home Assistant is away is told when it is back, if it still holds", async () => {
  const { link, told } = await open();
  await home.stop();
  await until("down", () => link.notReady() !== undefined);
  link.incident("opened", scan(), CAMERA);
  link.incident("opened", { ...scan(), id: "a2" }, CAMERA);
  link.incident("resolved", { ...scan({ status: "resolved" }), id: "a2" }, CAMERA);
  await home.start();
  await until("back", () => told.versions.length === 2);
  await arrived(2);
  await pause(100);
  expect(sent().map(({ title, message }) => title ?? message)).toEqual([
    "Hall camera scans the internet",
    "clear_notification",
  ]);
});

test("words from the wire are made safe for the phone", async () => {
  const { link } = await open();
  const title = `\u202ecam\u0007 ${"x".repeat(500)}`;
  link.incident("opened", scan({ title, why: [`{{ states }} ${"y".repeat(900)}`], advice: [] }), undefined);
  const [push] = await arrived(1);
  expect(push?.title).toMatch(/^cam x+…$/);
  expect(push!.title!.length).toBeLessThanOrEqual(90);
  expect(push!.message.length).toBeLessThanOrEqual(300);
});
