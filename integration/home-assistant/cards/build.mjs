// Bundles the cards and the dashboard strategy into one file for Home Assistant's frontend: integration/home-assistant/dist/lanwarden.js.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { licenceOf } from "../../../scripts/lib/licence-of.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../dist/lanwarden.js");
/** What every page of a Home Assistant with this resource loads, in octets after gzip. */
const MAX_GZIPPED = 24_000;

const { version } = JSON.parse(readFileSync(join(here, "../package.json"), "utf8"));
const notices = ["lit", "@lit/reactive-element", "lit-html", "lit-element"].map(
  (name) => `${name}\n\n${licenceOf(name, here)}`,
);
await build({
  absWorkingDir: here,
  entryPoints: ["main.ts"],
  outfile: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  conditions: ["source"],
  // The libraries' own marks are all over the code; their licences stand once, at its end.
  legalComments: "none",
  banner: {
    js: `/* Lanwarden ${version}: cards and dashboard for Home Assistant. Apache-2.0. Licences of what is bundled: at the end. */`,
  },
  footer: { js: `/*!\n${[...new Set(notices)].join("\n----\n\n").replaceAll("*/", "* /")}\n*/` },
  logLevel: "warning",
});

const gzipped = gzipSync(readFileSync(out)).length;
if (gzipped > MAX_GZIPPED) {
  console.error(`cards: ${gzipped} octets after gzip, more than ${MAX_GZIPPED}; find what grew`);
  process.exit(1);
}
console.log(`cards: dist/lanwarden.js, ${(gzipped / 1000).toFixed(1)} kB gzipped`);
