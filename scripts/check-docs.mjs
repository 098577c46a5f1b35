// Docs stay true: every relative link and every quoted path of the project exists; each detection has its page, each error code its entry.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const pages = [
  "README.md",
  "AGENTS.md",
  "CHANGELOG.md",
  ...(existsSync("docs")
    ? readdirSync("docs", { recursive: true })
        .filter((name) => name.endsWith(".md"))
        .map((name) => join("docs", name))
    : []),
];
const faults = [];

for (const page of pages) {
  if (!existsSync(page)) {
    faults.push(`${page} is missing`);
    continue;
  }
  const text = readFileSync(page, "utf8").replace(/```[\s\S]*?```/g, "");
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const file = normalize(join(dirname(page), decodeURIComponent(target)));
    if (!existsSync(file)) faults.push(`${page}: links to ${target}, which is not there`);
  }
  // `agent/src/…`, `docs/…`, `scripts/…`: paths in backticks, without wildcards or placeholders.
  for (const [, path] of text.matchAll(/`((?:agent|docs|scripts|integration|node-red-nodes)\/[\w./-]+)`/g)) {
    if (!existsSync(path)) faults.push(`${page}: names ${path}, which is not there`);
  }
}

for (const file of readdirSync("agent/src/detect/detections")) {
  if (file.endsWith(".test.ts") || !file.endsWith(".ts")) continue;
  const kind = /kind: "([a-z0-9_]+)"/.exec(readFileSync(join("agent/src/detect/detections", file), "utf8"))?.[1];
  if (kind && !existsSync(`docs/detections/${kind}.md`))
    faults.push(`docs/detections/${kind}.md is missing (agent/src/detect/detections/${file})`);
}

// No page is lost: all are linked from the map.
const map = existsSync("docs/README.md") ? readFileSync("docs/README.md", "utf8") : "";
for (const page of pages) {
  const name = page.replace(/^docs\//, "");
  if (name !== page && name !== "README.md" && !map.includes(`](${name})`))
    faults.push(`docs/README.md: does not link ${name}`);
}

// Each error code of the agent has its entry in the reference, and no entry outlives its code.
const ERRORS = "docs/reference/errors.md";
const codes = new Set();
let sources = "";
for (const folder of ["agent/src", "integration"]) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts") || /(^|\/)(node_modules|dist)\//.test(name)) continue;
    const text = readFileSync(join(folder, name), "utf8");
    sources += text;
    for (const [, code] of text.matchAll(/AgentError\(\s*"(ERR_[A-Z0-9_]+)"/g)) codes.add(code);
  }
}
const entries = new Set(
  [...(existsSync(ERRORS) ? readFileSync(ERRORS, "utf8") : "").matchAll(/^### (ERR_[A-Z0-9_]+)$/gm)].map(
    ([, code]) => code,
  ),
);
for (const code of [...codes].sort()) if (!entries.has(code)) faults.push(`${ERRORS}: has no entry for ${code}`);
for (const code of entries) if (!codes.has(code)) faults.push(`${ERRORS}: ${code} is in no source any more`);

// Messages that the reference quotes (*`…`*) are messages of the program: each piece between ellipses stands in a source.
for (const [, quote] of (existsSync(ERRORS) ? readFileSync(ERRORS, "utf8") : "").matchAll(/\*`([^`]+)`\*/g)) {
  const missing = quote
    .split("…")
    .map((piece) => piece.trim())
    .find((piece) => piece.length > 3 && !sources.includes(piece));
  if (missing) faults.push(`${ERRORS}: quotes "${missing}", which no source says`);
}

for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`docs: ${pages.length} pages, links and paths exist`);
process.exitCode = faults.length > 0 ? 1 : 0;
