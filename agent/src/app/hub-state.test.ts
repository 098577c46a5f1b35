import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { Severity } from "@lanwarden/contract/kinds";
import { describe, expect, test } from "vitest";
import { sampleDevice, sampleIncident } from "../../test/api/fake-context.ts";
import { type HubInputs, hubState, worstIncidents } from "./hub-state.ts";
import { homeSentence, hubSentence } from "./sentence.ts";

const UP = { isUp: true, isOver: false, isStarting: false, reason: undefined };
const DOWN = { isUp: false, isOver: false, isStarting: false, reason: "eth9: there is no such interface" };
const devices = (n: number): Device[] => Array.from({ length: n }, (_, i) => sampleDevice(`aa:00:00:00:00:0${i}`));
let made = 0;
const incident = (severity: Severity, title = "", more: Partial<Incident> = {}): Incident => ({
  ...sampleIncident(`i-${made++}`),
  severity,
  title,
  ...more,
});

describe("the sentence", () => {
  test("says that all is quiet, and nothing it does not know", () => {
    expect(homeSentence([], devices(3))).toBe("All quiet. 3 devices, nothing to do.");
    expect(homeSentence([], devices(1))).toBe("All quiet. 1 device, nothing to do.");
    expect(homeSentence([], [])).toBe("No device seen yet.");
    expect(homeSentence([incident("info", "new phone")], devices(2))).toBe("All quiet. 2 devices, nothing to do.");
  });

  test("tells small things apart from danger", () => {
    expect(homeSentence([incident("low")], devices(2))).toBe("No danger. 2 devices, one small thing to look at.");
    expect(homeSentence([incident("low"), incident("low")], devices(2))).toBe(
      "No danger. 2 devices, 2 small things to look at.",
    );
  });

  test("names the worst, the newest of equals, and how many more", () => {
    const medium = incident("medium", "Somebody scans the TV.");
    const high = incident("high", "Hall camera mines Monero");
    const newer = incident("high", "NAS was broken into!", { last_seen: "2026-11-23T00:00:00.000000+00:00" });
    expect(homeSentence([medium], devices(2))).toBe("Somebody scans the TV.");
    expect(homeSentence([medium, high], devices(2))).toBe("Hall camera mines Monero. One more needs you.");
    expect(homeSentence([medium, high, newer], devices(2))).toBe("NAS was broken into. 2 more need you.");
    expect(homeSentence([{ ...high, status: "acknowledged" }], devices(2))).toBe(
      "All quiet. 2 devices, nothing to do.",
    );
  });

  test("says so when the tap leaves most of the home unseen", () => {
    const problems = [{ id: "one_direction" as const, title: "The tap shows one direction only" }];
    expect(hubSentence([], devices(2), { ...UP, problems })).toBe(
      "All quiet. 2 devices, nothing to do. But the tap does not show the whole home.",
    );
    const harmless = [{ id: "duplicate_frames" as const, title: "Packets come twice" }];
    expect(hubSentence([], devices(2), { ...UP, problems: harmless })).toBe("All quiet. 2 devices, nothing to do.");
  });

  test("is never 'all quiet' while nothing is seen", () => {
    const high = incident("high", "Hall camera mines Monero");
    expect(hubSentence([], devices(2), DOWN)).toBe("The tap is down: the home is not watched.");
    expect(hubSentence([], [], DOWN)).toBe("The tap is down: the home is not watched.");
    expect(hubSentence([high], devices(2), DOWN)).toBe(
      "Hall camera mines Monero. The tap is down: nothing new is seen.",
    );
    expect(hubSentence([], devices(2), { ...DOWN, isOver: true }), "what a capture showed still stands").toBe(
      "All quiet. 2 devices, nothing to do.",
    );
    expect(hubSentence([], [], { ...DOWN, isStarting: true })).toBe("Starting: nothing seen yet.");
    expect(hubSentence([high], devices(2), { ...DOWN, isStarting: true })).toBe("Hall camera mines Monero.");
  });
});

