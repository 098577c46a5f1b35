import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { partOf } from "@lanwarden/contract/part";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { deviceAt, incidentOf } from "../../test/respond/house.ts";
import { Policy } from "./policy.ts";
import { type PolicyRule, policySchema } from "./policy-schema.ts";

const NOON = new Date(2026, 10, 27, 12, 0).getTime();
const camera = deviceAt(1, { name: "Hall camera", ips: ["192.168.1.1", "fd00::1"] });
const scan = incidentOf("i", camera);

const decide = (incident: Partial<Incident> = {}, device: Partial<Device> = {}, rules: PolicyRule[] = [], at = NOON) =>
  new Policy(rules).decide({ ...scan, ...incident }, { ...camera, ...device }, at).do;

describe("without rules of the user", () => {
  test.each<[string, Partial<Incident>, Partial<Device>, string]>([
    ["a device that scans the internet", {}, {}, "isolate"],
    ["one that mines", { kind: "mining", severity: "critical" }, {}, "isolate"],
    [
      "a reflector",
      { kind: "ntp_amplification", role: "reflector", direction: "inbound", attacker: null },
      {},
      "isolate",
    ],
    ["not sure enough", { confidence: 0.79 }, {}, "nothing"],
    ["not bad enough", { severity: "medium" }, {}, "nothing"],
    ["a threat list alone", { kind: "indicator_match", severity: "critical" }, {}, "nothing"],
    ["how it stands", { kind: "exposed_service", severity: "critical" }, {}, "nothing"],
    ["a drill", { test: true }, {}, "nothing"],
    ["context", { severity: "info" }, {}, "nothing"],
    ["a victim by role", { role: "victim" }, {}, "nothing"],
    [
      "a victim by MAC",
      { attacker: { ip: "203.0.113.9" }, victim: { mac: camera.mac! }, direction: "inbound" },
      {},
      "nothing",
    ],
    [
      "a victim of a neighbour",
      { attacker: { mac: "02:00:00:00:00:02" }, victim: { ip: "192.168.1.1" }, direction: "lateral" },
      {},
      "nothing",
    ],
    ["both ends of it", { victim: { mac: camera.mac! } }, {}, "nothing"],
    ["neither end of it", { attacker: { ip: "192.168.1.50" } }, {}, "nothing"],
    ["an ignored device", {}, { policy: "ignored" }, "nothing"],
  ])("%s", (_, incident, device, expected) => {
    expect(decide(incident, device)).toBe(expected);
  });

  test("an address that is another's by now makes no offender: the MAC decides", () => {
    const forged = { ...scan, attacker: { ip: "192.168.1.1", mac: "02:00:00:00:00:99" } };
    expect(partOf(forged, camera)).toBe("unclear");
    expect(partOf({ ...scan, attacker: { ip: "fd00::1" } }, camera)).toBe("offender");
    expect(partOf({ ...scan, attacker: null }, camera)).toBe("offender");
    expect(partOf({ ...scan, attacker: null, direction: "lateral" }, camera)).toBe("unclear");
  });
});

describe("rules of the user", () => {
  test.each<[string, PolicyRule, Partial<Incident>, Partial<Device>, string]>([
    ["the first that fits decides", { do: "nothing" }, {}, {}, "nothing"],
    ["what it does not fit goes on to the next", { kinds: ["mining"], do: "nothing" }, {}, {}, "isolate"],
    ["least severity", { severity: "medium", do: "isolate" }, { severity: "medium" }, {}, "isolate"],
    ["least confidence", { confidence: 0.5, do: "ask" }, { confidence: 0.5 }, {}, "ask"],
    ["direction", { direction: "lateral", do: "nothing" }, {}, {}, "isolate"],
    ["types", { types: ["camera"], do: "ask" }, {}, {}, "ask"],
    ["profile auto is none", { profiles: ["auto"], do: "ask" }, {}, {}, "ask"],
    ["profiles", { profiles: ["guest"], do: "ask" }, {}, { policy: "guest" }, "ask"],
    ["devices by name", { devices: ["hall CAMERA"], do: "ask" }, {}, {}, "ask"],
    ["devices by MAC", { devices: ["02-00-00-00-00-01"], do: "ask" }, {}, {}, "ask"],
    ["devices by address", { devices: ["192.168.1.1"], do: "ask" }, {}, {}, "ask"],
    ["never a victim", { kinds: ["network_scan"], do: "isolate" }, { role: "victim" }, {}, "nothing"],
    ["never a drill", { do: "isolate" }, { test: true }, {}, "nothing"],
    ["never an ignored device", { do: "isolate" }, {}, { policy: "ignored" }, "nothing"],
    [
      "an unclear part only by a rule that names the kind",
      { do: "isolate" },
      { attacker: { ip: "10.0.0.9" } },
      {},
      "nothing",
    ],
    ["as here", { kinds: ["network_scan"], do: "isolate" }, { attacker: { ip: "10.0.0.9" } }, {}, "isolate"],
  ])("%s", (_, rule, incident, device, expected) => {
    expect(decide(incident, device, [rule])).toBe(expected);
  });

  test.each([
    ["22:00-06:00", 23, 0, "ask"],
    ["22:00-06:00", 5, 59, "ask"],
    ["22:00-06:00", 6, 0, "isolate"],
    ["08:00-09:30", 9, 29, "ask"],
    ["08:00-09:30", 9, 30, "isolate"],
  ])("hours %s at %i:%i", (hours, hour, minute, expected) => {
    const at = new Date(2026, 10, 27, hour, minute).getTime();
    expect(decide({}, {}, [{ hours, do: "ask" }], at)).toBe(expected);
  });

  test("say how long", () => {
    const policy = new Policy([{ do: "isolate", for: "90m" }]);
    expect(policy.decide(scan, camera, NOON)).toEqual({
      do: "isolate",
      forSeconds: 5400,
      because: "rule 1 of the configuration",
    });
  });

  test.each([
    [[{ do: "isolate", kinds: ["mining"], hours: "22:00-06:00", for: "2h", severity: "high" }], true],
    [[{ do: "destroy" }], false],
    [[{ do: "ask", kinds: ["no_such_kind"] }], false],
    [[{ do: "ask", hours: "24:00-06:00" }], false],
    [[{ do: "ask", for: "0s" }], false],
    [[{ do: "ask", device: ["x"] }], false],
    [[{}], false],
  ])("are checked: %j", (rules, isGood) => {
    expect(Value.Check(policySchema, rules)).toBe(isGood);
  });
});
