import { describe, expect, test } from "vitest";
import { EntityIndex, findHubs } from "./find.ts";
import { type HomeView, homeView } from "./home-view.ts";
import { SampleHass } from "./sample-hass.test-double.ts";

const INCIDENT = {
  id: "k3v7q2m5",
  kind: "mining",
  title: "Hall camera is mining",
  severity: "high",
  device: "aa:bb:cc:dd:ee:ff",
  first_seen: "2026-11-22T10:00:00.000000+00:00",
};

function viewOf(fill: (hass: SampleHass) => void): HomeView {
  const hass = new SampleHass();
  hass.hub("home");
  fill(hass);
  const [hub] = findHubs(hass);
  if (hub === undefined) throw new Error("no hub");
  return homeView(hass, hub, new EntityIndex(hass.uniqueIds));
}

const hubEntity =
  (key: string, state: string, attributes: Record<string, unknown> = {}) =>
  (hass: SampleHass): void =>
    hass.entity("hub-home", `lanwarden_home_${key}`, state, attributes);

describe("the home", () => {
  test("is read from the agent's entities", () => {
    const view = viewOf((hass) => {
      hubEntity("summary", "All quiet.")(hass);
      hubEntity("risk", "26")(hass);
      hubEntity("threat_level", "high")(hass);
      hubEntity("open_incidents", "7", {
        incidents: [INCIDENT],
        home_risks: { exposure: 1, credentials: 0, firmware: 2 },
      })(hass);
      hubEntity("tap", "off", { reason: "eth1: no carrier" })(hass);
      hubEntity("guard_mode", "ask")(hass);
    });
    expect(view).toMatchObject({
      isOnline: true,
      sentence: "All quiet.",
      risk: { score: 26, level: "guarded" },
      threat: "high",
      openCount: 7,
      homeRisks: { exposure: 1, credentials: 0, firmware: 2 },
      tap: "off",
      tapReason: "eth1: no carrier",
      mode: "ask",
    });
    expect(view.incidents).toEqual([
      {
        id: "k3v7q2m5",
        kind: "mining",
        title: INCIDENT.title,
        severity: "high",
        topicId: "aabbccddeeff",
        firstSeen: INCIDENT.first_seen,
        isVictim: false,
      },
    ]);
  });

  test("of an agent that is gone has no sentence and no numbers", () => {
    const view = viewOf((hass) => {
      hubEntity("summary", "unavailable")(hass);
      hubEntity("risk", "unavailable")(hass);
    });
    expect(view).toMatchObject({ isOnline: false, openCount: 0, incidents: [], threat: "none" });
    expect(view.sentence).toBeUndefined();
    expect(view.risk).toBeUndefined();
    expect(view.homeRisks).toBeUndefined();
  });

  test("leaves out what is no incident, and ids that mean something in a topic", () => {
    const bad = [null, 7, {}, { ...INCIDENT, severity: "huge" }, { ...INCIDENT, title: 4 }];
    const ids = ["+", "a/b", "#", ""].map((id) => ({ ...INCIDENT, id }));
    const view = viewOf(hubEntity("open_incidents", "3", { incidents: [...bad, ...ids], home_risks: "none" }));
    expect(view.incidents).toEqual([]);
    expect(view.homeRisks).toBeUndefined();
  });
});

describe("a device", () => {
  const MAC = "aabbccddeeff";
  const deviceOf = (fill: (add: (key: string, state: string, more?: Record<string, unknown>) => void) => void) =>
    viewOf((hass) => {
      hass.watched("home", MAC, { name: "Camera", area_id: "hall" });
      fill((key, state, more) => hass.entity(`device-${MAC}`, `lanwarden_${MAC}_${key}`, state, more));
    }).devices[0];

  test("is read from its entities", () => {
    const device = deviceOf((add) => {
      add("risk", "82", { top_reasons: ["Port 554 is open.", 5], home_risks: ["exposure", "fire"], class: "camera" });
      add("threat", "on");
      add("mining", "on");
      add("pool", "pool.example.net:3333", { coin: "monero" });
      add("profile", "iot");
      add("isolated", "on", {
        isolation: "yes",
        level: "wan",
        until: "2026-11-22T14:00:00+00:00",
        silent_since: "2026",
      });
    });
    expect(device).toMatchObject({
      topicId: MAC,
      area: "Hall",
      score: 82,
      level: "critical",
      reasons: ["Port 554 is open."],
      homeRisks: ["exposure"],
      hasThreat: true,
      isMining: true,
      pool: "pool.example.net:3333",
      coin: "Monero",
      isAllowedMiner: false,
      isolation: { state: "yes", level: "wan", isProven: true },
    });
  });

  test.each([
    ["off", { isolation: "no" }, "no"],
    ["unknown", {}, "pending"],
    ["off", { isolation: "pending" }, "pending"],
    ["off", { isolation: "failed", detail: "The router refuses." }, "failed"],
    ["unavailable", {}, "unavailable"],
  ])("whose switch is %s with %j counts as %s", (state, attributes, wanted) => {
    expect(deviceOf((add) => add("isolated", state, attributes))?.isolation?.state).toBe(wanted);
  });

  test("without a back-end cannot be isolated; without a score it is not called safe", () => {
    const device = deviceOf((add) => add("risk", "unavailable"));
    expect(device?.isolation).toBeUndefined();
    expect(device?.score).toBeUndefined();
    expect(device?.level).toBeUndefined();
  });

  test("a miner is allowed by its profile or its type", () => {
    expect(deviceOf((add) => add("profile", "miner"))?.isAllowedMiner).toBe(true);
    expect(deviceOf((add) => add("risk", "3", { class: "miner" }))?.isAllowedMiner).toBe(true);
  });

  test("a refusal is told by its incident event", () => {
    const at = "2026-11-22T10:00:00.000+00:00";
    const refused = deviceOf((add) =>
      add("incident", at, { event_type: "isolation_refused", message: "It is the router." }),
    );
    expect(refused?.refusal).toEqual({ at, message: "It is the router." });
    expect(deviceOf((add) => add("incident", at, { event_type: "threat_detected" }))?.refusal).toBeUndefined();
  });
});
