import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { describe, expect, it } from "vitest";
import { embedded } from "./brokers.ts";
import { discoverySetFaults } from "./discovery-schema.ts";
import { FakeHome } from "./fake-home.ts";
import { pause, retained, until } from "./listener.ts";
import { joined, kept, raise, TIMINGS } from "./open-sink.ts";

const FIRST = "00005e005301";
const DEVICE = `lanwarden/test/dev/${FIRST}`;
const ANNOUNCEMENT = `homeassistant/device/lanwarden_${FIRST}/config`;

/** A home with one device and a back-end, its sink, and who listens. */
async function isolatingHome(home = new FakeHome()) {
  const broker = kept(await embedded(), (it) => it.remove());
  home.backend = true;
  home.deviceList = [makeDevice(1, { pinned: true, name: "Hall camera" })];
  const { listener, sink } = await joined(broker, home, { timings: { ...TIMINGS, spacingMs: 5000 } });
  home.changed = (device) => sink.device(device);
  await until("the device", () => listener.last(`${DEVICE}/state`) !== undefined);
  await pause(TIMINGS.settleMs + 50);
  const events = () => listener.on("lanwarden/test/incident").map(({ payload }) => JSON.parse(payload));
  const states = () => listener.on(`${DEVICE}/state`).map(({ payload }) => JSON.parse(payload).isolated);
  listener.forget();
  return { broker, home, listener, sink, events, states };
}

