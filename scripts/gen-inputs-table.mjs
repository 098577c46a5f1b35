// Writes the table "which detections work on which input" in docs/guides/tap-flows.md from what the record sources say of themselves;
// `--check` changes nothing and fails when it is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { coverageOf } from "../agent/src/app/input-coverage.ts";
import { recordSources } from "../agent/src/records/registry.gen.ts";

const PAGE = "docs/guides/tap-flows.md";

const titleOf = (kind) => /^# (.+)$/m.exec(readFileSync(`docs/detections/${kind}.md`, "utf8"))?.[1] ?? kind;
const inputs = recordSources.map((source) => ({ type: source.type, rows: coverageOf(source) }));

function cell({ works, why }) {
  if (works === "yes") return "yes";
  if (works === "partly") return `in part: ${why}`;
  // Detections that hear nothing at all need no reason each.
  return why.startsWith("needs ") ? "no" : `no: ${why}`;
}

const rows = (inputs[0]?.rows ?? [])
  .map(({ kind, detection }, i) => ({
    title: titleOf(kind),
    line: `| [${titleOf(kind)}](../detections/${kind}.md) \`${detection}\` | ${inputs.map(({ rows: own }) => cell(own[i])).join(" | ")} |`,
  }))
  .sort((a, b) => a.title.localeCompare(b.title, "en"))
  .map(({ line }) => line);
const table = [
  `| detection | ${inputs.map(({ type }) => `\`${type}\``).join(" | ")} |`,
  `|---|${inputs.map(() => "---").join("|")}|`,
  ...rows,
].join("\n");
const page = readFileSync(PAGE, "utf8");
const fresh = page.replace(
  /(<!-- inputs:.*?-->\n)[\s\S]*?(<!-- \/inputs -->)/,
  (_, open, close) => `${open}${table}\n${close}`,
);
if (fresh === page) console.log(`${PAGE} is fresh`);
else if (process.argv.includes("--check")) {
  console.error(`${PAGE} is stale: run node --conditions=source scripts/gen-inputs-table.mjs`);
  process.exitCode = 1;
} else {
  writeFileSync(PAGE, fresh);
  console.log(`wrote ${PAGE}`);
}
