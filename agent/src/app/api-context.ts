import type { GuardMode } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import type { ApiContext } from "../api/context.ts";
import { wallClock } from "../core/clock.ts";
import type { Store } from "../store/store.ts";
import type { Tokens } from "../store/tokens.ts";
import type { Config } from "./config.ts";
import type { EventStream } from "./event-stream.ts";
import type { Home } from "./home.ts";
import type { HomeMemory } from "./home-memory.ts";
import type { Isolation } from "./isolation.ts";
import type { MatterBridge } from "./matter-bridge.ts";
import type { Metrics } from "./metrics.ts";

export interface ApiParts {
  home: Home;
  store: Store;
  tokens: Tokens;
  stream: EventStream;
  memory: HomeMemory;
  config: Config;
  metrics: Metrics;
  hub(): HubState;
  isolation: Isolation;
  matter(): MatterBridge | undefined;
  setMode(mode: GuardMode): HubState;
  notReady(): string[];
}

const DAY_US = 86_400_000_000;
const HOUR_US = 3_600_000_000;

/** The API's view of the running agent: the home for what is current, the store for what was. */
export function apiContext(parts: ApiParts): ApiContext {
  const { home, store, tokens, stream, memory } = parts;
  return {
    status: parts.hub,
    devices: () => home.devices(),
    device: (id) => home.device(id),
    patchDevice: (id, patch) => {
      const device = home.patchDevice(id, patch);
      memory.personSpoke();
      return device;
    },
    incidents: (filter) => {
      const { items, next } = store.incidents(filter);
      // The store hears of an incident that goes on once a minute; its number, time and title are the home's to say.
      return { items: items.map((kept) => home.incident(kept.id) ?? kept), next };
    },
    incident: (id) => home.incident(id) ?? store.incident(id),
    acknowledge: (id) => {
      const incident = home.acknowledge(id) ?? store.incident(id);
      memory.personSpoke();
      return incident;
    },
    markNormal: (id, by) => {
      const rule = home.markNormal(id, by);
      memory.personSpoke();
      return rule;
    },
    undoNormal: (id) => {
      const done = home.undoNormal(id);
      memory.personSpoke();
      return done;
    },
    normalRules: () => home.normalRules(),
    drill: (kind, device) => {
      const incident = home.drill(kind, device, wallClock.nowUs());
      memory.personSpoke();
      return incident;
    },
    flows: (filter) => store.flows(filter),
    applications: () => store.applications(wallClock.nowUs() - DAY_US),
    mining: () => home.mining(),
    history: (hours) => store.history(wallClock.nowUs() - hours * HOUR_US),
    config: () => publicConfig(parts.config),
    isolate: async (id, request) => parts.isolation.request(id, request),
    release: async (id, by) => parts.isolation.release(id, by),
    releaseAll: (by) => parts.isolation.releaseAll(by),
    isolations: () => parts.isolation.rows(),
    backends: () => parts.isolation.backends(),
    setMode: parts.setMode,
    matter: () => parts.matter()?.state,
    openMatterWindow: () => parts.matter()?.openWindow() ?? false,
    metrics: () => parts.metrics.text(),
    notReady: parts.notReady,
    streamAfter: (id) => stream.after(id),
    lastStreamId: () => stream.lastId,
    subscribe: (listener) => stream.subscribe(listener),
    tokens: {
      check: (token) => tokens.check(token, wallClock.nowUs()),
      scopeOf: (id) => tokens.scopeOf(id),
      create: (name, scope) => tokens.create(name, scope, wallClock.nowUs()),
      list: () => tokens.list(),
      revoke: (id) => tokens.revoke(id),
    },
  };
}

/** The configuration as it may be shown. What stands here is named one by one: a secret that is added to the configuration stays out. */
export function publicConfig(config: Config): Record<string, unknown> {
  const { mqtt } = config;
  return {
    agent: config.agent,
    data: config.dataFolder,
    home: { name: config.homeName, networks: config.homeNetworks.map(({ text }) => text), gateway: config.gateway },
    sources: config.sources.map(({ type, interface: name, path, speed, loop, listen, connect, host }) => ({
      type,
      interface: name,
      path,
      listen,
      speed,
      loop,
      connect,
      host,
    })),
    http: { listen: `${config.http.host}:${config.http.port}`, hosts: config.http.hosts },
    mqtt: mqtt && {
      url: mqtt.url.replace(/\/\/[^@/]*@/, "//"),
      embedded: mqtt.embedded !== undefined,
      discovery_prefix: mqtt.discoveryPrefix,
    },
    response: {
      mode: config.mode,
      never: config.response.never,
      max_isolated: config.response.maxIsolated,
      release_after_seconds: config.response.releaseAfterSeconds,
      backends: config.response.backends.map(({ type }) => type),
      policy: config.response.policy,
    },
    home_assistant: config.homeAssistant && { url: config.homeAssistant.url },
    matter: config.matter,
    devices: config.devices,
    detections: config.detections,
    eve: config.eve && { file: config.eve.file },
    store: { keep_flows_seconds: config.keepFlowsSeconds, keep_incidents_seconds: config.keepIncidentsSeconds },
    sensor: { max_flows: config.maxFlows, deduplicate: config.deduplicate },
    demo: config.demo,
  };
}