describe("isolation by MQTT", () => {
  it("is pending at once, then as verified, without waiting for the spacing; and told as an event to read and to speak", async () => {
    const { home, listener, events, states } = await isolatingHome();
    home.outcome = { state: "yes", afterMs: 300 };
    await listener.say(`${DEVICE}/isolate/set`, "ON");
    await until("pending", () => states().includes(null), 1000);
    await until("isolated", () => states().at(-1) === "ON", 1000);
    expect(listener.json(`${DEVICE}/state`)).toMatchObject({
      isolation: { isolation: "yes", by: "mqtt", level: "wan" },
    });
    await until("the events", () => listener.on(`${DEVICE}/incident`).length === 1);
    expect(events()).toEqual([
      expect.objectContaining({
        event_type: "device_isolated",
        device: "00:00:5e:00:53:01",
        title: "Hall camera is isolated",
        speech: "Hall camera is isolated, for 4 hours.",
      }),
    ]);
    await listener.say(`${DEVICE}/isolate/set`, JSON.stringify({ state: "OFF", by: "anna" }));
    await until("released", () => states().at(-1) === "OFF", 2000);
    await until("the event", () => events().at(-1)?.event_type === "device_released");
    expect(home.asked).toEqual(['isolate 00:00:5e:00:53:01 {"by":"mqtt"}', "release 00:00:5e:00:53:01 anna"]);
  });

  it("takes who, why, how long and for which incident", async () => {
    const { home, listener } = await isolatingHome();
    const request = { for_seconds: 3600, reason: "it scans", by: "node-red", incident: "aaaaaaaaaaaa" };
    await listener.say(`${DEVICE}/isolate/set`, JSON.stringify({ state: "ON", ...request }));
    await listener.say(`${DEVICE}/isolate/set`, '{"state":"ON","for_seconds":null}');
    await until("both", () => home.asked.length === 2);
    const asked = home.asked.map((text) => JSON.parse(text.slice(text.indexOf("{"))));
    expect(asked).toEqual([request, { by: "mqtt", for_seconds: null }]);
  });

  it("is answered by the state and a sentence when refused", async () => {
    const { home, listener, events, states } = await isolatingHome();
    home.refusal = "Hall camera is the gateway of your home";
    await listener.say(`${DEVICE}/isolate/set`, "ON");
    await until("the answer", () => states().length > 0 && events().length > 0, 2000);
    expect(states()).toEqual(["OFF"]);
    expect(events()[0]).toMatchObject({
      event_type: "isolation_refused",
      title: "Hall camera was not isolated",
      message: "Hall camera is the gateway of your home.",
    });
    await until("on the device's topic too", () => listener.on(`${DEVICE}/incident`).length === 1);
  });

  it("tells when it did not take effect", async () => {
    const { home, listener, events } = await isolatingHome();
    home.outcome = { state: "failed", afterMs: 100, detail: "it still talks to 203.0.113.9" };
    await listener.say(`${DEVICE}/isolate/set`, "ON");
    await until("the event", () => events().length > 0, 2000);
    expect(events()[0]).toMatchObject({
      event_type: "isolation_failed",
      message: "It still talks to 203.0.113.9.",
      speech: expect.stringContaining("did not take effect"),
    });
    expect(listener.json(`${DEVICE}/state`).isolated).toBe("OFF");
  });

  it("is answered within two seconds even when it takes longer", async () => {
    const { home, listener, states } = await isolatingHome();
    home.isolate = () => new Promise((resolve) => setTimeout(() => resolve(undefined), 4000));
    await listener.say(`${DEVICE}/isolate/set`, "ON");
    await until("the answer", () => states().length > 0, 2000);
  });

  it("refuses what makes no sense, and does nothing of it", async () => {
    const { home, listener, states } = await isolatingHome();
    const bad = [
      '{"state":"ON","for_seconds":-1}',
      '{"state":"ON","for_seconds":1.5}',
      '{"state":"ON","for_seconds":"3600"}',
      '{"state":"ON","for_seconds":1e12}',
      '{"state":true}',
      "on",
      "[]",
      "null",
      '"ON"',
    ];
    for (const payload of bad) await listener.say(`${DEVICE}/isolate/set`, payload);
    await until("an answer each", () => states().length >= bad.length, 2000);
    expect(home.asked).toEqual([]);
    await listener.say(
      `${DEVICE}/isolate/set`,
      JSON.stringify({ state: "ON", by: "x\u0000\u202ey".repeat(100), reason: 7 }),
    );
    await until("the last", () => home.asked.length === 1);
    expect(home.asked[0]).toMatch(/\{"by":"(xy)+x?…"\}$/);
    expect(home.asked[0]?.length).toBeLessThan(100);
  });

  it("is not told again because of a restart", async () => {
    const { broker, home, listener, sink, events } = await isolatingHome();
    await listener.say(`${DEVICE}/isolate/set`, "ON");
    await until("the event", () => events().length === 1, 2000);
    await sink.close();
    listener.forget();
    const second = await joined(broker, home);
    for (const device of home.deviceList) second.sink.device(device);
    // Also when the isolation is only found after the start.
    const [device] = home.deviceList;
    if (device) second.sink.device({ ...device, id: "00:00:5e:00:53:02" });
    await pause(300);
    expect(events()).toEqual([]);
  });

  it("makes a device announced that was not", async () => {
    const { home, listener, sink } = await isolatingHome();
    home.deviceList.push(makeDevice(2));
    home.isolation("00:00:5e:00:53:02", { state: "pending" });
    await until("its announcement", () => listener.last(ANNOUNCEMENT.replace("5301", "5302")) !== undefined);
    home.isolation("00:00:5e:00:53:02", { state: "no" });
    sink.device(home.deviceList[1] ?? makeDevice(2));
    await pause(200);
    expect(listener.last(ANNOUNCEMENT.replace("5301", "5302"))).not.toBe("");
  });
});

