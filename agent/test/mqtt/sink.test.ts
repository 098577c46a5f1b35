import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, it } from "vitest";
import { MAX_WAITING_EVENTS } from "../../src/sinks/event-mail.ts";
import { embedded, hasMosquitto, mosquitto, type TestBroker } from "./brokers.ts";
import { discoverySetFaults } from "./discovery-schema.ts";
import { FakeHome } from "./fake-home.ts";
import { Listener, pause, retained, until } from "./listener.ts";
import { joined, kept, open, raise, TIMINGS } from "./open-sink.ts";

const ANNOUNCEMENT = (mac12: string) => `homeassistant/device/lanwarden_${mac12}/config`;
const HUB = "homeassistant/device/lanwarden_test/config";
const FIRST = "00005e005301";

const brokers: [string, () => Promise<TestBroker>][] = [
  ["mosquitto", () => mosquitto()],
  ["the embedded broker", embedded],
];

describe.each(brokers)("MQTT with %s", (name, make) => {
  const test = it.skipIf(name === "mosquitto" && !hasMosquitto);
  const start = async () => kept(await make(), (broker) => broker.remove());

  test("tells status, hub, devices and announcements, retained; and offline when it ends", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1, { pinned: true }), makeDevice(2)];
    const { sink } = await joined(broker, home);
    const found = await retained(broker.url, "#");
    expect(found.get("lanwarden/test/status")).toBe("online");
    expect(JSON.parse(found.get("lanwarden/test/state") ?? "")).toMatchObject({
      agent: "test",
      risk: 12,
      level: "low",
      mode: "monitor",
      tap: "ON",
    });
    expect(JSON.parse(found.get(`lanwarden/test/dev/${FIRST}/state`) ?? "")).toMatchObject({
      risk: 10,
      threat: "OFF",
      isolated: "OFF",
    });
    expect(JSON.parse(found.get(`lanwarden/test/dev/${FIRST}/why`) ?? "")).toMatchObject({ vendor: "Example" });
    expect(found.has("lanwarden/test/dev/00005e005302/state")).toBe(true);
    const announced = [...found].filter(([topic]) => topic.startsWith("homeassistant/"));
    expect(announced.map(([topic]) => topic).sort()).toEqual([ANNOUNCEMENT(FIRST), HUB].sort());
    expect(discoverySetFaults(announced.map(([topic, text]) => ({ topic, payload: JSON.parse(text) })))).toEqual([]);
    await sink.close();
    expect((await retained(broker.url, "lanwarden/test/status")).get("lanwarden/test/status")).toBe("offline");
  });

  test("tells an incident on the hub's topic at once and on the device's after its announcement, neither retained", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1)];
    const { listener, sink } = await joined(broker, home);
    expect(listener.on(ANNOUNCEMENT(FIRST))).toEqual([]);
    const before = Date.now();
    raise(home, sink, "aaaaaaaaaaaa");
    await until("both events", () => listener.on(`lanwarden/test/dev/${FIRST}/incident`).length === 1);
    const order = listener.heard.map(({ topic }) => topic);
    const hubEvent = listener.on("lanwarden/test/incident")[0];
    expect((hubEvent?.atMs ?? 0) - before).toBeLessThan(90);
    expect(order.indexOf(ANNOUNCEMENT(FIRST))).toBeLessThan(order.indexOf(`lanwarden/test/dev/${FIRST}/incident`));
    expect(listener.json("lanwarden/test/incident")).toMatchObject({
      event_type: "threat_detected",
      id: "aaaaaaaaaaaa",
      kind: "port_scan",
      message: "20 ports of one host within 60 s; 15 are enough.",
      risk: 10,
      url: "http://192.168.1.5:8470/#/incidents?incident=aaaaaaaaaaaa",
    });
    expect(listener.json(`lanwarden/test/dev/${FIRST}/state`).threat).toBe("ON");
    expect([...(await retained(broker.url, "#")).keys()].filter((topic) => topic.endsWith("/incident"))).toEqual([]);
  });

  test("says nothing of what is information only", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1)];
    const { listener, sink } = await joined(broker, home);
    raise(home, sink, "aaaaaaaaaaaa", { severity: "info" });
    await pause(200);
    expect(listener.on("lanwarden/test/incident")).toEqual([]);
    expect(listener.on(ANNOUNCEMENT(FIRST))).toEqual([]);
  });

  test("loses no event while the broker is down, keeps their order, and tells all states again", async () => {
    const broker = await start();
    await broker.stop();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1, { pinned: true })];
    const sink = await open(home, broker.url);
    await until("the outage is said", () => home.warnings.length > 0);
    expect(home.warnings[0]).toMatch(
      /cannot be reached .*ECONNREFUSED.*trying on every 0.2 s, up to 1000 incident events are kept/,
    );
    expect(sink.notReady()).toContain(broker.url);
    const ids = Array.from({ length: 40 }, (_, i) => `aaaaaaaaaa${String(i).padStart(2, "0")}`);
    for (const id of ids) raise(home, sink, id);
    // The listener must be there first: events are not retained.
    const early = Listener.open(broker.url, ["#"], { reconnectPeriod: 10 });
    await broker.start();
    const listener = kept(await early, (it) => it.close());
    await until("the waiting events", () => listener.on("lanwarden/test/incident").length >= ids.length);
    expect(listener.on("lanwarden/test/incident").map(({ payload }) => JSON.parse(payload).id)).toEqual(ids);
    expect(home.infos.join()).toMatch(/is back; \d+ waiting events go out/);
    expect(home.warnings).toHaveLength(1);

    await broker.stop();
    await until("the outage is noticed", () => sink.notReady() !== undefined);
    home.deviceList = [makeDevice(1, { pinned: true, risk: { score: 77, level: "critical", factors: [] } })];
    sink.device(home.deviceList[0] ?? makeDevice(1));
    await broker.start();
    await until("the sink is back", () => sink.notReady() === undefined);
    await pause(200);
    const found = await retained(broker.url, "#");
    expect(found.get("lanwarden/test/status")).toBe("online");
    expect(JSON.parse(found.get(`lanwarden/test/dev/${FIRST}/state`) ?? "{}").risk).toBe(77);
    expect(found.has(ANNOUNCEMENT(FIRST)) && found.has(HUB) && found.has("lanwarden/test/state")).toBe(true);
  }, 40_000);

  test("drops the oldest beyond its cap, counts and says it", async () => {
    const broker = await start();
    await broker.stop();
    const home = new FakeHome();
    const sink = await open(home, broker.url);
    for (let i = 0; i < MAX_WAITING_EVENTS + 25; i++) sink.incident("opened", makeIncident(`n${i}`, { device: null }));
    const early = Listener.open(broker.url, ["#"], { reconnectPeriod: 10 });
    await broker.start();
    const listener = kept(await early, (it) => it.close());
    await until("the waiting events", () => listener.on("lanwarden/test/incident").length >= MAX_WAITING_EVENTS);
    const ids = listener.on("lanwarden/test/incident").map(({ payload }) => JSON.parse(payload).id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([MAX_WAITING_EVENTS, "n25", `n${MAX_WAITING_EVENTS + 24}`]);
    expect(home.warnings.join("\n")).toContain("25 incident events were dropped while the broker was away");
  }, 40_000);

  test("announces again when Home Assistant starts, and tells it what it missed", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1, { pinned: true })];
    const { listener, sink } = await joined(broker, home);
    await listener.say("homeassistant/status", "offline");
    await pause(100);
    raise(home, sink, "aaaaaaaaaaaa");
    await until("the event", () => listener.on("lanwarden/test/incident").length === 1);
    await pause(5200);
    raise(home, sink, "bbbbbbbbbbbb");
    await until("the second event", () => listener.on("lanwarden/test/incident").length === 2);
    listener.forget();
    await listener.say("homeassistant/status", "online");
    await until("the missed event", () => listener.on("lanwarden/test/incident").length === 1);
    const order = listener.heard.map(({ topic }) => topic);
    expect(order.indexOf(HUB)).toBeGreaterThanOrEqual(0);
    expect(order.indexOf(HUB)).toBeLessThan(order.indexOf(ANNOUNCEMENT(FIRST)));
    expect(order).toContain("lanwarden/test/state");
    expect(order).toContain(`lanwarden/test/dev/${FIRST}/state`);
    await pause(300);
    // Home Assistant listens for five seconds before it says "online": it has heard the second one.
    expect(listener.on("lanwarden/test/incident").map(({ payload }) => JSON.parse(payload).id)).toEqual([
      "aaaaaaaaaaaa",
    ]);
    listener.forget();
    await listener.say("homeassistant/status", "online");
    await pause(500);
    expect(listener.on("lanwarden/test/incident")).toEqual([]);
  }, 20_000);

  test("takes back what earlier runs left, and nothing of anybody else", async () => {
    const broker = await start();
    const old = new FakeHome();
    old.deviceList = [makeDevice(1, { pinned: true }), makeDevice(2, { pinned: true }), makeDevice(3)];
    const first = await joined(broker, old);
    await first.listener.say("homeassistant/device/0x00124b0001/config", '{"o":{"name":"Zigbee2MQTT"},"dev":{}}', true);
    await first.listener.say(
      "homeassistant/device/lanwarden_x/config",
      '{"origin":{"name":"Lanwarden"},"availability_topic":"lanwarden/cottage/status"}',
      true,
    );
    await first.listener.say("homeassistant/device/broken/config", "{", true);
    await first.sink.close();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1, { pinned: true }), makeDevice(2)];
    const second = await joined(broker, home);
    await until("the stale announcement is gone", () => second.listener.last(ANNOUNCEMENT("00005e005302")) === "");
    await pause(150);
    const found = await retained(broker.url, "#");
    expect([...found.keys()].sort()).toEqual(
      [
        ANNOUNCEMENT(FIRST),
        "homeassistant/device/0x00124b0001/config",
        "homeassistant/device/broken/config",
        "homeassistant/device/lanwarden_x/config",
        HUB,
        `lanwarden/test/dev/${FIRST}/state`,
        `lanwarden/test/dev/${FIRST}/why`,
        "lanwarden/test/dev/00005e005302/state",
        "lanwarden/test/dev/00005e005302/why",
        "lanwarden/test/state",
        "lanwarden/test/status",
      ].sort(),
    );
  }, 20_000);

  test("answers commands by state, ignores retained ones, and survives any other", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1, { pinned: true })];
    const early = kept(await Listener.open(broker.url), (it) => it.close());
    await early.say("lanwarden/test/mode/set", "protect", true);
    const { listener, sink } = await joined(broker, home);
    await pause(200);
    expect(home.mode).toBe("monitor");
    await early.say("lanwarden/test/mode/set", "", true);

    listener.forget();
    await listener.say("lanwarden/test/mode/set", "ask");
    await until("the mode", () => listener.json("lanwarden/test/state").mode === "ask", 2000);
    raise(home, sink, "aaaaaaaaaaaa");
    listener.forget();
    await listener.say("lanwarden/test/incident/aaaaaaaaaaaa/ack", "");
    await until("the acknowledgement", () => listener.json("lanwarden/test/state").threat === "OFF", 2000);
    expect(home.acknowledged).toEqual(["aaaaaaaaaaaa"]);
    for (const device of ["00:00:5E:00:53:01", FIRST]) {
      listener.forget();
      await listener.say("lanwarden/test/test_incident/set", JSON.stringify({ kind: "mining", device }));
      await until("the answer to a drill", () => listener.last("lanwarden/test/state") !== undefined, 2000);
    }
    expect(home.drills).toEqual(["mining 00:00:5e:00:53:01", "mining 00:00:5e:00:53:01"]);

    home.warnings.length = 0;
    const bad: [string, string][] = [
      ["mode/set", "attack"],
      ["mode/set", ""],
      ["mode/set", '{"mode":"ask"}'],
      ["mode/set", "x".repeat(100_000)],
      ["test_incident/set", "{"],
      ["test_incident/set", "null"],
      ["test_incident/set", "[]"],
      ["test_incident/set", '{"kind":"__proto__","device":"00:00:5e:00:53:01"}'],
      ["test_incident/set", '{"kind":"port_scan","device":{"toString":"x"}}'],
      ["test_incident/set", '{"kind":"port_scan","device":"ff:ff:ff:ff:ff:ff"}'],
      ["incident/../ack", "x"],
      ["incident/%00/ack", "x"],
      ["incident/zzzz/ack", "\u0000"],
      ["dev/00005e0053ff/isolate/set", "ON"],
      [`dev/${FIRST}/isolate/set`, "PERHAPS"],
      [`dev/${FIRST}/isolate/set`, "{"],
      ["release_all/set", "\uffff"],
    ];
    for (const [topic, payload] of bad) await listener.say(`lanwarden/test/${topic}`, payload);
    listener.forget();
    await listener.say("lanwarden/test/mode/set", "monitor");
    await until("it still answers", () => listener.json("lanwarden/test/state").mode === "monitor", 2000);
    expect(home.drills).toHaveLength(2);
    expect(home.warnings.length).toBeGreaterThan(5);
    for (const warning of home.warnings) expect(warning.length).toBeLessThan(300);
  }, 20_000);

  test("announces at most so many devices, pinned ones first, and no randomised MAC that is not pinned", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [
      makeDevice(1, { name_source: "user" }),
      makeDevice(2, { name_source: "user" }),
      makeDevice(3, { name_source: "user" }),
      makeDevice(4, { pinned: true, mac_randomized: true }),
      makeDevice(5, { name_source: "user", mac_randomized: true }),
      makeDevice(6),
      makeDevice(7, { id: "ip:192.168.1.7", mac: null, pinned: true }),
    ];
    const { listener, sink } = await joined(broker, home, { maxDevices: 3 });
    const announced = async () =>
      [...(await retained(broker.url, "homeassistant/device/+/config")).keys()]
        .filter((topic) => topic !== HUB)
        .map((topic) => Number.parseInt(/(\w\w)\/config$/.exec(topic)?.[1] ?? "", 16));
    expect((await announced()).sort()).toEqual([1, 2, 4]);
    expect(home.warnings.join()).toMatch(/more than 3 devices.*mqtt\.max_devices/);

    // A pinned one takes the place of one that is not.
    home.deviceList[5] = makeDevice(6, { pinned: true });
    sink.device(home.deviceList[5] as ReturnType<typeof makeDevice>);
    await until("its announcement", () => listener.last(ANNOUNCEMENT("00005e005306")) !== undefined);
    expect((await announced()).sort()).toEqual([2, 4, 6]);

    // Unpinned, it goes.
    sink.device(makeDevice(6));
    await until("it goes", () => listener.last(ANNOUNCEMENT("00005e005306")) === "");
    raise(home, sink, "aaaaaaaaaaaa", { device: makeDevice(5).id });
    await pause(200);
    expect((await announced()).sort()).toEqual([2, 4]);
  }, 20_000);

  test("keeps a device announced after a restart when its incident is long over", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1)];
    const first = await joined(broker, home);
    raise(home, first.sink, "aaaaaaaaaaaa");
    await until("the announcement", () => first.listener.last(ANNOUNCEMENT(FIRST)) !== undefined);
    await first.sink.close();
    home.incidentList = [];
    await joined(broker, home);
    await pause(800);
    expect([...(await retained(broker.url, "homeassistant/#")).keys()].sort()).toEqual(
      [ANNOUNCEMENT(FIRST), HUB].sort(),
    );
  }, 20_000);

  test("spaces a device's states out, but not a threat", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.deviceList = [makeDevice(1)];
    const { listener, sink } = await joined(broker, home, { timings: { ...TIMINGS, spacingMs: 1000 } });
    await until("the first state", () => listener.on(`lanwarden/test/dev/${FIRST}/state`).length === 1);
    for (let score = 20; score <= 60; score += 10) {
      home.deviceList = [makeDevice(1, { risk: { score, level: "low", factors: [] } })];
      sink.device(home.deviceList[0] as ReturnType<typeof makeDevice>);
    }
    await pause(200);
    expect(listener.on(`lanwarden/test/dev/${FIRST}/state`)).toHaveLength(1);
    await until("the newest state", () => listener.json(`lanwarden/test/dev/${FIRST}/state`).risk === 60, 2000);
    expect(listener.on(`lanwarden/test/dev/${FIRST}/state`)).toHaveLength(2);
    raise(home, sink, "aaaaaaaaaaaa");
    await until("the threat", () => listener.json(`lanwarden/test/dev/${FIRST}/state`).threat === "ON", 500);
  });

  test("tells when the tap is lost and when it is back", async () => {
    const broker = await start();
    const home = new FakeHome();
    home.tap = "OFF";
    const { listener, sink } = await joined(broker, home);
    const types = () => listener.on("lanwarden/test/incident").map(({ payload }) => JSON.parse(payload).event_type);
    for (const tap of ["ON", "ON", "OFF", "OFF", "ON"] as const) {
      home.tap = tap;
      sink.hub(home.hub());
    }
    await until("both events", () => types().length >= 2);
    expect(types()).toEqual(["tap_lost", "tap_restored"]);
  });

  test("takes its status back when the will of a dead connection comes late", async () => {
    const broker = await start();
    const { listener } = await joined(broker, new FakeHome());
    await listener.say("lanwarden/test/status", "offline", true);
    const said = (): string[] =>
      listener.heard.filter(({ topic }) => topic === "lanwarden/test/status").map(({ payload }) => payload);
    await until("offline, and online again", () => said().slice(-2).join() === "offline,online", 2000);
    expect((await retained(broker.url, "lanwarden/test/status")).get("lanwarden/test/status")).toBe("online");
  });
});