describe("the hub's state", () => {
  const inputs = (more: Partial<HubInputs> = {}): HubInputs => ({
    agent: "home",
    demo: false,
    startedUs: 0,
    mode: "monitor",
    tap: UP,
    telemetry: {
      atMs: 0,
      packets: 900,
      bytes: 1,
      kernelDrops: 100,
      invalid: 0,
      droppedEvents: 0,
      detail: 0,
      elephantsCut: 0,
      flowsThinned: 0,
      flows: 4,
      lastPacketUs: 1_000_000,
      nowUs: 0,
    },
    packetsPerSecond: 10,
    bitsPerSecond: 80,
    cpuPercent: 0,
    rssBytes: 0,
    ...more,
  });
  const home = (incidents: Incident[], list = devices(2)) => ({
    devices: () => list,
    incidents: () => incidents,
    homeRisk: () => ({ score: 3, level: "low" as const, factors: [] }),
  });

  test("of a quiet home", () => {
    expect(hubState(home([]), inputs())).toMatchObject({
      threat: "OFF",
      threat_level: "none",
      open_incidents: 0,
      devices_seen: 2,
      max_risk: 42,
      mining: "OFF",
      mining_pools: [],
      tap: "ON",
      drop_ratio: 0.1,
      last_packet: "1970-01-01T00:00:01.000000+00:00",
    });
    expect(hubState(home([]), inputs())).not.toHaveProperty("tap_reason");
    expect(hubState(home([]), inputs({ tap: { ...UP, problems: [] } }))).not.toHaveProperty("tap_problems");
    const problems = [{ id: "one_direction" as const, title: "The tap shows one direction only" }];
    expect(hubState(home([]), inputs({ tap: { ...UP, problems } })).tap_problems).toEqual(problems);
    expect(hubState(home([]), inputs())).not.toHaveProperty("overload");
    const overloaded = inputs({ telemetry: { ...inputs().telemetry, detail: 1 } });
    expect(hubState(home([]), overloaded).overload).toContain("only the headers are counted");
    const nothing = inputs().telemetry;
    const silent = hubState(
      home([], []),
      inputs({ tap: DOWN, telemetry: { ...nothing, packets: 0, kernelDrops: 0, lastPacketUs: 0 } }),
    );
    expect(silent).toMatchObject({
      tap: "OFF",
      tap_reason: DOWN.reason,
      drop_ratio: 0,
      last_packet: null,
      max_risk: 0,
    });
  });

  test("counts what is open, leaves out drills, information and what is over", () => {
    const state = hubState(
      home([
        incident("critical", "x", { kind: "c2", status: "resolved" }),
        incident("critical", "x", { kind: "c2", test: true }),
        incident("info", "x", { kind: "new_device" }),
        incident("low", "x", { kind: "weak_protocol" }),
        incident("medium", "x", { kind: "port_scan" }),
        incident("high", "x", { kind: "exposed_service", status: "acknowledged" }),
      ]),
      inputs(),
    );
    expect(state).toMatchObject({ threat: "ON", threat_level: "medium", open_incidents: 2, mining: "OFF" });
  });

  test("mining: devices and pools once each; a sanctioned miner is none", () => {
    const mines = (device: string, pool: string, severity: Severity = "high"): Incident =>
      incident(severity, "x", { device, evidence: { flow_ids: [], fields: { pool } } });
    const state = hubState(
      home([mines("a", "p1"), mines("a", "p2"), mines("b", "p1"), mines("c", "own", "info")]),
      inputs(),
    );
    expect(state).toMatchObject({ mining: "ON", mining_devices: 2, mining_pools: ["p1", "p2"] });
  });

  test("tells the worst five of what is open, and nothing that is over", () => {
    const list = [
      incident("low", "a"),
      incident("high", "old", { first_seen: "2026-11-01T00:00:00.000000+00:00" }),
      incident("high", "new", { first_seen: "2026-11-02T00:00:00.000000+00:00" }),
      incident("critical", "worst"),
      ...["b", "c"].map((title) => incident("medium", title)),
      incident("critical", "over", { status: "resolved" }),
      incident("critical", "known", { status: "acknowledged" }),
      incident("info", "context"),
    ];
    const titles = hubState(home(list), inputs()).incidents?.map(({ title }) => title);
    expect(titles?.slice(0, 3)).toEqual(["worst", "new", "old"]);
    expect(titles).toHaveLength(5);
    expect(titles).not.toContain("a");
  });

  test("incidents told stay within 2 kB, also with titles of emoji", () => {
    const told = worstIncidents(
      Array.from({ length: 9 }, () => incident("high", "🦊".repeat(300))),
      devices(1),
    );
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThanOrEqual(2000);
    expect(told.length).toBeGreaterThan(1);
    expect(told[0]?.title.length).toBeLessThanOrEqual(120);
  });

  test("incidents told say what the device did, where it is known", () => {
    const [device] = devices(1) as [Device];
    const own = { mac: device.id };
    const told = worstIncidents(
      [
        incident("critical", "does", { device: device.id, attacker: own, victim: null }),
        incident("high", "suffers", { device: device.id, attacker: { ip: "203.0.113.9" }, victim: own }),
        incident("medium", "nobody's", { device: null }),
      ],
      [device],
    );
    expect(told.map(({ part }) => part)).toEqual(["offender", "victim", undefined]);
  });

  test("counts devices with a classic weakness once each", () => {
    const factor = (id: string) => ({ id, points: 1, why: "", fix: "" });
    const [first, second] = devices(2);
    const at = (device: Device | undefined, ...ids: string[]): Device => ({
      ...(device as Device),
      risk: { score: 42, level: "guarded", factors: ids.map(factor) },
    });
    const list = [
      at(first, "posture.exposed_service", "posture.upnp_port_mapping", "posture.firmware"),
      at(second, "posture.firmware", "incident.i1"),
    ];
    expect(hubState(home([], list), inputs()).home_risks).toEqual({ exposure: 1, credentials: 0, firmware: 2 });
  });
});
