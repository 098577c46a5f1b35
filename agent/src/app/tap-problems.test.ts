import type { TapFindingId, TapReport, TapVerdict } from "@lanwarden/contract/doctor";
import { describe, expect, test } from "vitest";
import { TapProblems } from "./tap-problems.ts";

function report(verdict: TapVerdict, ids: readonly TapFindingId[] = [], packets = 1000): TapReport {
  const findings = ids.map((id) => ({
    id,
    level: "problem" as const,
    title: `Title of ${id}`,
    evidence: ["Seen."],
    numbers: { packets },
    fix: ["Mend."],
  }));
  const seen = {
    packets,
    bytes: 0,
    seconds: 60,
    unicast_share: 0,
    own_share: 0,
    devices: 0,
    devices_both_ways: 0,
    tcp_both_ways: 0,
    tcp_one_way: 0,
    kernel_drops: 0,
    vlans: [],
  };
  return { source: "interface:eth1", kind: "live", verdict, summary: "", findings, seen };
}

describe("problems of the tap", () => {
  test("are told when two looks in a row agree", () => {
    const problems = new TapProblems();
    expect(problems.take(report("findings", ["one_direction"]))).toEqual([]);
    expect(problems.current).toEqual([]);
    expect(problems.take(report("findings", ["one_direction", "kernel_drops"])).map(({ id }) => id)).toEqual([
      "one_direction",
    ]);
    expect(problems.current).toEqual([{ id: "one_direction", title: "Title of one_direction" }]);
    expect(problems.take(report("findings", ["kernel_drops"])).map(({ id }) => id)).toEqual(["kernel_drops"]);
    problems.take(report("healthy"));
    expect(problems.current).toEqual([]);
  });

  test("need a third look where the tap was healthy before", () => {
    const problems = new TapProblems();
    problems.take(report("healthy"));
    problems.take(report("findings", ["own_traffic_only"]));
    expect(problems.take(report("findings", ["own_traffic_only"]))).toEqual([]);
    expect(problems.take(report("findings", ["own_traffic_only"]))).toHaveLength(1);
  });

  test("neither begin nor end by a look that saw too little", () => {
    const problems = new TapProblems();
    problems.take(report("findings", ["wan_side"]));
    problems.take(report("unsure", ["too_short"]));
    expect(problems.take(report("findings", ["wan_side"]))).toHaveLength(1);
    expect(problems.take(report("findings", ["no_packets"], 0))).toEqual([]);
    expect(problems.current).toHaveLength(1);
  });

  test("that a home may have on purpose are left to who asks", () => {
    const problems = new TapProblems();
    for (let i = 0; i < 4; i++)
      expect(problems.take(report("findings", ["silent_devices", "vlan_tags_stripped", "clock_jumps"]))).toEqual([]);
  });

  test("are incidents of their own, with evidence and mend", () => {
    const told: unknown[] = [];
    const problems = new TapProblems();
    const book = { report: (source: { severity: string }, finding: object) => told.push({ ...source, ...finding }) };
    for (let i = 0; i < 2; i++) problems.tell(report("findings", ["wan_side"]), book, 5);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      kind: "tap_problem",
      severity: "low",
      title: "Network tap: title of wan_side",
      group: "wan_side",
      fields: { tap: "interface:eth1", finding: "wan_side", packets: 1000 },
      why: ["Seen."],
      advice: ["Mend.", expect.stringContaining("lanwarden doctor")],
    });
  });
});
