// Writes the tables of docs/reference/entities.md from the entities that are announced to Home Assistant, between the two marks of the page.
// `--check` changes nothing and fails when the page is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { topics } from "../agent/contract/src/topics.ts";
import { entities } from "../integration/home-assistant/src/registry.gen.ts";

const PAGE = "docs/reference/entities.md";
const BEGIN = "<!-- entities: written by scripts/gen-entities.mjs -->";
const END = "<!-- /entities -->";
const context = {
  agent: "home",
  version: "0",
  pageUrl: "http://lanwarden/",
  prefix: "homeassistant",
  linkByMac: false,
};
const topicsOfNobody = {
  state: "",
  attributes: "",
  incident: "",
  isolateSet: "",
  profileSet: "",
  agent: topics(context.agent),
};

function row(entity) {
  const config = entity.config(topicsOfNobody, context);
  const {
    device_class: kind,
    unit_of_measurement: unit,
    options,
    event_types: types,
    entity_category: category,
  } = config;
  const traits = [
    kind,
    unit,
    options?.join(", "),
    types && `${types.length} event types`,
    category,
    entity.isolates && "only with a back-end",
    config.enabled_by_default === false ? "disabled until you enable it" : undefined,
  ];
  return `| ${entity.name} | ${entity.platform} | \`${entity.key}\` | ${traits.filter(Boolean).join("; ")} | ${entity.about} |`;
}

function table(of) {
  const head = ["| Entity | Platform | Key | Class, unit, values | What it tells |", "|---|---|---|---|---|"];
  const rank = (entity) => (entity.config(topicsOfNobody, context).enabled_by_default === false ? 1 : 0);
  const own = entities
    .filter((entity) => entity.of === of)
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return [...head, ...own.map(row)].join("\n");
}

const page = readFileSync(PAGE, "utf8");
const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
if (start < 0 || end < start) throw new Error(`${PAGE}: the marks of the table are missing`);
const tables = `## The home\n\n${table("hub")}\n\n## Each announced device\n\n${table("device")}`;
const text = `${page.slice(0, start)}${BEGIN}\n${tables}\n${page.slice(end)}`;
if (text !== page) {
  if (process.argv.includes("--check")) {
    console.error(`${PAGE} is stale: run node --conditions=source scripts/gen-entities.mjs`);
    process.exitCode = 1;
  } else {
    writeFileSync(PAGE, text);
    console.log(`wrote ${PAGE}`);
  }
}
