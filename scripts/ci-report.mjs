// Reads vitest's JSON reports for the CI run.
//   node scripts/ci-report.mjs files REPORT           files with a failed test, a line each
//   node scripts/ci-report.mjs failures REPORT        failed tests, each with the first lines of why
//   node scripts/ci-report.mjs count REPORT [AGAIN]   "passed failed"; files that are in AGAIN count by that report
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const REASON_LINES = 6;
const [what, ...paths] = process.argv.slice(2);
const [report, again] = paths.map((path) => JSON.parse(readFileSync(path, "utf8")));
const reason = (text) =>
  String(text ?? "")
    .split("\n")
    .slice(0, REASON_LINES)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join("\n");
const name = (file) => relative(process.cwd(), file.name);
const failedTests = (file) => (file.assertionResults ?? []).filter(({ status }) => status === "failed");
const hasFailed = (file) => file.status === "failed" || failedTests(file).length > 0;

if (what === "files") for (const file of report.testResults.filter(hasFailed)) console.log(name(file));
else if (what === "failures") {
  for (const file of report.testResults.filter(hasFailed)) {
    for (const test of failedTests(file))
      console.log(`${name(file)}: ${test.fullName}\n${reason(test.failureMessages?.[0])}`);
    if (failedTests(file).length === 0) console.log(`${name(file)}\n${reason(file.message)}`);
  }
} else {
  const repeated = new Map((again?.testResults ?? []).map((file) => [file.name, file]));
  let passed = 0;
  let failed = 0;
  for (const first of report.testResults) {
    const file = repeated.get(first.name) ?? first;
    passed += (file.assertionResults ?? []).filter(({ status }) => status === "passed").length;
    // A file that could not be loaded has no tests to count.
    failed += failedTests(file).length || (hasFailed(file) ? 1 : 0);
  }
  // A run that failed without a failed test (an error outside of all) is a failure too.
  const isUnexplained = failed === 0 && (again ?? report).success === false;
  console.log(passed, failed + (isUnexplained ? 1 : 0));
}
