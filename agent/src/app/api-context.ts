import type { StreamEvents } from "@lanwarden/contract/api";
import type { HubState } from "@lanwarden/contract/status";
import type { ApiContext, StreamMessage } from "../api/context.ts";
import { wallClock } from "../core/clock.ts";
import type { Store } from "../store/store.ts";
import type { Tokens } from "../store/tokens.ts";
import type { Config } from "./config.ts";
import type { Home } from "./home.ts";
import type { Metrics } from "./metrics.ts";

export interface ApiParts {
  home: Home;
  store: Store;
  tokens: Tokens;
  config: Config;
  metrics: Metrics;
  hub(): HubState;
  notReady(): string[];
  subscribe(listener: (message: StreamMessage) => void): () => void;
}

const DAY_US = 86_400_000_000;

/** The API's view of the running agent: the book for what is current, the store for what was. */
export function apiContext(parts: ApiParts): ApiContext {
  const { home, store, tokens } = parts;
  return {
    status: parts.hub,
    devices: () => home.devices(),
    device: (id) => home.device(id),
    patchDevice: (id, patch) => home.patchDevice(id, patch),
    incidents: (filter) => store.incidents(filter),
    incident: (id) => home.incident(id) ?? store.incident(id),
    acknowledge: (id) => home.acknowledge(id),
    markNormal: (id, by) => home.markNormal(id, by),
    undoNormal: (id) => home.undoNormal(id),
    normalRules: () => home.normalRules(),
    drill: (kind, device) => home.drill(kind, device),
    flows: (filter) => store.flows(filter),
    applications: () => store.applications(wallClock.nowUs() - DAY_US),
    mining: () => home.mining(),
    history: (hours) => store.history(wallClock.nowUs() - hours * 3_600_000_000),
    config: () => publicConfig(parts.config),
    metrics: () => parts.metrics.text(),
    notReady: parts.notReady,
    streamAfter: (id) => store.streamAfter(id).map((row) => ({ ...row, event: row.event as keyof StreamEvents })),
    subscribe: parts.subscribe,
    tokens: {
      check: (token) => tokens.check(token, wallClock.nowUs()),
      create: (name, scope) => tokens.create(name, scope, wallClock.nowUs()),
      list: () => tokens.list(),
      revoke: (id) => tokens.revoke(id),
    },
  };
}

/** The configuration as it may be shown: no password, no token, no credentials inside addresses. */
export function publicConfig(config: Config): Record<string, unknown> {
  const { mqtt, homeNetworks, sources, ...rest } = config;
  return {
    ...rest,
    home_networks: homeNetworks.map(({ text }) => text),
    sources: sources.map(({ type, interface: name, path }) => ({ type, interface: name, path })),
    mqtt: mqtt && {
      url: mqtt.url.replace(/\/\/[^@/]*@/, "//"),
      embedded: mqtt.embedded !== undefined,
      discovery_prefix: mqtt.discoveryPrefix,
    },
  };
}
