import type { DiscoveryContext } from "@lanwarden/contract/discovery";
import { isolationPayload } from "@lanwarden/contract/isolation-event";
import { deviceState, deviceWhy, incidentPayload, tapPayload } from "@lanwarden/contract/mqtt";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { INCIDENT_EVENT_TYPES } from "@lanwarden/contract/topics";
import { discovery } from "@lanwarden/home-assistant/discovery";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributeFaults, discoveryFaults, discoverySetFaults } from "./discovery-schema.ts";

const context: DiscoveryContext = {
  agent: "home",
  version: "0.1.0",
  pageUrl: "http://192.168.1.5:8470/",
  prefix: "homeassistant",
  linkByMac: true,
};

type Changeable = {
  topic: string;
  payload: Record<string, Record<string, unknown> & Record<string, Record<string, unknown>>>;
};
const copy = (): Changeable => structuredClone(discovery.device(makeDevice(1), true, context)) as unknown as Changeable;

describe("discovery messages", () => {
  const devices = [
    makeDevice(1),
    makeDevice(2, {
      type: "miner",
      vendor: null,
      model: "S19",
      firmware: { ...makeDevice(2).firmware, version: "1.2" },
    }),
    makeDevice(3, { name: 'A "quoted" näme · 名前', vendor: "Ünïcode & Söhne" }),
    makeDevice(4, { id: "ip:192.168.1.4", mac: null }),
  ];
  const all = [
    discovery.hub(context),
    ...devices.map((device) => discovery.device(device, device.id.endsWith("1"), context)),
  ];

  it("are what Home Assistant documents, hub and devices alike", () => {
    expect(discoverySetFaults(all)).toEqual([]);
  });

  it("are so for any agent name, any name of a device, with and without links by MAC", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Z0-9_-]{1,32}$/),
        fc.string({ minLength: 1 }),
        fc.boolean(),
        (agent, name, linkByMac) => {
          const there = { ...context, agent, linkByMac };
          expect(
            discoverySetFaults([
              discovery.hub(there),
              discovery.device(makeDevice(1, { name: `x${name}` }), true, there),
            ]),
          ).toEqual([]);
        },
      ),
    );
  });

  it("link by MAC only when told to", () => {
    const linked = discovery.device(makeDevice(1), false, context).payload.device as Record<string, unknown>;
    expect(linked.connections).toEqual([["mac", "00:00:5e:00:53:01"]]);
    const apart = discovery.device(makeDevice(1), false, { ...context, linkByMac: false });
    expect(apart.payload.device).not.toHaveProperty("connections");
  });

  it("have entities that isolate only with a back-end, and take them back when there is none any more", () => {
    const keys = { hub: ["auto_isolate", "release_all"], device: ["isolated"] };
    const parts = (change: Partial<DiscoveryContext>) => ({
      ...(discovery.hub({ ...context, ...change }).payload.components as object),
      ...(discovery.device(makeDevice(1), false, { ...context, ...change }).payload.components as object),
    });
    for (const key of [...keys.hub, ...keys.device]) {
      expect(parts({})).not.toHaveProperty(key);
      expect(parts({ canIsolate: true })).toHaveProperty([key, "unique_id"]);
      expect(parts({ couldIsolate: true })).toHaveProperty([key], {
        platform: key === "release_all" ? "button" : "switch",
      });
    }
    for (const change of [{ canIsolate: true }, { couldIsolate: true }])
      expect(
        discoverySetFaults([
          discovery.hub({ ...context, ...change }),
          discovery.device(makeDevice(1), true, { ...context, ...change }),
        ]),
      ).toEqual([]);
  });

  it("suggest the room that is known", () => {
    const section = (change: object) => discovery.device(makeDevice(1, change), false, context).payload.device;
    expect(section({ area: "Hall" })).toHaveProperty("suggested_area", "Hall");
    expect(section({ area: null })).not.toHaveProperty("suggested_area");
  });

  it("have mining entities only where something mines", () => {
    const keys = (mines: boolean) =>
      Object.keys(discovery.device(makeDevice(1), mines, context).payload.components as object);
    expect(keys(false)).not.toContain("mining");
    expect(keys(true)).toEqual(expect.arrayContaining(["mining", "pool"]));
  });

  it("are known again as ours, and others' and another agent's are not", () => {
    for (const { payload } of all) expect(discovery.owns(JSON.parse(JSON.stringify(payload)), "home")).toBe(true);
    expect(discovery.owns(all[0]?.payload, "cottage")).toBe(false);
    expect(
      discovery.owns({ origin: { name: "Zigbee2MQTT" }, availability_topic: "lanwarden/home/status" }, "home"),
    ).toBe(false);
    for (const odd of [null, undefined, 7, "x", [], {}, { origin: null }])
      expect(discovery.owns(odd, "home")).toBe(false);
  });
});

