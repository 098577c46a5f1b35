// Bundles the nodes as Node-RED wants them: dist/lanwarden.js (CommonJS, all that it needs inside), dist/lanwarden.html (the editor's side),
// dist/locales/en-US and dist/icons. A node is a folder of src/nodes; nothing else names it.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const nodesFolder = join(here, "src/nodes");
const locales = join(here, "dist/locales/en-US");
/** The agent first: the others refer to its type. */
const types = readdirSync(nodesFolder).sort((a, b) => isAgent(b) - isAgent(a) || a.localeCompare(b));

for (const old of ["lanwarden.js", "lanwarden.html", "icons", "locales"])
  rmSync(join(here, "dist", old), { recursive: true, force: true });
mkdirSync(locales, { recursive: true });

const runtime = await bundle({
  contents: [
    ...types.map((type, index) => `import * as unit${index} from "./nodes/${type}/runtime.ts";`),
    `const units = [${types.map((_, index) => `...Object.values(unit${index})`)}];`,
    "module.exports = (red) => { for (const unit of units) unit.register(red); };",
  ].join("\n"),
  platform: "node",
  format: "cjs",
  target: "node20",
});
const editor = await bundle({
  contents: types.map((type) => `import "./nodes/${type}/editor.ts";`).join("\n"),
  platform: "browser",
  format: "iife",
  target: "es2022",
});
const dialogs = types.map((type) => script(`data-template-name="${type}"`, read(type, "editor.html")));
const style = readFileSync(join(here, "src/editor/style.css"), "utf8");
writeFileSync(join(here, "dist/lanwarden.js"), runtime);
writeFileSync(
  join(here, "dist/lanwarden.html"),
  `<script type="text/javascript">\n${editor}</script>\n<style>\n${style}</style>\n${dialogs.join("")}`,
);
writeFileSync(
  join(locales, "lanwarden.html"),
  types.map((type) => script(`data-help-name="${type}"`, read(type, "help.html"))).join(""),
);
const catalogs = ["editor/locale.json", ...types.map((type) => `nodes/${type}/locale.json`)];
const texts = catalogs.map((file) => JSON.parse(readFileSync(join(here, "src", file), "utf8")));
writeFileSync(join(locales, "lanwarden.json"), JSON.stringify(Object.assign({}, ...texts), null, 2));
cpSync(join(here, "icons"), join(here, "dist/icons"), { recursive: true });
console.log(`node-red: ${types.length} nodes, ${(runtime.length / 1000).toFixed(0)} kB runtime`);

function isAgent(type) {
  return Number(type === "lanwarden-agent");
}

function read(type, file) {
  return readFileSync(join(nodesFolder, type, file), "utf8");
}

function script(attribute, html) {
  return `<script type="text/html" ${attribute}>\n${html}</script>\n`;
}

async function bundle({ contents, ...options }) {
  const { outputFiles } = await build({
    absWorkingDir: here,
    stdin: { contents, resolveDir: join(here, "src"), loader: "ts" },
    bundle: true,
    write: false,
    conditions: ["source"],
    legalComments: "none",
    logLevel: "warning",
    ...options,
  });
  return outputFiles[0].text;
}
