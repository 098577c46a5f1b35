// Writes the tables of docs/reference/protocols.md from the dissectors and the tables of applications, between the two marks of the page.
// `--check` changes nothing and fails when the page is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { HTTP_PATHS } from "../agent/src/dissect/applications/http-devices.ts";
import { DEVICE_NAMES } from "../agent/src/dissect/applications/names-devices.ts";
import { MACHINE_NAMES } from "../agent/src/dissect/applications/names-machines.ts";
import { PEOPLE_NAMES } from "../agent/src/dissect/applications/names-people.ts";
import { TLS_MAKERS } from "../agent/src/dissect/applications/tls-devices.ts";
import { dissectors } from "../agent/src/dissect/registry.gen.ts";

const PAGE = "docs/reference/protocols.md";
const BEGIN = "<!-- protocols: written by scripts/gen-protocols.mjs -->";
const END = "<!-- /protocols -->";
const MOST_PORTS = 8;

const cell = (text) => String(text).replaceAll("|", "\\|");
const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function portsOf({ ports, firstOctets, transport }) {
  if (!transport.includes("tcp") && !transport.includes("udp")) return "-";
  const listed = ports.slice(0, MOST_PORTS).join(", ") + (ports.length > MOST_PORTS ? " …" : "");
  if (ports.length === 0) return "any";
  return firstOctets.length === 0 ? listed : `${listed}; any`;
}

function row(spec) {
  const { name, label, category, transport, source } = spec;
  return `| \`${name}\` | ${label} | ${category} | ${transport.join(", ")} | ${portsOf(spec)} | ${cell(source)} |`;
}

function dissectorTable() {
  const rows = [...dissectors].sort((a, b) => byName(a.name, b.name)).map(row);
  return [
    `There are ${dissectors.length} dissectors.`,
    "",
    "| Name | Label | Category | Over | Ports | Specification or public source |",
    "|---|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

/** Names of applications, each once a category. */
function applicationTable() {
  const hosts = new Map();
  const things = new Map();
  const add = (into, app, category) => into.set(category, (into.get(category) ?? new Set()).add(app));
  for (const [app, category] of [...PEOPLE_NAMES, ...MACHINE_NAMES, ...DEVICE_NAMES]) add(hosts, app, category);
  for (const [app, category] of HTTP_PATHS) add(things, app, category);
  for (const [, app, category] of TLS_MAKERS) add(things, app, category);
  const categories = [...new Set([...hosts.keys(), ...things.keys()])].sort(byName);
  const sizeOf = (of, category) => of.get(category)?.size ?? 0;
  const total = (of) => new Set([...of.values()].flatMap((apps) => [...apps])).size;
  return [
    "| Category | By host name | By interface or certificate |",
    "|---|---|---|",
    ...categories.map((category) => `| ${category} | ${sizeOf(hosts, category)} | ${sizeOf(things, category)} |`),
    `| all, each once | ${total(hosts)} | ${total(things)} |`,
  ].join("\n");
}

const page = readFileSync(PAGE, "utf8");
const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
if (start < 0 || end < start) throw new Error(`${PAGE}: the marks of the tables are missing`);
const tables = `## Protocols\n\n${dissectorTable()}\n\n## Applications\n\n${applicationTable()}`;
const text = `${page.slice(0, start)}${BEGIN}\n${tables}\n${page.slice(end)}`;
if (text === page) console.log(`${PAGE} is fresh`);
else if (process.argv.includes("--check")) {
  console.error(`${PAGE} is stale: run node --conditions=source scripts/gen-protocols.mjs`);
  process.exitCode = 1;
} else {
  writeFileSync(PAGE, text);
  console.log(`wrote ${PAGE}`);
}
