import type { Device } from "@lanwarden/contract/device";
import type { Discovery, DiscoveryContext } from "@lanwarden/contract/discovery";
import type { Incident } from "@lanwarden/contract/incident";
import { deviceState, deviceWhy, incidentPayload } from "@lanwarden/contract/mqtt";
import { topicId, topics } from "@lanwarden/contract/topics";
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { AnnouncedDevices } from "../announced-devices.ts";
import { type Broker, startBroker } from "../broker.ts";
import { defineTarget, type Sink, type SinkContext } from "../define.ts";
import { MqttCommands } from "../mqtt-commands.ts";

export interface MqttConfig {
  url: string;
  /** Own broker at this address, or undefined for somebody else's. */
  embedded: { host: string; port: number } | undefined;
  username?: string;
  password?: string;
  discoveryPrefix: string;
  maxDevices: number;
  linkByMac: boolean;
  discovery: Discovery;
}

/** Incident events kept while the broker is away; beyond it the oldest are dropped and counted. States are not queued: the newest is sent. */
export const MAX_WAITING_EVENTS = 1000;
const RECONNECT_MS = 2000;
const CONNECT_MS = 8000;
const CLOSE_MS = 800;
/** A device's state goes out when its risk moved this much, or when anything else of it changed … */
const RISK_STEP = 5;
/** … and not more often than this, unless its threat changed. */
const SPACING_MS = 10_000;
const HUB_MS = 60_000;
/** How long retained announcements of earlier runs are gathered before stale ones are taken back. */
const COLLECT_MS = 5000;
/** Home Assistant says "online" to all its devices at once: answers are spread out. */
const BIRTH_JITTER_MS = 3000;

/** MQTT: states, incident events, Home Assistant's discovery, commands (CONTRACT §5). */
export const mqtt = defineTarget<MqttConfig>({
  type: "mqtt",
  async open(config, context) {
    const broker = config.embedded
      ? await startBroker({
          ...config.embedded,
          ...(config.username === undefined ? {} : { username: config.username }),
          ...(config.password === undefined ? {} : { password: config.password }),
        })
      : undefined;
    return new MqttSink(config, context, broker);
  },
});

interface LastState {
  text: string;
  risk: number;
  threat: string;
  atMs: number;
}

class MqttSink implements Sink {
  readonly #config: MqttConfig;
  readonly #context: SinkContext;
  readonly #broker: Broker | undefined;
  readonly #client: MqttClient;
  readonly #topics: ReturnType<typeof topics>;
  readonly #commands: MqttCommands;
  readonly #announced: AnnouncedDevices;
  readonly #sent = new Map<string, LastState>();
  readonly #pendingDevices = new Map<string, NodeJS.Timeout>();
  #waiting: { topic: string; payload: string }[] = [];
  #dropped = 0;
  #hubText = "";
  #hubAtMs = 0;
  #birthTimer: NodeJS.Timeout | undefined;
  #cleanTimer: NodeJS.Timeout | undefined;
  #wasUp = false;
  #saidDown = false;
  #closing = false;

