// npm run quality [-- options] [CAPTURE.pcap…]: measures how good Lanwarden is and writes docs/development/quality.md.
//   --only SUITE   one part: protocols, rules, threats, fingerprints, malformed, baseline or bench
//   --rounds N     rounds of the benchmark (default 3)
// The corpus and its score tool live beside the checkout, in ../shared; without them their parts of the page stay as they are. Captures given
// as arguments are benchmarked instead of our own.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { helpFromHeader } from "./lib/header-help.mjs";
import { ja4Figure } from "./lib/ja4-figure.mjs";
import { BENCH, benchSection, head, SUITES, scoreSection } from "./lib/quality-page.mjs";

const PAGE = "docs/development/quality.md";
const SCORE = "../shared/tools/score.mjs";
const CORPUS = "../shared/corpus";
helpFromHeader(import.meta.url);
const { values: options, positionals: captures } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, rounds: { type: "string", default: "3" } },
});
const parts = [...Object.keys(SUITES), BENCH];
if (options.only !== undefined && !parts.includes(options.only)) {
  console.error(`quality: --only ${options.only}: there is ${parts.join(", ")}`);
  process.exit(2);
}
const wanted = options.only === undefined ? parts : [options.only];
const folder = mkdtempSync(join(tmpdir(), "lanwarden-quality-"));
const stamp = {
  day: new Date().toISOString().slice(0, 10),
  commit: spawnSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).stdout.trim(),
  machine: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() || "unknown processor"}, Node ${process.version}`,
};

const fresh = new Map();
for (const part of wanted) {
  const section = part === BENCH ? measureBench() : measureSuite(part);
  if (section !== undefined) fresh.set(part, section);
}
rmSync(folder, { recursive: true, force: true });
if (fresh.size > 0) {
  const old = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "";
  writeFileSync(PAGE, `${head}\n${parts.map((part) => wrap(part, fresh.get(part) ?? kept(old, part))).join("\n")}`);
  console.log(`wrote ${PAGE}: ${[...fresh.keys()].join(", ")}`);
}

/** A part of the page between its marks, so that one can be measured alone. */
function wrap(part, text) {
  return `<!-- ${part} -->\n${text.trim()}\n<!-- /${part} -->\n`;
}

function kept(page, part) {
  const found = new RegExp(`<!-- ${part} -->\n([\\s\\S]*?)\n<!-- /${part} -->`).exec(page);
  return found?.[1] ?? `## ${SUITES[part]?.title ?? "Cost"}\n\nNot measured yet.`;
}

function measureSuite(suite) {
  if (!existsSync(SCORE)) {
    console.log(`quality: ${suite} cannot be measured: the score tool is not at ${SCORE}; its part of the page stays`);
    return undefined;
  }
  if (SUITES[suite].missing !== undefined) return scoreSection(suite, undefined, stamp);
  console.log(`quality: ${suite} …`);
  const json = join(folder, `${suite}.json`);
  const cli = `${process.execPath} --conditions=source agent/bin/lanwarden.mjs`;
  const { status } = spawnSync(process.execPath, [SCORE, suite, "--json", json, "--cli", cli], { stdio: "inherit" });
  if (status !== 0 || !existsSync(json)) {
    console.log(`quality: ${suite} could not be measured (exit ${status}); its part of the page stays`);
    process.exitCode = 1;
    return undefined;
  }
  const result = JSON.parse(readFileSync(json, "utf8"));
  if (suite === "fingerprints") result.figures.ja4 = ja4Figure(`${CORPUS}/fingerprints`, cli.split(" "));
  return scoreSection(suite, result, stamp);
}

function measureBench() {
  console.log("quality: bench …");
  const json = join(folder, "bench.json");
  const args = ["--conditions=source", "scripts/bench.mjs", "--rounds", options.rounds, "--json", json, ...captures];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0 || !existsSync(json)) {
    console.log(`quality: the benchmark failed (exit ${status}); its part of the page stays`);
    process.exitCode = 1;
    return undefined;
  }
  return benchSection(JSON.parse(readFileSync(json, "utf8")), stamp);
}
