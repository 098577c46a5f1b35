import { expect, test } from "vitest";
import { announce, CARDS } from "./catalogue.ts";
import { SampleHass } from "./sample-hass.test-double.ts";
import { dashboardStrategy, viewStrategy } from "./strategy.ts";

function home(...agents: string[]): SampleHass {
  const hass = new SampleHass();
  for (const agent of agents) {
    hass.hub(agent);
    for (const key of ["risk", "max_risk", "incident"]) hass.entity(`hub-${agent}`, `lanwarden_${agent}_${key}`, "1");
  }
  return hass;
}

const typesOf = (view: unknown): string[] =>
  [...JSON.stringify(view).matchAll(/"type":"([a-z:-]+)"/g)].map(([, type]) => type ?? "");

test("one view for each agent, or for the one that was chosen", async () => {
  const hass = home("cabin", "home");
  const both = (await dashboardStrategy.generate({}, hass)) as { views: { strategy: { agent?: string } }[] };
  expect(both.views.map(({ strategy }) => strategy.agent)).toEqual(["cabin", "home"]);
  const one = (await dashboardStrategy.generate({ agent: "home" }, hass)) as typeof both;
  expect(one.views.map(({ strategy }) => strategy.agent)).toEqual(["home"]);
  const none = (await dashboardStrategy.generate({}, home())) as typeof both;
  expect(none.views).toHaveLength(1);
});

test("a view has our cards and charts whose entities were found by unique id", async () => {
  const hass = home("home");
  const view = await viewStrategy.generate({ agent: "home" }, hass);
  expect(typesOf(view)).toEqual(
    expect.arrayContaining([
      "custom:lanwarden-overview-card",
      "custom:lanwarden-devices-card",
      "custom:lanwarden-mining-card",
      "history-graph",
      "logbook",
    ]),
  );
  expect(JSON.stringify(view)).toContain('"entities":["sensor.renamed_0","sensor.renamed_1"]');
});

test("a view without its charts is better than none, and without an agent the card says what to do", async () => {
  const hass = home("home");
  hass.isDown = true;
  expect(typesOf(await viewStrategy.generate({ agent: "home" }, hass))).not.toContain("history-graph");
  expect(typesOf(await viewStrategy.generate({}, home()))).toEqual([
    "sections",
    "grid",
    "custom:lanwarden-overview-card",
  ]);
});

test("suggests a name for the dashboard", async () => {
  expect(await dashboardStrategy.getCreateSuggestions(home("home"))).toEqual({
    title: "Lanwarden",
    icon: "mdi:shield-home",
  });
});

test("cards are suggested for entities of ours alone", () => {
  const hass = home("home");
  hass.watched("home", "aabbccddeeff");
  hass.entity("device-aabbccddeeff", "lanwarden_aabbccddeeff_risk", "5");
  hass.device("tv", "tv", { identifiers: [["webostv", "tv"]] });
  hass.entity("tv", "tv_1", "on");
  const suggested = (id: string): unknown[] =>
    CARDS.map((card) => card.getEntitySuggestion(hass, id)?.config.type).filter((type) => type !== undefined);
  expect(suggested("sensor.renamed_0")).toEqual(["custom:lanwarden-overview-card"]);
  expect(suggested("sensor.renamed_3")).toEqual(["custom:lanwarden-devices-card"]);
  expect(suggested("sensor.renamed_4")).toEqual([]);
  expect(suggested("sensor.absent")).toEqual([]);
});

test("with several agents a suggestion says which", () => {
  const [overview] = CARDS;
  expect(overview?.getEntitySuggestion(home("cabin", "home"), "sensor.renamed_3")?.config.agent).toBe("home");
});

test("is announced once, also when the file is loaded twice, and beside others", () => {
  const page = { customCards: [{ type: "other" }] as unknown[], customStrategies: undefined as unknown as unknown[] };
  announce(page);
  announce(page);
  expect(page.customCards).toHaveLength(4);
  expect(page.customStrategies).toHaveLength(1);
});