  constructor(config: MqttConfig, context: SinkContext, broker: Broker | undefined) {
    this.#config = config;
    this.#context = context;
    this.#broker = broker;
    this.#topics = topics(context.home.agent);
    this.#announced = new AnnouncedDevices(config.maxDevices);
    this.#commands = new MqttCommands(this.#topics, context, { answer: (deviceId) => this.#answer(deviceId) });
    this.#client = connect(config.url, this.#clientOptions());
    this.#client.on("connect", () => this.#onConnect());
    this.#client.on("close", () => this.#onDown("the connection was closed"));
    this.#client.on("error", (error) =>
      this.#onDown(error.message || (error as NodeJS.ErrnoException).code || "unknown reason"),
    );
    this.#client.on("message", (topic, payload, packet) =>
      this.#onMessage(topic, payload.toString("utf8"), packet.retain),
    );
  }

  #clientOptions(): IClientOptions {
    const { username, password } = this.#config;
    return {
      clientId: `lanwarden-${this.#context.home.agent}-${process.pid}`,
      // Spoken by every broker, the embedded one included; nothing here needs version 5.
      protocolVersion: 4,
      keepalive: 30,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_MS,
      queueQoSZero: false,
      will: { topic: this.#topics.status, payload: Buffer.from("offline"), qos: 1, retain: true },
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    };
  }

  #discoveryContext(): DiscoveryContext {
    const { agent, version, pageUrl } = this.#context.home;
    return { agent, version, pageUrl, prefix: this.#config.discoveryPrefix, linkByMac: this.#config.linkByMac };
  }

  #publish(topic: string, payload: string, retain: boolean): void {
    if (this.#client.connected) this.#client.publish(topic, payload, { qos: 1, retain });
  }

  #onConnect(): void {
    if (this.#saidDown)
      this.#context.info(
        `MQTT broker ${this.#shownUrl()} is back; ${this.#waiting.length} waiting events go out${this.#dropped > 0 ? `, ${this.#dropped} were dropped` : ""}`,
      );
    this.#saidDown = false;
    this.#wasUp = true;
    const birth = `${this.#config.discoveryPrefix}/status`;
    this.#client.subscribe([birth, ...this.#commands.subscriptions], { qos: 1 });
    this.#publish(this.#topics.status, "online", true);
    this.#announceAll();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#dropped = 0;
    for (const { topic, payload } of waiting) this.#publish(topic, payload, false);
    this.#collectStale();
  }

  #onDown(reason: string): void {
    if (this.#saidDown || this.#closing) return;
    this.#saidDown = true;
    const kept = `up to ${MAX_WAITING_EVENTS} incident events are kept`;
    this.#context.warn(
      `MQTT broker ${this.#shownUrl()} ${this.#wasUp ? "is gone" : "cannot be reached"} (${reason}): trying on every ${RECONNECT_MS / 1000} s, ${kept}`,
    );
  }

  #shownUrl(): string {
    return this.#config.url.replace(/\/\/[^@/]*@/, "//");
  }

  /** Everything that a newcomer on the broker must know: the hub first, since devices refer to it. */
  #announceAll(): void {
    const hub = this.#config.discovery.hub(this.#discoveryContext());
    this.#publish(hub.topic, JSON.stringify(hub.payload), true);
    const incidents = this.#context.home.incidents();
    for (const device of this.#context.home.devices()) {
      if (this.#announced.wants(device, incidents)) this.#announce(device, incidents);
    }
    this.#hubText = "";
    this.hub(this.#context.home.hub());
    this.#sent.clear();
    for (const device of this.#context.home.devices()) this.#sendDevice(device);
  }

  #announce(device: Device, incidents: readonly Incident[]): void {
    const mines = incidents.some((incident) => incident.device === device.id && incident.kind === "mining");
    const message = this.#config.discovery.device(device, mines, this.#discoveryContext());
    const payload = JSON.stringify(message.payload);
    if (this.#announced.note(device.id, message.topic, payload)) this.#publish(message.topic, payload, true);
  }

  /** Looks for a few seconds at what earlier runs left on the broker, and takes back announcements of devices that are no longer wanted. */
  #collectStale(): void {
    clearTimeout(this.#cleanTimer);
    const filter = `${this.#config.discoveryPrefix}/device/+/config`;
    this.#announced.startCollecting();
    this.#client.subscribe(filter, { qos: 0 });
    this.#cleanTimer = setTimeout(() => {
      this.#client.unsubscribe(filter);
      const hub = this.#config.discovery.hub(this.#discoveryContext()).topic;
      for (const topic of this.#announced.stale(hub)) this.#publish(topic, "", true);
    }, COLLECT_MS);
  }

  #onMessage(topic: string, payload: string, retained: boolean): void {
    if (topic === `${this.#config.discoveryPrefix}/status`) {
      if (payload === "online" && !retained) this.#onBirth();
      return;
    }
    if (topic.startsWith(`${this.#config.discoveryPrefix}/device/`)) {
      if (this.#config.discovery.owns(parseJson(payload), this.#context.home.agent)) this.#announced.found(topic);
      return;
    }
    // A retained command would be carried out again at every start.
    if (!retained) this.#commands.handle(topic, payload);
  }

  #onBirth(): void {
    clearTimeout(this.#birthTimer);
    this.#birthTimer = setTimeout(() => {
      this.#announced.forgetPayloads();
      this.#announceAll();
    }, Math.random() * BIRTH_JITTER_MS);
  }

  hub(state: ReturnType<SinkContext["home"]["hub"]>): void {
    const { packets_per_second: _p, bits_per_second: _b, flows: _f, last_packet: _l, ...lasting } = state;
    const text = JSON.stringify(lasting);
    const now = Date.now();
    if (text === this.#hubText && now - this.#hubAtMs < HUB_MS) return;
    this.#hubText = text;
    this.#hubAtMs = now;
    // The score's factors have their place in the API; attributes of Home Assistant stay small.
    this.#publish(
      this.#topics.state,
      JSON.stringify({ ...state, risk: Math.round(state.risk.score), level: state.risk.level }),
      true,
    );
  }

  device(device: Device): void {
    const incidents = this.#context.home.incidents();
    if (this.#announced.wants(device, incidents)) this.#announce(device, incidents);
    this.#sendDevice(device);
  }

  #sendDevice(device: Device, force = false): void {
    const state = deviceState(device, this.#context.home.incidents());
    const { last_seen: _, risk, ...rest } = state;
    const text = JSON.stringify(rest);
    const last = this.#sent.get(device.id);
    const now = Date.now();
    if (last && !force) {
      if (last.text === text && Math.abs(last.risk - risk) < RISK_STEP) return;
      const wait = last.atMs + SPACING_MS - now;
      if (wait > 0 && last.threat === state.threat) {
        this.#sendLater(device.id, wait);
        return;
      }
    }
    this.#sent.set(device.id, { text, risk, threat: state.threat, atMs: now });
    const id = topicId(device.id);
    this.#publish(this.#topics.deviceState(id), JSON.stringify(state), true);
    this.#publish(this.#topics.deviceWhy(id), JSON.stringify(deviceWhy(device)), true);
  }

  #sendLater(deviceId: string, waitMs: number): void {
    if (this.#pendingDevices.has(deviceId)) return;
    const timer = setTimeout(() => {
      this.#pendingDevices.delete(deviceId);
      const device = this.#context.home.devices().find(({ id }) => id === deviceId);
      if (device) this.#sendDevice(device);
    }, waitMs);
    this.#pendingDevices.set(deviceId, timer);
  }

  incident(change: string, incident: Incident): void {
    if (incident.severity === "info") return;
    const device =
      incident.device === null ? undefined : this.#context.home.devices().find(({ id }) => id === incident.device);
    const payload = JSON.stringify(
      incidentPayload(
        change,
        incident,
        device ? Math.round(device.risk.score) : null,
        `${this.#context.home.pageUrl}#/incidents/${incident.id}`,
      ),
    );
    this.#event(this.#topics.incident, payload);
    if (!device) return;
    // The device must be announced before its event, or Home Assistant has nobody to give it to.
    this.device(device);
    this.#event(this.#topics.deviceIncident(topicId(device.id)), payload);
  }

  #event(topic: string, payload: string): void {
    if (this.#client.connected) {
      this.#publish(topic, payload, false);
      return;
    }
    this.#waiting.push({ topic, payload });
    if (this.#waiting.length > MAX_WAITING_EVENTS) {
      this.#waiting.shift();
      this.#dropped++;
    }
  }

  /** Answers a command by state, at once. */
  #answer(deviceId: string | undefined): void {
    this.#hubText = "";
    this.hub(this.#context.home.hub());
    const device = this.#context.home.devices().find(({ id }) => deviceId !== undefined && topicId(id) === deviceId);
    if (device) this.#sendDevice(device, true);
  }

  notReady(): string | undefined {
    return this.#client.connected ? undefined : `MQTT broker ${this.#shownUrl()}`;
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#birthTimer);
    clearTimeout(this.#cleanTimer);
    for (const timer of this.#pendingDevices.values()) clearTimeout(timer);
    if (this.#client.connected) {
      const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref());
      await Promise.race([this.#client.publishAsync(this.#topics.status, "offline", { qos: 1, retain: true }), limit]);
    }
    await this.#client.endAsync(true);
    await this.#broker?.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
