import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { INCIDENT_KINDS, SEVERITIES } from "@lanwarden/contract/kinds";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isoTime } from "../core/time-text.ts";
import { decay } from "./decay.ts";
import { combine, scoreDevice, scoreHome } from "./score.ts";

const NOW_US = 1_760_000_000_000_000;
const DAY_US = 86_400_000_000;

const device: Device = {
  id: "ec:71:db:00:53:01",
  name: "Hall camera",
  name_source: "user",
  mac: "ec:71:db:00:53:01",
  mac_randomized: false,
  ips: ["192.168.1.7"],
  hostname: null,
  vendor: "Reolink",
  model: null,
  type: "camera",
  type_confidence: 1,
  os: null,
  firmware: { version: null, source: null, outdated: false, end_of_life: false, cves: [] },
  first_seen: isoTime(NOW_US),
  last_seen: isoTime(NOW_US),
  risk: { score: 0, level: "low", factors: [] },
  services: [],
  isolated: { state: "no", backend: null, level: null, since: null, until: null },
  policy: null,
};

const incidentOf = (part: Partial<Incident>): Incident => ({
  id: "i1",
  kind: "network_scan",
  detection: "scan.network",
  title: "It scans",
  severity: "high",
  confidence: 0.9,
  direction: "outbound",
  attacker: { ip: "192.168.1.7" },
  victim: null,
  device: device.id,
  first_seen: isoTime(NOW_US),
  last_seen: isoTime(NOW_US),
  count: 1,
  status: "open",
  why: ["Because."],
  advice: ["Do."],
  attack: [],
  evidence: { flow_ids: [], fields: {} },
  response: { wanted: "none", state: "none" },
  ...part,
});

const incidents = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...INCIDENT_KINDS),
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      ageUs: fc.integer({ min: 0, max: 60 * DAY_US }),
      status: fc.constantFrom("open" as const, "acknowledged" as const, "resolved" as const),
      test: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list.map(({ ageUs, ...part }, i) => incidentOf({ ...part, id: `i${i}`, last_seen: isoTime(NOW_US - ageUs) })),
  );

const score = (list: readonly Incident[], nowUs = NOW_US, of = device) =>
  scoreDevice({ device: of, incidents: list, nowUs });

describe("score of a device", () => {
  test("nothing gives zero", () => expect(score([])).toEqual({ score: 0, level: "low", factors: [] }));

  test("stays between 0 and 100", () => {
    fc.assert(
      fc.property(incidents, (list) => {
        const risk = score(list);
        expect(risk.score).toBeGreaterThanOrEqual(0);
        expect(risk.score).toBeLessThanOrEqual(100);
      }),
    );
  });

  test("more evidence never lowers it", () => {
    fc.assert(
      fc.property(incidents, fc.nat(), (list, pick) => {
        if (list.length === 0) return;
        const fewer = list.filter((_, i) => i !== pick % list.length);
        expect(score(list).score).toBeGreaterThanOrEqual(score(fewer).score);
      }),
    );
  });

  test("does not depend on the order of the evidence", () => {
    fc.assert(
      fc.property(incidents, (list) => {
        // Of several incidents about one posture the first reported counts, so those are left to one each here.
        const kinds = new Set<string>();
        const unique = list.filter(({ kind }) => !kinds.has(kind) && kinds.add(kind));
        expect(score([...unique].reverse()).score).toBeCloseTo(score(unique).score, 1);
      }),
    );
  });

  test("only falls with time, down to the posture that stays until mended", () => {
    fc.assert(
      fc.property(incidents, fc.integer({ min: 0, max: 400 }), (list, days) => {
        expect(score(list, NOW_US + days * DAY_US).score).toBeLessThanOrEqual(score(list).score);
      }),
    );
    const exposed = {
      ...device,
      services: [{ port: 23, proto: "TCP" as const, app_proto: "telnet", to: "internet" as const }],
    };
    const later = score([incidentOf({})], NOW_US + 3650 * DAY_US, exposed);
    expect(later.score).toBe(score([], NOW_US, exposed).score);
    expect(later.score).toBeGreaterThan(50);
  });

  test("each factor's points are what its removal saves", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 10 }),
        fc.nat(),
        (ps, pick) => {
          const factors = ps.map((p, i) => ({ id: `f${i}`, p, why: "", fix: "" }));
          const gone = pick % ps.length;
          const promised = combine(factors).factors[gone]?.points ?? 0;
          const kept = combine(factors.filter((_, i) => i !== gone)).score;
          expect(combine(factors).score - kept).toBeCloseTo(promised, 0);
        },
      ),
    );
  });

  test("the factors account for the whole score", () => {
    fc.assert(
      fc.property(incidents, (list) => {
        const risk = score(list);
        // What the factors promise together, one after the other, is all there is: nothing unexplained remains.
        if (risk.factors.length === 0) expect(risk.score).toBe(0);
        const left = risk.factors.reduce(
          (product, { points }) => product * (1 - points / (100 - risk.score + points)),
          1,
        );
        expect(100 * (1 - left)).toBeCloseTo(risk.score, -1);
        expect(score(list.filter((_, i) => i < 0)).score).toBe(0);
      }),
    );
  });

  test("drills and information never count", () => {
    expect(score([incidentOf({ test: true, severity: "critical" }), incidentOf({ severity: "info" })]).score).toBe(0);
  });

  test("a password tried by this device is not its own weakness; one accepted by it is", () => {
    const asAttacker = incidentOf({ kind: "default_credentials", victim: { ip: "192.168.1.9" } });
    const asVictim = incidentOf({
      kind: "default_credentials",
      attacker: { ip: "192.168.1.9" },
      victim: { ip: "192.168.1.7" },
    });
    expect(score([asAttacker]).score).toBe(0);
    expect(score([asVictim]).factors[0]).toMatchObject({ id: "posture.default_credentials" });
  });
});

test("an incident weighs half after its half-life", () => {
  expect(decay("critical", 7 * DAY_US)).toBeCloseTo(0.5);
  expect(decay("low", DAY_US / 4)).toBeCloseTo(0.5);
  expect(decay("high", -5)).toBe(1);
});

test("the home's score is bounded, and a router at risk weighs more than a lamp", () => {
  const at = (type: Device["type"], id: string): Device => ({
    ...device,
    id,
    type,
    risk: { score: 60, level: "high", factors: [] },
  });
  expect(scoreHome([]).score).toBe(0);
  expect(scoreHome([at("router", "a")]).score).toBeGreaterThan(scoreHome([at("light", "a")]).score);
  const many = Array.from({ length: 200 }, (_, i) => at("camera", `d${i}`));
  expect(scoreHome(many).score).toBeLessThanOrEqual(100);
  expect(scoreHome(many).factors).toHaveLength(10);
});
