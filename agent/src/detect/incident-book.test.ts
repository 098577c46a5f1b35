import type { Severity } from "@lanwarden/contract/kinds";
import { expect, test } from "vitest";
import type { Finding, IncidentChange } from "./define.ts";
import { type FindingSource, IncidentBook } from "./incident-book.ts";
import { START_US } from "./test-events.ts";

const SOURCE: FindingSource = {
  id: "test.one",
  signatureId: 1,
  kind: "brute_force",
  severity: "medium",
  attack: [{ tactic: "TA0006", technique: "T1110" }],
  advice: ["Change it."],
  quietSeconds: 600,
};

const found = (atSeconds: number, more: Partial<Finding> = {}): Finding => ({
  confidence: 0.5,
  attacker: { ip: "203.0.113.9" },
  victim: { ip: "192.168.1.7" },
  direction: "inbound",
  title: "Somebody knocks at {device}",
  why: ["It was seen."],
  atUs: START_US + atSeconds * 1_000_000,
  ...more,
});

function book() {
  const changes: IncidentChange[] = [];
  const names = new Map([["dev-7", "Desk plug"]]);
  const incidents = new IncidentBook({
    lookups: {
      deviceIdOf: ({ ip }) => (ip === "192.168.1.7" ? "dev-7" : undefined),
      nameOfDevice: (id) => names.get(id),
      isSanctionedMiner: () => false,
      gatewayIp: () => undefined,
      country: () => "NL",
    },
    isHome: (ip) => ip.startsWith("192.168."),
    onChange: (change) => changes.push(change),
  });
  return { incidents, names, changes, said: () => changes.map(({ change }) => change) };
}

test("findings of one kind, device and peer network are one incident; another network is another", () => {
  const { incidents, said } = book();
  incidents.add(SOURCE, found(0));
  incidents.add(SOURCE, found(1, { attacker: { ip: "203.0.113.99" } }));
  incidents.add(SOURCE, found(2, { attacker: { ip: "198.51.100.1" } }));
  expect(incidents.list().map(({ count }) => count)).toEqual([2, 1]);
  expect(said()).toEqual(["opened", "opened"]);
  expect(incidents.list()[0]).toMatchObject({
    device: "dev-7",
    title: "Somebody knocks at Desk plug",
    attacker: { ip: "203.0.113.9", country: "NL" },
    victim: { ip: "192.168.1.7", name: "Desk plug" },
    first_seen: "2026-01-01T00:00:00.000000+00:00",
    last_seen: "2026-01-01T00:00:01.000000+00:00",
  });
});

test("severity and confidence only rise, a rise is told at once, other news at most once a minute", () => {
  const { incidents, said } = book();
  const at = (seconds: number, severity: Severity, confidence: number) =>
    incidents.add(SOURCE, found(seconds, { severity, confidence }));
  at(0, "medium", 0.5);
  at(1, "low", 0.9);
  at(2, "critical", 0.6);
  at(30, "medium", 0.1);
  at(63, "medium", 0.1);
  expect(said()).toEqual(["opened", "escalated", "updated"]);
  expect(incidents.list()[0]).toMatchObject({ severity: "critical", confidence: 0.9, count: 5 });
});

test("quiet time resolves, a return within a day reopens, a later one is another incident", () => {
  const { incidents, said } = book();
  incidents.add(SOURCE, found(0));
  incidents.tick(START_US + 599_000_000);
  expect(said()).toEqual(["opened"]);
  incidents.tick(START_US + 600_000_000);
  incidents.add(SOURCE, found(80_000));
  expect(said()).toEqual(["opened", "resolved", "reopened"]);
  const first = incidents.list()[0]?.id;
  incidents.tick(START_US + 90_000_000_000);
  incidents.add(SOURCE, found(300_000));
  expect(said().slice(3)).toEqual(["resolved", "opened"]);
  expect(incidents.list()[0]?.id).not.toBe(first);
});

test("normal: resolved at once, quiet from then on, told again when undone", () => {
  const { incidents, said } = book();
  incidents.add(SOURCE, found(0));
  const id = incidents.list()[0]?.id ?? "";
  const rule = incidents.markNormal(id, "ann");
  expect(rule).toMatchObject({ device: "dev-7", kind: "brute_force", peer: "203.0.113.0/24", by: "ann" });
  expect(incidents.get(id)?.status).toBe("resolved");
  expect(incidents.add(SOURCE, found(5))).toEqual({ suppressedBy: rule?.id });
  incidents.add(SOURCE, found(6, { attacker: { ip: "198.51.100.1" } }));
  expect(said()).toEqual(["opened", "resolved", "opened"]);
  expect(incidents.undoNormal(rule?.id ?? "")).toBe(true);
  incidents.add(SOURCE, found(7));
  expect(said().at(-1)).toBe("reopened");
});

