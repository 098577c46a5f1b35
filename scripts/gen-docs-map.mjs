// Writes the list of detections in docs/README.md from their pages; `--check` changes nothing and fails when it is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const MAP = "docs/README.md";
const PAGES = "docs/detections";

const lines = readdirSync(PAGES)
  .filter((file) => file.endsWith(".md"))
  .sort()
  .map((file) => {
    const text = readFileSync(`${PAGES}/${file}`, "utf8");
    const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
    const ids = [...text.matchAll(/^Detections? .*$/gm)].flatMap(
      ([line]) => line.match(/`[a-z0-9-]+\.[a-z0-9-]+`/g) ?? [],
    );
    return `- [${title}](detections/${file})${ids.length > 0 ? `: ${ids.join(", ")}` : ""}`;
  });
const map = readFileSync(MAP, "utf8");
const marks = /(<!-- detections -->\n)[\s\S]*?(<!-- \/detections -->)/;
const fresh = map.replace(marks, (_, open, close) => `${open}${lines.join("\n")}\n${close}`);
if (fresh === map) console.log(`${MAP} is fresh`);
else if (process.argv.includes("--check")) {
  console.error(`${MAP} is stale: run node scripts/gen-docs-map.mjs`);
  process.exitCode = 1;
} else {
  writeFileSync(MAP, fresh);
  console.log(`wrote ${MAP}`);
}