describe("the checker of discovery messages", () => {
  const faults: [string, (message: Changeable) => void][] = [
    ["topic with a colon", (m) => (m.topic = m.topic.replace("0000", "00:00"))],
    ["no origin", (m) => delete m.payload.origin],
    ["no origin name", (m) => delete m.payload.origin?.name],
    ["no device name", (m) => delete m.payload.device?.name],
    [
      "no identifiers",
      (m) => {
        delete m.payload.device?.identifiers;
        delete m.payload.device?.connections;
      },
    ],
    ["MAC in capitals", (m) => Object.assign(m.payload.device ?? {}, { connections: [["mac", "AA:BB:CC:DD:EE:FF"]] })],
    ["unknown device key", (m) => Object.assign(m.payload.device ?? {}, { entry_type: "service" })],
    ["page that is no address", (m) => Object.assign(m.payload.device ?? {}, { configuration_url: "lanwarden" })],
    ["no components", (m) => Object.assign(m.payload, { components: {} })],
    ["unknown platform", (m) => Object.assign(m.payload.components?.risk ?? {}, { platform: "gauge" })],
    ["no unique id", (m) => delete m.payload.components?.risk?.unique_id],
    [
      "unique id twice",
      (m) => Object.assign(m.payload.components?.risk ?? {}, { unique_id: m.payload.components?.threat?.unique_id }),
    ],
    ["unknown key", (m) => Object.assign(m.payload.components?.risk ?? {}, { object_id: "x" })],
    [
      "device class of another platform",
      (m) => Object.assign(m.payload.components?.threat ?? {}, { device_class: "enum" }),
    ],
    [
      "state class with options",
      (m) => Object.assign(m.payload.components?.risk ?? {}, { device_class: "enum", options: ["a"] }),
    ],
    ["unit with a time", (m) => Object.assign(m.payload.components?.last_seen ?? {}, { unit_of_measurement: "s" })],
    [
      "wrong unit",
      (m) => Object.assign(m.payload.components?.ip ?? {}, { device_class: "data_rate", unit_of_measurement: "Mbps" }),
    ],
    ["sensor as configuration", (m) => Object.assign(m.payload.components?.risk ?? {}, { entity_category: "config" })],
    ["event without types", (m) => delete m.payload.components?.incident?.event_types],
    [
      "event type with a space",
      (m) => Object.assign(m.payload.components?.incident ?? {}, { event_types: ["threat detected"] }),
    ],
    [
      "topic with a wildcard",
      (m) => Object.assign(m.payload.components?.incident ?? {}, { state_topic: "lanwarden/+/incident" }),
    ],
    [
      "broken template",
      (m) => Object.assign(m.payload.components?.risk ?? {}, { value_template: "{{ value_json.risk }" }),
    ],
    ["name with the device's", (m) => Object.assign(m.payload.components?.risk ?? {}, { name: "Device 1 risk" })],
    ["name in lower case", (m) => Object.assign(m.payload.components?.risk ?? {}, { name: "risk score" })],
    ["no state topic", (m) => delete (m.payload as Record<string, unknown>).state_topic],
    ["bad quality of service", (m) => Object.assign(m.payload, { qos: 3 })],
    ["a message too long", (m) => Object.assign(m.payload.device ?? {}, { name: "x".repeat(20_000) })],
  ];
  it.each(faults)("finds: %s", (_, plant) => {
    const message = copy();
    expect(discoveryFaults(message.topic, message.payload)).toEqual([]);
    plant(message);
    expect(discoveryFaults(message.topic, message.payload)).not.toEqual([]);
  });

  it("knows the base topic ~", () => {
    const message = copy();
    Object.assign(message.payload, { "~": "lanwarden/home", state_topic: "~/state" });
    expect(discoveryFaults(message.topic, message.payload)).toEqual([]);
    Object.assign(message.payload, { state_topic: "lanwarden/~/state" });
    expect(discoveryFaults(message.topic, message.payload)).not.toEqual([]);
  });

  it("finds what two messages must not share", () => {
    expect(discoverySetFaults([copy(), copy()])).not.toEqual([]);
  });
});

