import { SEVERITIES } from "@lanwarden/contract/kinds";
import { type Command, InvalidArgumentError, Option } from "commander";

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function pair(value: string, before: Record<string, string> = {}): Record<string, string> {
  const cut = value.indexOf("=");
  if (cut < 1) throw new InvalidArgumentError("write it as NAME=VALUE");
  return { ...before, [value.slice(0, cut)]: value.slice(cut + 1) };
}

function time(value: string): number {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("write it as 2026-11-22T17:00:00Z (RFC 3339)");
  return ms * 1000;
}

/** `lanwarden analyze`. */
export function registerAnalyze(program: Command): void {
  program
    .command("analyze")
    .description("look into captures (pcap or pcapng, also .gz; - for standard input)")
    .argument("<capture...>", "capture files")
    .option(
      "--out <folder>",
      "write eve.json, incidents.json, devices.json and report.html there (else a summary here)",
    )
    .option("--each", "one result folder per capture: <out>/<file name>/")
    .option("--home-net <cidr,...>", "the home's networks (default: all private ones)")
    .option("--no-checksums", "take packets whose checksum is wrong (this version always does)")
    .option("--midstream", "pick up TCP sessions whose start was not seen (this version always does)")
    .addOption(new Option("--format <format>", "form of the summary").choices(["text", "json"]).default("text"))
    .addOption(
      new Option("--fail-on <severity>", "exit 3 when an incident is this severe or worse").choices(
        SEVERITIES.slice(1),
      ),
    )
    .option("--from <time>", "packets from then on (RFC 3339)", time)
    .option("--to <time>", "packets until then", time)
    .option("--progress", "show a progress bar (default: on a terminal)")
    .option("--no-progress", "show none")
    .option("--rules <file>", "signature rules (Suricata's language; not in this version); repeatable", collect)
    .option("--rules-only", "signatures alone, no other detection")
    .option(
      "--var <NAME=VALUE>",
      "address or port variable of rules; HOME_NET is also the home network; repeatable",
      pair,
    )
    .option("--set <KEY=VALUE>", "setting of streams and protocols as in suricata.yaml; repeatable", pair)
    .option("--threshold-file <file>", "thresholds of rules")
    .option("--iprep <file>", "reputation of addresses")
    .option("--iprep-categories <file>", "categories of reputation")
    .action(async (captures: string[], options: Record<string, unknown>) => {
      const { analyze, parseAnalyzeOptions } = await import("../analyze.ts");
      process.exitCode = await analyze(captures, parseAnalyzeOptions(options));
    });
}
