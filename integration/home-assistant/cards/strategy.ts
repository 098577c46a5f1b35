import { textOption } from "./config.ts";
import { chooseHub, findHubs, type Hub, ownEntityIds } from "./find.ts";
import type { Hass, RawConfig } from "./hass.ts";
import { loadIndex } from "./unique-ids.ts";

const ICON = "mdi:shield-home";
const TITLE = "Lanwarden";

interface View {
  readonly title: string;
  readonly path: string;
  readonly icon: string;
  readonly strategy: RawConfig;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** When one of these changes, Home Assistant makes the page anew. */
const REGISTRIES = ["entities", "devices", "areas"];

/** The page: one view for each agent. */
export const dashboardStrategy = {
  registryDependencies: REGISTRIES,

  async generate(config: RawConfig, hass: Hass): Promise<RawConfig> {
    const wanted = textOption(config, "agent");
    const hubs = findHubs(hass);
    const chosen = wanted === undefined ? hubs : [chooseHub(hubs, wanted)].filter((hub) => hub !== undefined);
    const views: View[] = chosen.map((hub) => view(hub.name, hub.agent));
    // Without an agent the cards say what to do; the page is not empty.
    return { title: TITLE, views: views.length === 0 ? [view(TITLE, wanted)] : views };
  },

  async getCreateSuggestions(hass: Hass): Promise<RawConfig> {
    const [only, ...others] = findHubs(hass);
    return { title: only !== undefined && others.length === 0 ? only.name : TITLE, icon: ICON };
  },

  getStubConfig(): RawConfig {
    return {};
  },
};

const view = (title: string, agent: string | undefined): View => ({
  title,
  path: agent === undefined ? "home" : agent.toLowerCase().replace(/[^a-z0-9-]/g, "-"),
  icon: ICON,
  strategy: { type: "custom:lanwarden", ...(agent === undefined ? {} : { agent }) },
});

/** One agent's home as a view of sections: what matters first, what happened in time last. */
export const viewStrategy = {
  registryDependencies: REGISTRIES,

  async generate(config: RawConfig, hass: Hass): Promise<RawConfig> {
    const hub = chooseHub(findHubs(hass), textOption(config, "agent"));
    const agent = hub?.agent ?? textOption(config, "agent");
    const option = agent === undefined ? {} : { agent };
    const card = (name: string, more: RawConfig = {}): RawConfig => ({
      type: `custom:lanwarden-${name}`,
      ...option,
      ...more,
    });
    const first = { type: "grid", cards: [card("overview-card"), card("mining-card")] };
    if (hub === undefined)
      return { type: "sections", max_columns: 2, sections: [{ type: "grid", cards: [card("overview-card")] }] };
    const devices = { type: "grid", cards: [card("devices-card", { max_rows: 12 })] };
    const history = await historyCards(hub, hass);
    return { type: "sections", max_columns: 2, sections: [first, devices, ...history] };
  },
};

/** Charts and the log of incidents, of Home Assistant's own cards: they need entity ids, which are found by unique id. */
async function historyCards(hub: Hub, hass: Hass): Promise<RawConfig[]> {
  // A page that is drawn without its charts is better than none.
  const index = await loadIndex(ownEntityIds(hass), hass).catch(() => undefined);
  const ids = (...keys: string[]): string[] => keys.map((key) => index?.id(hub.agent, key)).filter(isText);
  const charted = ids("risk", "max_risk");
  const logged = ids("incident", "tap");
  const cards: RawConfig[] = [
    ...(charted.length === 0
      ? []
      : [{ type: "history-graph", title: "Risk over three days", hours_to_show: 72, entities: charted }]),
    ...(logged.length === 0
      ? []
      : [{ type: "logbook", title: "What happened", hours_to_show: 72, target: { entity_id: logged } }]),
  ];
  return cards.length === 0
    ? []
    : [{ type: "grid", cards: cards.map((one) => ({ ...one, grid_options: { columns: 12 } })) }];
}