describe("payloads that become attributes", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 2000 });
  const incident = fc
    .record({
      title: text,
      why: fc.array(text, { maxLength: 8 }),
      advice: fc.array(text, { maxLength: 8 }),
      attack: fc.array(fc.record({ tactic: fc.constant("TA0007"), technique: fc.constant("T1046.001") }), {
        maxLength: 12,
      }),
      fields: fc.dictionary(fc.string({ maxLength: 30 }), text, { maxKeys: 24 }),
    })
    .map(({ fields, ...rest }) =>
      makeIncident("abcdefghijkl", { ...rest, evidence: { flow_ids: Array(32).fill(9e15), fields } }),
    );

  it("an incident's event stays under 2 kB, has a known type and no name of Home Assistant's", () => {
    fc.assert(
      fc.property(
        incident,
        fc.constantFrom("opened", "escalated", "updated", "acknowledged", "resolved", "reopened"),
        text,
        (made, change, name) => {
          const payload = incidentPayload(
            change,
            made,
            99,
            "http://192.168.1.5:8470/#/incidents?incident=abcdefghijkl",
            makeDevice(1, { name }),
          );
          expect(String(payload.speech).length).toBeLessThan(260);
          expect(attributeFaults(payload, 2000)).toEqual([]);
          expect(INCIDENT_EVENT_TYPES).toContain(payload.event_type);
          expect(JSON.stringify(payload).isWellFormed()).toBe(true);
          expect(JSON.stringify(payload)).not.toMatch(/\\ud[89a-f]/);
        },
      ),
    );
  });

  it("a device's reasons stay under 2 kB", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 9 }), (whys) => {
        const factors = whys.map((why) => ({ id: "x", points: 1, why, fix: "" }));
        const device = makeDevice(1, { risk: { score: 80, level: "critical", factors } });
        expect(attributeFaults(deviceWhy(device))).toEqual([]);
        expect(JSON.stringify(deviceState(device, [])).length).toBeLessThan(1000);
      }),
    );
  });

  it("what is known of an isolation, and its events, stay under 2 kB, whatever a back-end says", () => {
    const isolated = fc.record({
      state: fc.constantFrom("no" as const, "pending" as const, "yes" as const, "failed" as const),
      backend: fc.option(text),
      level: fc.constantFrom("l2" as const, "wan" as const, "wan-ipv4" as const, "dns" as const, null),
      since: fc.constantFrom(null, "2026-11-22T10:00:00.000000+00:00"),
      until: fc.constantFrom(null, "2026-11-22T14:00:00.000000+00:00"),
      detail: fc.option(text),
      by: fc.option(text),
    });
    const types = ["device_isolated", "device_released", "isolation_refused", "isolation_failed"] as const;
    fc.assert(
      fc.property(isolated, text, fc.option(text), (made, name, why) => {
        const device = makeDevice(1, { isolated: made, name: `x${name}` });
        const { isolation } = deviceState(device, []);
        expect(attributeFaults(isolation)).toEqual([]);
        expect(JSON.stringify(isolation).isWellFormed()).toBe(true);
        for (const type of types) {
          const payload = isolationPayload(type, device, why ?? undefined, `${context.pageUrl}#/devices/x`);
          expect(attributeFaults(payload)).toEqual([]);
          expect(INCIDENT_EVENT_TYPES).toContain(payload.event_type);
          expect(payload.speech).toMatch(/\.$/);
        }
      }),
    );
  });

  it("the tap's events have declared types", () => {
    for (const isUp of [true, false]) {
      const payload = tapPayload(isUp, "x".repeat(5000), context.pageUrl);
      expect(INCIDENT_EVENT_TYPES).toContain(payload.event_type);
      expect(attributeFaults(payload)).toEqual([]);
    }
  });
});

describe("what became of an isolation", () => {
  const since = "2026-11-22T10:00:00.000000+00:00";
  const device = makeDevice(1, {
    name: "Hall camera",
    isolated: {
      state: "yes",
      backend: "nftables inet",
      level: "wan",
      since,
      until: "2026-11-22T14:00:00.000000+00:00",
      proof: "tap",
    },
  });
  it("is told in plain words, with how far, how long and on what proof", () => {
    expect(isolationPayload("device_isolated", device, undefined, "")).toMatchObject({
      title: "Hall camera is isolated",
      message: "It does not reach the internet; at home it still does, for 4 hours. The tap sees that it is silent.",
      speech: "Hall camera is isolated, for 4 hours.",
      device: device.id,
    });
    const unproven = { ...device, isolated: { ...device.isolated, until: null, proof: "router" as const } };
    expect(isolationPayload("device_isolated", unproven, undefined, "").message).toBe(
      "It does not reach the internet; at home it still does, until you release it. The tap has not proven it yet.",
    );
    expect(isolationPayload("isolation_refused", device, "it is your gateway", "")).toMatchObject({
      title: "Hall camera was not isolated",
      message: "It is your gateway.",
    });
  });

  it("is on only when verified, and neither on nor off on the way", () => {
    const state = (name: "no" | "pending" | "yes" | "failed") =>
      deviceState(makeDevice(1, { isolated: { ...device.isolated, state: name } }), []).isolated;
    expect([state("no"), state("pending"), state("yes"), state("failed")]).toEqual(["OFF", null, "ON", "OFF"]);
  });
});

describe("a device's state", () => {
  it("is a threat while an incident of medium or worse is open, and no drill counts", () => {
    const device = makeDevice(1);
    const state = (change: object) => deviceState(device, [makeIncident("a", change)]).threat;
    expect(state({ severity: "medium" })).toBe("ON");
    expect(state({ severity: "low" })).toBe("OFF");
    expect(state({ status: "acknowledged" })).toBe("OFF");
    expect(state({ status: "resolved" })).toBe("OFF");
    expect(state({ test: true })).toBe("OFF");
    expect(state({ device: "00:00:5e:00:53:02" })).toBe("OFF");
  });
});
