// The tests that failed in a JSON report of vitest, a line each with its file, and the first lines of why.
// usage: node scripts/ci-failures.mjs REPORT.json
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const REASON_LINES = 6;
const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const reason = (text) =>
  String(text ?? "")
    .split("\n")
    .slice(0, REASON_LINES)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join("\n");

for (const file of report.testResults ?? []) {
  const failed = (file.assertionResults ?? []).filter((test) => test.status === "failed");
  for (const test of failed)
    console.log(`${relative(process.cwd(), file.name)}: ${test.fullName}\n${reason(test.failureMessages?.[0])}`);
  if (file.status === "failed" && failed.length === 0)
    console.log(`${relative(process.cwd(), file.name)}\n${reason(file.message)}`);
}
