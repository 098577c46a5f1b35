import { makeIncident } from "@lanwarden/contract/test-double/samples";
import { discovery } from "@lanwarden/home-assistant/discovery";
import { afterEach } from "vitest";
import type { Sink } from "../../src/sinks/define.ts";
import { type MqttConfig, mqtt } from "../../src/sinks/targets/mqtt.ts";
import type { TestBroker } from "./brokers.ts";
import type { FakeHome } from "./fake-home.ts";
import { Listener, until } from "./listener.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
export const kept = <T>(thing: T, close: (thing: T) => Promise<unknown>): T => {
  closers.push(() => close(thing));
  return thing;
};

export const TIMINGS = { reconnectMs: 200, collectMs: 400, birthJitterMs: 50, settleMs: 100, spacingMs: 300 };

export async function open(home: FakeHome, url: string, change: Partial<MqttConfig> = {}): Promise<Sink> {
  const config: MqttConfig = {
    url,
    embedded: undefined,
    discoveryPrefix: "homeassistant",
    maxDevices: 64,
    linkByMac: false,
    discovery,
    timings: TIMINGS,
    ...change,
  };
  return kept(await mqtt.open(config, home.context()), (sink) => sink.close());
}

/** A sink that is connected, and a listener that was there before it. */
export async function joined(broker: TestBroker, home: FakeHome, change: Partial<MqttConfig> = {}) {
  const listener = kept(await Listener.open(broker.url), (it) => it.close());
  const sink = await open(home, broker.url, change);
  await until("the sink is connected", () => sink.notReady() === undefined);
  await until("the hub is announced", () => listener.last("lanwarden/test/state") !== undefined);
  return { listener, sink };
}

/** Raises an incident as the agent does: it is in the book when the sinks hear of it. */
export function raise(home: FakeHome, sink: Sink, id: string, change: Parameters<typeof makeIncident>[1] = {}): void {
  const incident = makeIncident(id, change);
  home.incidentList.push(incident);
  sink.incident("opened", incident);
}