describe("other commands", () => {
  it("profiles, auto-isolate, all acknowledged, all released, normal: each done and answered by state", async () => {
    const { home, listener, sink } = await isolatingHome();
    const answered = async (topic: string, payload: string, wanted: () => boolean) => {
      listener.forget();
      await listener.say(`lanwarden/test/${topic}`, payload);
      await until(topic, () => listener.last("lanwarden/test/state") !== undefined && wanted(), 2000);
    };
    const mode = () => listener.json("lanwarden/test/state").mode;
    await answered(`dev/${FIRST}/profile/set`, "iot", () => listener.json(`${DEVICE}/state`).profile === "iot");
    await answered(`dev/${FIRST}/profile/set`, "evil", () => home.warnings.join().includes("a profile must be one of"));
    expect(home.deviceList[0]?.policy).toBe("iot");
    await answered("auto_isolate/set", "OFF", () => mode() === "monitor");
    await answered("auto_isolate/set", "ON", () => mode() === "protect");
    await answered("auto_isolate/set", "OFF", () => mode() === "ask");
    raise(home, sink, "aaaaaaaaaaaa");
    raise(home, sink, "bbbbbbbbbbbb");
    await answered("incident/aaaaaaaaaaaa/normal", "", () => home.asked.includes("normal aaaaaaaaaaaa"));
    await answered("ack_all/set", "PRESS", () => listener.json("lanwarden/test/state").threat === "OFF");
    await answered("release_all/set", "PRESS", () => home.asked.includes("release all mqtt"));
  });

  it("that are retained are ignored, every one", async () => {
    const { broker, home, listener, sink } = await isolatingHome();
    await sink.close();
    const topics = ["auto_isolate/set", "ack_all/set", "release_all/set", `dev/${FIRST}/isolate/set`];
    for (const topic of topics) await listener.say(`lanwarden/test/${topic}`, "ON", true);
    await listener.say(`lanwarden/test/dev/${FIRST}/profile/set`, "iot", true);
    await listener.say("lanwarden/test/incident/aaaaaaaaaaaa/normal", "x", true);
    home.incidentList = [makeIncident("aaaaaaaaaaaa")];
    await joined(broker, home);
    await pause(400);
    expect([home.asked, home.acknowledged, home.mode]).toEqual([[], [], "monitor"]);
  });
});

describe("announcements that change while it runs", () => {
  it("link by MAC when Home Assistant turns out to be new enough", async () => {
    const { listener, sink } = await isolatingHome();
    sink.setLinkByMac?.(false);
    await pause(100);
    expect(listener.last(ANNOUNCEMENT)).toBeUndefined();
    sink.setLinkByMac?.(true);
    await until("the link", () => listener.last(ANNOUNCEMENT) !== undefined);
    expect(listener.json(ANNOUNCEMENT).device).toMatchObject({ connections: [["mac", "00:00:5e:00:53:01"]] });
  });

  it("lose the switch with the last back-end, also over a restart", async () => {
    const { broker, home, listener, sink } = await isolatingHome();
    const isolated = async () => {
      const found = await retained(broker.url, "homeassistant/#");
      const messages = [...found].map(([topic, text]) => ({ topic, payload: JSON.parse(text) }));
      expect(discoverySetFaults(messages)).toEqual([]);
      return messages.find(({ topic }) => topic === ANNOUNCEMENT)?.payload.components.isolated;
    };
    expect(await isolated()).toMatchObject({ platform: "switch", command_topic: `${DEVICE}/isolate/set` });
    home.backend = false;
    sink.hub(home.hub());
    await until("it is announced anew", () => listener.last(ANNOUNCEMENT) !== undefined);
    expect(await isolated()).toEqual({ platform: "switch" });
    await sink.close();
    await joined(broker, home);
    await pause(200);
    expect(await isolated()).toEqual({ platform: "switch" });
  });

  it("go with a device that is no longer known, and its states too", async () => {
    const { broker, home, listener, sink } = await isolatingHome();
    home.deviceList = [];
    sink.hub(home.hub());
    await until("it is taken back", () => listener.last(ANNOUNCEMENT) === "");
    await pause(100);
    expect([...(await retained(broker.url, "#")).keys()].filter((topic) => topic.includes(FIRST))).toEqual([]);
  });

  it("keep the entities of mining when it is long over", async () => {
    const { broker, home, sink } = await isolatingHome();
    raise(home, sink, "aaaaaaaaaaaa", { kind: "mining" });
    await sink.close();
    home.incidentList = [];
    await joined(broker, home);
    await pause(200);
    const found = await retained(broker.url, ANNOUNCEMENT);
    expect(JSON.parse(found.get(ANNOUNCEMENT) ?? "{}").components).toHaveProperty("mining");
  });
});
