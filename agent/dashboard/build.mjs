// Bundles the page into dist/page: index.html, assets/app.js, assets/app.css and the static files.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { licenceOf } from "../../scripts/lib/licence-of.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist/page");
/** What a phone on a slow line may have to load, in octets after gzip. */
const MAX_GZIPPED = 120_000;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.ts" },
  outdir: join(out, "assets"),
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  conditions: ["source"],
  legalComments: "none",
  logLevel: "warning",
});
await build({
  absWorkingDir: here,
  entryPoints: { app: "src/styles/page.css" },
  outdir: join(out, "assets"),
  minify: true,
  target: ["chrome123", "firefox120", "safari17.5"],
  logLevel: "warning",
});
cpSync(join(here, "src/static/index.html"), join(out, "index.html"));
for (const file of ["icon.svg", "manifest.webmanifest"]) {
  cpSync(join(here, "src/static", file), join(out, "assets", file));
}
const notices = ["lit", "@lit/reactive-element", "lit-html", "lit-element", "uplot", "uqr"];
writeFileSync(
  join(out, "assets/licences.txt"),
  notices.map((name) => `${name}\n\n${licenceOf(name, here)}\n`).join("\n----\n\n"),
);

const gzipped = ["index.html", "assets/app.js", "assets/app.css"].reduce(
  (sum, file) => sum + gzipSync(readFileSync(join(out, file))).length,
  0,
);
if (gzipped > MAX_GZIPPED) {
  console.error(`dashboard: ${gzipped} octets after gzip, more than ${MAX_GZIPPED}; find what grew`);
  process.exit(1);
}
console.log(`dashboard: dist/page, ${(gzipped / 1000).toFixed(1)} kB gzipped`);
