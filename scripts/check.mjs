// The one gate: every check in turn, each with its time; stops at nothing, so that one run shows all that is wrong.
import { spawnSync } from "node:child_process";

const steps = [
  ["generated files are fresh", "node", ["scripts/gen-registries.mjs", "--check"]],
  ["prefilter's WebAssembly is fresh", "node", ["scripts/gen-prefilter-wasm.mjs", "--check"]],
  ["entity reference is fresh", "node", ["--conditions=source", "scripts/gen-entities.mjs", "--check"]],
  ["types", "tsc", ["-b"]],
  ["types of tests", "tsc", ["-p", "tsconfig.test.json"]],
  ["lint and format", "biome", ["ci", "--error-on-warnings", "."]],
  ["import direction", "node", ["scripts/check-imports.mjs"]],
  ["dead code", "knip", []],
  ["docs", "node", ["scripts/check-docs.mjs"]],
  ["map of the docs is fresh", "node", ["scripts/gen-docs-map.mjs", "--check"]],
  ["configuration reference is fresh", "node", ["--conditions=source", "scripts/gen-config-reference.mjs", "--check"]],
  ["table of inputs is fresh", "node", ["--conditions=source", "scripts/gen-inputs-table.mjs", "--check"]],
  ["protocol reference is fresh", "node", ["--conditions=source", "scripts/gen-protocols.mjs", "--check"]],
  ...(process.argv.includes("--no-tests") ? [] : [["tests", "vitest", ["run"]]]),
];
let failed = 0;
for (const [name, command, args] of steps) {
  const start = Date.now();
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) failed++;
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
}
process.exitCode = failed > 0 ? 1 : 0;
