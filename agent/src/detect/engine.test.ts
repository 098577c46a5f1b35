import { expect, test } from "vitest";
import { type AnyDetection, defineDetection } from "./define.ts";
import { flowOf, Stage } from "./test-events.ts";

const base = { signatureId: 7700999, severity: "medium", attack: [], advice: ["Nothing."], quietSeconds: 60 } as const;

const speaker = defineDetection({
  ...base,
  id: "test.speaker",
  kind: "signature",
  defaults: { limit: 3 },
  state: () => ({ count: 0 }),
  on: {
    login({ flow, atUs }, state, context, settings) {
      if (++state.count < settings.limit) return;
      const direction = context.direction(flow.clientIp, flow.serverIp);
      context.raise({
        confidence: 1,
        attacker: { ip: flow.clientIp },
        victim: { ip: flow.serverIp },
        direction,
        title: "{device} speaks",
        why: [],
        flow,
        atUs,
      });
    },
  },
});

const broken = defineDetection({
  ...base,
  id: "test.broken",
  kind: "signature",
  defaults: {},
  state: () => ({}),
  on: {
    login() {
      throw new Error("mistake");
    },
  },
});

test("a detection that throws is switched off and named; the others go on", () => {
  const stage = new Stage([broken, speaker] as AnyDetection[]);
  for (let i = 0; i < 5; i++) stage.login(i, "192.168.1.7:1000", "203.0.113.9:23", {});
  expect(stage.engine.faults.map(({ detection }) => detection)).toEqual(["test.broken"]);
  expect(stage.said).toEqual(["signature medium outbound"]);
});

test("settings replace thresholds", () => {
  const stage = new Stage([speaker] as AnyDetection[], {}, { "test.speaker": { limit: 1 } });
  stage.login(0, "192.168.1.7:1000", "203.0.113.9:23", {});
  expect(stage.incidents).toHaveLength(1);
});

test("an alert has what EVE wants, without the device's name", () => {
  const stage = new Stage([speaker] as AnyDetection[], {}, { "test.speaker": { limit: 1 } });
  stage.login(0, "192.168.1.7:1000", "203.0.113.9:23", {});
  expect(stage.alerts[0]).toMatchObject({
    gid: 7700,
    signatureId: 7700999,
    rev: 1,
    signature: "LANWARDEN Speaks",
    severity: 2,
    metadata: { detection: ["test.speaker"], kind: ["signature"], direction: ["outbound"] },
  });
});

test("what the user calls normal makes neither alert nor incident", () => {
  const stage = new Stage([speaker] as AnyDetection[], {}, { "test.speaker": { limit: 1 } });
  stage.login(0, "192.168.1.7:1000", "203.0.113.9:23", {});
  stage.engine.incidents.markNormal(stage.incidents[0]?.id ?? "", "ann");
  stage.login(1, "192.168.1.7:1000", "203.0.113.9:23", {});
  expect(stage.alerts).toHaveLength(1);
  expect(stage.incidents[0]?.status).toBe("resolved");
});

test("directions: the home decides; neighbours outside it are inside; multicast is the home", () => {
  const stage = new Stage([speaker] as AnyDetection[], {}, { "test.speaker": { limit: 1 } });
  for (const [client, server] of [
    ["192.168.1.7:1", "192.168.1.8:1"],
    ["203.0.113.1:1", "192.168.1.8:1"],
    ["192.168.1.7:1", "203.0.113.1:1"],
    ["147.32.80.40:1", "147.32.80.37:1"],
    ["203.0.113.1:1", "198.51.100.1:1"],
    ["192.168.1.7:1", "224.0.0.251:1"],
  ] as const)
    stage.send("login", 0, flowOf(client, server), {
      service: "x",
      user: "",
      outcome: "failure",
      isDefault: false,
      isEmpty: false,
      isClearText: false,
    });
  expect(stage.alerts.map(({ metadata }) => metadata.direction?.[0])).toEqual([
    "lateral",
    "inbound",
    "outbound",
    "lateral",
    "outbound",
    "lateral",
  ]);
});
