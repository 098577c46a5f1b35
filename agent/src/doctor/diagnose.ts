import { TAP_FINDINGS, type TapFinding, type TapReport, type TapSeen } from "@lanwarden/contract/doctor";
import type { TapObservation } from "./observation.ts";
import { findings } from "./registry.gen.ts";

/** What is wrong with a tap, worst first; what follows from another finding is left out. */
export function diagnose(seen: TapObservation): TapFinding[] {
  const found: TapFinding[] = [];
  const hidden = new Set<string>();
  for (const unit of findings) {
    const judgement = unit.judge(seen);
    if (judgement === undefined) continue;
    for (const id of unit.hides) hidden.add(id);
    const { title, evidence, numbers, fix } = judgement;
    found.push({
      id: unit.id,
      level: unit.level,
      title,
      evidence: [...evidence],
      numbers: { ...numbers },
      fix: [...fix],
    });
  }
  return found
    .filter(({ id }) => !hidden.has(id))
    .sort((a, b) => TAP_FINDINGS.indexOf(a.id) - TAP_FINDINGS.indexOf(b.id));
}

/** The whole answer about one tap. */
export function tapReport(source: string, seen: TapObservation): TapReport {
  const found = diagnose(seen);
  const problems = found.filter(({ level }) => level === "problem");
  const isUnsure = problems.length > 0 && problems.every(({ id }) => id === "too_short");
  const verdict = problems.length === 0 ? "healthy" : isUnsure ? "unsure" : "findings";
  return {
    source,
    kind: seen.isLive ? "live" : "capture",
    verdict,
    summary: summaryOf(verdict, problems),
    findings: found,
    seen: seenOf(seen),
  };
}

function summaryOf(verdict: TapReport["verdict"], problems: readonly TapFinding[]): string {
  if (verdict === "healthy") return "Healthy: this tap shows the home.";
  if (verdict === "unsure") return "Not sure: nothing is wrong so far, but too little was seen.";
  const [first] = problems;
  const more = problems.length === 1 ? "" : ` And ${problems.length - 1} more.`;
  return `${first?.title ?? "Something is wrong with this tap"}.${more}`;
}

const share = (part: number, all: number): number => (all === 0 ? 0 : Number((part / all).toFixed(4)));

export function seenOf(seen: TapObservation): TapSeen {
  return {
    packets: seen.frames,
    bytes: seen.bytes,
    seconds: Number(seen.seconds.toFixed(3)),
    unicast_share: share(seen.unicast, seen.frames),
    own_share: share(seen.own, seen.frames),
    devices: seen.devices,
    devices_both_ways: seen.devicesBothWays,
    tcp_both_ways: seen.tcp.bothWays,
    tcp_one_way: seen.tcp.oneWay,
    kernel_drops: seen.kernelDrops,
    vlans: [...seen.vlans],
  };
}
