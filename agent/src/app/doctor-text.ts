import type { DoctorReport, TapFinding, TapReport, TapSeen, TapVerdict } from "@lanwarden/contract/doctor";
import { paint, type Style, wrap } from "./cli/table.ts";

const WIDTH = 92;
const STYLE: Readonly<Record<TapVerdict, Style>> = {
  healthy: "green",
  unsure: "yellow",
  findings: "red",
  failed: "red",
};

/** The answer for a person: verdict, findings with evidence and mend, what was seen. */
export function doctorText({ taps }: DoctorReport): string {
  return taps.map(tapText).join("\n\n");
}

function tapText(tap: TapReport): string {
  const head = `${tap.source}: ${paint(tap.summary, STYLE[tap.verdict])}`;
  if (tap.verdict === "failed") return head;
  return [head, ...tap.findings.map(findingText), seenText(tap.seen)].join("\n\n");
}

function findingText({ level, title, evidence, fix, id }: TapFinding): string {
  const mark = id === "too_short" ? paint("?", "yellow") : level === "problem" ? paint("✗", "red") : paint("i", "cyan");
  const lines = [`${mark} ${paint(title, "bold")}`];
  for (const sentence of evidence) lines.push(`  ${wrap(sentence, WIDTH, "    ")}`);
  for (const step of fix) lines.push(`  ${paint("→", "cyan")} ${wrap(step, WIDTH, "    ")}`);
  lines.push(paint(`  More: "${id}" in the doctor guide (docs/guides/doctor.md)`, "dim"));
  return lines.join("\n");
}

function seenText(seen: TapSeen): string {
  const { packets, seconds, devices, devices_both_ways: both, kernel_drops: drops, vlans } = seen;
  const rate = seconds > 0 ? `, ${Math.round(packets / seconds).toLocaleString("en")} a second` : "";
  const parts = [
    `${packets.toLocaleString("en")} packets (${sizeText(seen.bytes)}) in ${timeText(seconds)}${rate}`,
    `${devices} ${devices === 1 ? "device" : "devices"}, ${both} of them both ways`,
    `${Math.round(seen.unicast_share * 100)} % to one machine`,
    ...(seen.own_share >= 0.005 ? [`${Math.round(seen.own_share * 100)} % this machine's own`] : []),
    `TCP connections: ${seen.tcp_both_ways} both ways, ${seen.tcp_one_way} one way`,
    `${drops} lost`,
    ...(vlans.length > 0 ? [`VLAN ${vlans.join(", ")}`] : []),
  ];
  return paint(`Seen: ${wrap(parts.join("; "), WIDTH, "  ")}.`, "dim");
}

const sizeText = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1000)} kB`;

const timeText = (seconds: number): string =>
  seconds >= 7200
    ? `${(seconds / 3600).toFixed(1)} h`
    : seconds >= 120
      ? `${Math.round(seconds / 60)} min`
      : `${seconds.toFixed(1)} s`;
