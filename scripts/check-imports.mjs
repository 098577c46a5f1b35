// Import direction and cycles (docs/development/architecture.md). A row says what the files of a folder may import; all may import
// @lanwarden/contract. `import type` counts too: a type is knowledge. Cycles are looked for among value imports only.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** Folder of agent/src → folders it may import. */
const MAY = {
  core: [],
  capture: ["core"],
  decode: ["core"],
  intel: ["core"],
  flow: ["core", "decode"],
  doctor: ["core", "capture", "decode"],
  dissect: ["core", "decode", "flow"],
  signatures: ["core"],
  records: ["core", "capture", "dissect"],
  devices: ["core", "intel", "dissect"],
  detect: ["core", "intel", "dissect", "devices"],
  risk: ["core", "devices", "detect"],
  respond: ["core", "devices", "detect", "risk"],
  store: ["core"],
  sinks: ["core"],
  api: ["core"],
  demo: ["core", "capture"],
  app: [
    "core",
    "capture",
    "decode",
    "doctor",
    "intel",
    "flow",
    "dissect",
    "signatures",
    "records",
    "devices",
    "detect",
    "risk",
    "respond",
    "store",
    "sinks",
    "api",
    "demo",
  ],
};
/** Workspaces beside the agent → packages of ours they may import. */
const PACKAGES = {
  "agent/contract/src": [],
  "agent/dashboard/src": ["@lanwarden/contract"],
  "integration/home-assistant/src": ["@lanwarden/contract"],
  "integration/home-assistant/cards": ["@lanwarden/contract"],
  "integration/matter/src": ["@lanwarden/contract"],
  "node-red-nodes/src": ["@lanwarden/contract"],
  "agent/src": ["@lanwarden/contract"],
  "agent/src/app": ["@lanwarden/contract", "@lanwarden/home-assistant", "@lanwarden/matter", "@lanwarden/dashboard"],
};
/** What else the files of a workspace may import; the others may import what their package.json has. */
const LIBRARIES = { "integration/home-assistant/cards": ["lit"] };
/** Folders that stay free of I/O: the hot path and what must run anywhere. */
const NO_NODE = { decode: [], doctor: [], flow: [], dissect: ["node:crypto", "node:zlib"] };

const IMPORT = /^\s*(import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|import\("([^"]+)"\)/gm;

const files = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules") && !file.includes("/dist/"));

const faults = [];
const graph = new Map();

function importsOf(file) {
  const found = [];
  for (const match of readFileSync(file, "utf8").matchAll(IMPORT)) {
    const spec = match[3] ?? match[4];
    if (spec) found.push({ spec, isType: match[2] !== undefined, isLazy: match[4] !== undefined });
  }
  return found;
}

function checkAgentFile(file) {
  const folder = relative("agent/src", file).split("/")[0];
  if (!(folder in MAY)) faults.push(`${file}: the folder ${folder} has no row in scripts/check-imports.mjs`);
  const isTest = file.endsWith(".test.ts");
  const edges = [];
  for (const { spec, isType, isLazy } of importsOf(file)) {
    if (spec.startsWith(".")) {
      const target = normalize(join(dirname(file), spec));
      if (!target.startsWith("agent/src/")) {
        if (!isTest) faults.push(`${file}: imports ${spec}, outside of agent/src`);
        continue;
      }
      const other = relative("agent/src", target).split("/")[0];
      if (other !== folder && !isTest && !MAY[folder]?.includes(other))
        faults.push(`${file}: ${folder} may not import ${other} (${spec})`);
      if (!isType && !isLazy) edges.push(target);
    } else if (spec.startsWith("node:")) {
      const allowed = NO_NODE[folder];
      if (allowed && !isTest && !allowed.includes(spec)) faults.push(`${file}: ${folder} may not import ${spec}`);
    }
  }
  graph.set(file, edges);
}

function checkPackages() {
  for (const [folder, allowed] of Object.entries(PACKAGES)) {
    for (const file of files(folder)) {
      const owner = Object.keys(PACKAGES)
        .filter((other) => file.startsWith(`${other}/`))
        .sort((a, b) => b.length - a.length)[0];
      if (owner !== folder || file.endsWith(".test.ts")) continue;
      for (const { spec } of importsOf(file)) {
        const name = /^@lanwarden\/[^/]+/.exec(spec)?.[0];
        if (name && !allowed.includes(name)) faults.push(`${file}: may not import ${spec}`);
        const library = /^[a-z@][^/:]*/.exec(spec)?.[0];
        if (library && !name && LIBRARIES[folder]?.includes(library) === false)
          faults.push(`${file}: may not import ${spec}`);
        if (spec.startsWith(".") && !normalize(join(dirname(file), spec)).startsWith(folder.split("/src")[0]))
          faults.push(`${file}: leaves its workspace (${spec})`);
      }
    }
  }
}

function findCycles() {
  const state = new Map();
  const path = [];
  const visit = (file) => {
    if (state.get(file) === 2) return;
    if (state.get(file) === 1) {
      faults.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
      return;
    }
    state.set(file, 1);
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    state.set(file, 2);
  };
  for (const file of graph.keys()) visit(file);
}

for (const file of files("agent/src")) checkAgentFile(file);
checkPackages();
findCycles();
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`imports: ${graph.size} files, one direction, no cycle`);
process.exitCode = faults.length > 0 ? 1 : 0;
