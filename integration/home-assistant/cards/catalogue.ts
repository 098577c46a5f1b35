import { findHubs, findWatched, isOurs } from "./find.ts";
import type { Hass, RawConfig } from "./hass.ts";

/** What Home Assistant offers in its dialogs for a card. */
export interface CatalogueCard {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly preview: boolean;
  /** Cards that suit an entity (2026.6 and newer); null unless it is ours. */
  getEntitySuggestion(hass: Hass, entityId: string): { config: RawConfig } | null;
}

/** The part of `window` where custom cards and strategies are announced. */
export interface Announcements {
  customCards?: unknown[];
  customStrategies?: unknown[];
}

/** Which entities a card suits: those of the agent itself, or those of a watched device whose id ends like this. */
interface Suits {
  readonly of: "hub" | "device";
  readonly domains: readonly string[];
}

function card(type: string, name: string, description: string, suits: Suits): CatalogueCard {
  return {
    type,
    name,
    description,
    preview: true,
    getEntitySuggestion: (hass, entityId) => suggestion(type, suits, hass, entityId),
  };
}

function suggestion(type: string, suits: Suits, hass: Hass, entityId: string): { config: RawConfig } | null {
  const deviceId = hass.entities[entityId]?.device_id;
  const device = typeof deviceId === "string" ? hass.devices[deviceId] : undefined;
  if (device === undefined || !isOurs(device) || !suits.domains.includes(entityId.split(".")[0] ?? "")) return null;
  const hubs = findHubs(hass);
  const hub = hubs.find((one) =>
    suits.of === "hub"
      ? one.id === device.id
      : findWatched(one, hass).some((watched) => watched.device.id === device.id),
  );
  if (hub === undefined) return null;
  return { config: { type: `custom:${type}`, ...(hubs.length > 1 ? { agent: hub.agent } : {}) } };
}

export const CARDS: readonly CatalogueCard[] = [
  card("lanwarden-overview-card", "Lanwarden: is my home safe?", "One sentence, and what needs your decision.", {
    of: "hub",
    domains: ["sensor", "binary_sensor", "select", "event"],
  }),
  card("lanwarden-devices-card", "Lanwarden: devices by risk", "How bad, why, and a button to isolate.", {
    of: "device",
    domains: ["sensor", "binary_sensor", "switch"],
  }),
  card("lanwarden-mining-card", "Lanwarden: mining", "Who mines coins in your home, and where.", {
    of: "hub",
    domains: ["binary_sensor"],
  }),
];

/** Tells Home Assistant's dialogs of our cards and our dashboard; once, also when the file is loaded twice. */
export function announce(page: Announcements): void {
  page.customCards ??= [];
  page.customStrategies ??= [];
  const { customCards, customStrategies } = page;
  const has = (list: unknown[], type: string): boolean =>
    list.some((one) => typeof one === "object" && one !== null && (one as { type?: unknown }).type === type);
  for (const one of CARDS) if (!has(customCards, one.type)) customCards.push(one);
  if (!has(customStrategies, "lanwarden")) {
    customStrategies.push({
      type: "lanwarden",
      strategyType: "dashboard",
      name: "Lanwarden",
      description: "Is my home safe? Decisions, devices by risk, mining, and what happened.",
    });
  }
}