test("normal for one field only: another value is told", () => {
  const { incidents } = book();
  incidents.add(SOURCE, found(0, { fields: { port: 22 }, group: "g" }));
  incidents.markNormal(incidents.list()[0]?.id ?? "", "ann", "port");
  expect(incidents.add(SOURCE, found(1, { fields: { port: 22 }, group: "g" }))).toHaveProperty("suppressedBy");
  expect(incidents.add(SOURCE, found(2, { fields: { port: 23 }, group: "g" }))).toHaveProperty("incident");
});

test("an acknowledged incident stays so until it gets worse", () => {
  const { incidents, said } = book();
  incidents.add(SOURCE, found(0));
  const id = incidents.list()[0]?.id ?? "";
  expect(incidents.acknowledge(id)?.status).toBe("acknowledged");
  incidents.add(SOURCE, found(100));
  expect(incidents.get(id)?.status).toBe("acknowledged");
  incidents.add(SOURCE, found(101, { severity: "high" }));
  expect(incidents.get(id)?.status).toBe("open");
  expect(said()).toEqual(["opened", "acknowledged", "updated", "escalated"]);
  expect(incidents.acknowledge("nope")).toBeUndefined();
});

test("a flood of different peers stays under the cap", () => {
  const { incidents } = book();
  for (let i = 0; i < 2000; i++)
    incidents.add(
      SOURCE,
      found(i / 10, {
        attacker: { ip: `198.${i >> 8}.${i & 255}.1` },
        flowIds: Array.from({ length: 100 }, (_, n) => n + 1),
      }),
    );
  expect(incidents.list()).toHaveLength(500);
  expect(incidents.dropped).toBe(1500);
  expect(incidents.list()[0]?.evidence.flow_ids).toHaveLength(32);
});

test("a snapshot brings incidents, rules and quiet times back; ids follow from what happened", () => {
  const first = book();
  first.incidents.add(SOURCE, found(0));
  first.incidents.add(SOURCE, found(1, { attacker: { ip: "198.51.100.1" } }));
  first.incidents.markNormal(first.incidents.list()[1]?.id ?? "", "ann");
  const second = book();
  second.incidents.restore(JSON.parse(JSON.stringify(first.incidents.snapshot())));
  expect(second.incidents.list()).toEqual(first.incidents.list());
  expect(second.incidents.add(SOURCE, found(2, { attacker: { ip: "198.51.100.1" } }))).toHaveProperty("suppressedBy");
  second.incidents.tick(START_US + 700_000_000);
  expect(second.said()).toEqual(["resolved"]);
  second.incidents.restore("damaged");
  const third = book();
  third.incidents.add(SOURCE, found(0));
  expect(third.incidents.list()[0]?.id).toBe(first.incidents.list()[0]?.id);
  expect(third.incidents.list()[0]?.id).toMatch(/^[a-z2-7]{12}$/);
});

test("a renamed device has its new name in old titles; a name with $ signs is taken as it is", () => {
  const { incidents, names } = book();
  incidents.add(SOURCE, found(0));
  names.set("dev-7", "Plug $& 2");
  expect(incidents.list()[0]?.title).toBe("Somebody knocks at Plug $& 2");
});

test("a drill is marked as test and ends by itself", () => {
  const { incidents, said } = book();
  const drill = incidents.drill("mining", "dev-7", "Desk plug", START_US);
  expect(drill).toMatchObject({
    test: true,
    kind: "mining",
    device: "dev-7",
    title: "Drill: pretended mining on Desk plug",
  });
  incidents.tick(START_US + 601_000_000);
  expect(said()).toEqual(["opened", "resolved"]);
});

test("quiet alone never closes a critical incident; once seen it may end", () => {
  const { incidents, said } = book();
  incidents.add(SOURCE, found(0, { severity: "critical" }));
  incidents.tick(found(0).atUs + 30 * 86_400 * 1_000_000);
  expect(said()).toEqual(["opened"]);
  incidents.acknowledge(incidents.list()[0]?.id ?? "");
  incidents.tick(found(0).atUs + 31 * 86_400 * 1_000_000);
  expect(said()).toEqual(["opened", "acknowledged", "resolved"]);
});

test("weaker reasons do not replace stronger ones", () => {
  const { incidents } = book();
  incidents.add(SOURCE, found(0, { confidence: 0.99, why: ["90 shares were handed in."] }));
  incidents.add(SOURCE, found(60, { confidence: 0.8, why: ["It logged in."] }));
  expect(incidents.list()[0]).toMatchObject({ why: ["90 shares were handed in."], count: 2 });
});
