import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { INCIDENT_EVENT_TYPES } from "@lanwarden/contract/topics";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../../../integration/home-assistant", import.meta.url));
const blueprints = join(root, "blueprints/automation/lanwarden");

/** Where a blueprint uses an input: `!input name`. */
class Input {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
const read = (...path: string[]): Record<string, unknown> =>
  parse(readFileSync(join(...path), "utf8"), {
    customTags: [{ tag: "!input", resolve: (text: string) => new Input(text) }],
    merge: true,
  }) as Record<string, unknown>;

/** Every value in a tree with the keys that lead to it. */
function* walk(value: unknown, path: string[] = []): Generator<{ path: string[]; value: unknown }> {
  yield { path, value };
  if (value instanceof Input || typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) yield* walk(child, [...path, key]);
}
const texts = (tree: unknown): { path: string[]; value: string }[] =>
  [...walk(tree)].filter((found): found is { path: string[]; value: string } => typeof found.value === "string");

interface InputOptions {
  name?: string;
  selector?: Record<string, { filter?: { integration?: string; domain?: string }[] } | null>;
  input?: Record<string, InputOptions>;
}

/** Inputs with those of the sections. */
const inputsOf = (inputs: Record<string, InputOptions>): [string, InputOptions][] =>
  Object.entries(inputs).flatMap(([name, options]) =>
    options.input ? inputsOf(options.input) : ([[name, options]] as [string, InputOptions][]),
  );

/** Selectors of Home Assistant that a blueprint may need (home-assistant.io/docs/blueprint/selectors). */
const SELECTORS = "action boolean condition device entity number select target text time".split(" ");
/** An entity id as somebody would spell it; what is behind `action:` names an action. */
const SPELLED = /(?<![.\w])(automation|binary_sensor|button|event|media_player|select|sensor|switch)\.[a-z]\w*/;
/** Event types in conditions: `event_type in ['…']`, `event_type == '…'`, `'event_type', '…'`, `…event_type', 'eq', '…'`. */
const EVENT_TYPES = /event_type'?,? (?:in \[([^\]]*)\]|(?:== |'eq', )?('[a-z_]+'))/g;

const eventTypes = (text: string): string[] =>
  [...text.matchAll(EVENT_TYPES)].flatMap(([, list, one]) =>
    [...(list ?? one ?? "").matchAll(/'([a-z_]+)'/g)].map(([, type]) => type ?? ""),
  );

describe.each(readdirSync(blueprints))("blueprint %s", (file) => {
  const tree = read(blueprints, file);
  const meta = tree.blueprint as {
    name: string;
    description: string;
    domain: string;
    homeassistant: { min_version: string };
    input: Record<string, InputOptions>;
  };
  const inputs = inputsOf(meta.input);

  it("is an automation of today's form, for the oldest Home Assistant that is served", () => {
    expect(meta.domain).toBe("automation");
    expect(meta.homeassistant.min_version).toBe("2026.4.0");
    expect(meta.name).toMatch(/^Lanwarden: /);
    expect(meta.description.length).toBeGreaterThan(40);
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(["blueprint", "mode", "triggers", "actions"]));
    for (const old of ["trigger", "condition", "action"]) expect(tree).not.toHaveProperty(old);
  });

  it("declares every input that it uses, and uses every one that it declares", () => {
    const { blueprint: _, ...body } = tree;
    const used = [...walk(body)].map(({ value }) => value).filter((value) => value instanceof Input);
    expect([...new Set(used.map(({ name }) => name))].sort()).toEqual(inputs.map(([name]) => name).sort());
  });

  it("has inputs with a name and a known selector; events and states of ours are chosen among MQTT's", () => {
    for (const [name, { name: label, selector = {} }] of inputs) {
      expect(label, name).toMatch(/^[A-Z]/);
      const [kind = ""] = Object.keys(selector);
      expect(SELECTORS, name).toContain(kind);
      for (const filter of selector[kind]?.filter ?? [])
        if (filter.domain === "event" || filter.domain === "binary_sensor")
          expect(filter.integration, name).toBe("mqtt");
    }
  });

  it("spells no entity id", () => {
    for (const { path, value } of texts(tree)) if (path.at(-1) !== "action") expect(value).not.toMatch(SPELLED);
  });

  it("asks for event types that Lanwarden tells", () => {
    const asked = texts(tree).flatMap(({ value }) => eventTypes(value));
    for (const type of asked) expect(INCIDENT_EVENT_TYPES).toContain(type);
    if (inputs.some(([name]) => name === "incidents")) expect(asked.length).toBeGreaterThan(0);
  });

  it("is not started by an event entity that only comes back", () => {
    const triggers = tree.triggers as Record<string, unknown>[];
    const ofEvents = triggers.filter(({ entity_id: id }) => id instanceof Input && id.name === "incidents");
    for (const trigger of ofEvents) {
      expect(trigger).toMatchObject({ trigger: "state", not_from: "unavailable", not_to: ["unavailable", "unknown"] });
      expect(JSON.stringify(tree.conditions)).toContain("as_timestamp(now()) - as_timestamp(new.state, 0) < 60");
    }
  });
});

describe("sentences", () => {
  const sentences = read(root, "custom_sentences/en/lanwarden.yaml") as {
    language: string;
    intents: Record<string, { data: { sentences: string[] }[] }>;
    lists: Record<string, unknown>;
  };
  const answers = read(root, "intent_scripts.yaml") as Record<string, { action: unknown; speech: { text: string } }>;

  it("have an answer each, and every answer is asked for", () => {
    expect(sentences.language).toBe("en");
    expect(Object.keys(answers).sort()).toEqual(Object.keys(sentences.intents).sort());
    for (const { speech } of Object.values(answers)) expect(speech.text).toContain("action_response.said");
  });

  it("name lists that are there", () => {
    const said = Object.values(sentences.intents).flatMap(({ data }) => data.flatMap((each) => each.sentences));
    const lists = said.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    expect([...new Set(lists)]).toEqual(Object.keys(sentences.lists));
  });

  it("command only when told yes, and to release", () => {
    const commanding = Object.entries(answers).filter(([, { action }]) =>
      JSON.stringify(action).includes("mqtt.publish"),
    );
    expect(commanding.map(([name]) => name)).toEqual(["LanwardenIsolateConfirmed", "LanwardenRelease"]);
    const said = sentences.intents.LanwardenIsolateConfirmed?.data.flatMap((each) => each.sentences) ?? [];
    for (const text of said) expect(text).toMatch(/^yes/);
  });

  it("spell no entity id, and know the event types", () => {
    for (const { path, value } of texts(answers)) {
      if (path.at(-1) !== "action") expect(value).not.toMatch(SPELLED);
      for (const type of eventTypes(value)) expect(INCIDENT_EVENT_TYPES).toContain(type);
    }
  });
});
