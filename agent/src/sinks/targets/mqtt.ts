import type { Device } from "@lanwarden/contract/device";
import type { Discovery, DiscoveryContext } from "@lanwarden/contract/discovery";
import type { Incident } from "@lanwarden/contract/incident";
import { type IsolationEventType, isolationPayload } from "@lanwarden/contract/isolation-event";
import { incidentPayload, tapPayload } from "@lanwarden/contract/mqtt";
import { deviceLink, incidentLink } from "@lanwarden/contract/page-links";
import type { HubState } from "@lanwarden/contract/status";
import { topicId, topics } from "@lanwarden/contract/topics";
import { AnnouncedDevices } from "../announced-devices.ts";
import { type Broker, startBroker } from "../broker.ts";
import { defineTarget, type Sink, type SinkContext } from "../define.ts";
import { DeviceStates } from "../device-states.ts";
import { EventMail, MAX_WAITING_EVENTS } from "../event-mail.ts";
import { IsolationNews } from "../isolation-news.ts";
import { Leftovers } from "../leftovers.ts";
import { MqttCommands } from "../mqtt-commands.ts";
import { MqttLink } from "../mqtt-link.ts";

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
  /** For tests; nobody else needs other times. */
  timings?: Partial<MqttTimings>;
}

interface MqttTimings {
  reconnectMs: number;
  /** A device's state goes out not more often than this, unless its threat or isolation changed. */
  spacingMs: number;
  /** How long retained messages of earlier runs are gathered before stale ones are taken back. */
  collectMs: number;
  /** Home Assistant says "online" to all its devices at once: answers are spread out over this time. */
  birthJitterMs: number;
  /** Home Assistant needs this long from an announcement until it listens to the new device's events (measured: 0.4 to 0.6 s). */
  settleMs: number;
}

const TIMINGS: MqttTimings = {
  reconnectMs: 2000,
  spacingMs: 10_000,
  collectMs: 5000,
  birthJitterMs: 3000,
  settleMs: 1500,
};
const HUB_MS = 60_000;
/** Longer commands than this are not read. */
const MAX_COMMAND = 4096;

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

class MqttSink implements Sink {
  readonly #config: MqttConfig;
  readonly #timings: MqttTimings;
  readonly #context: SinkContext;
  readonly #broker: Broker | undefined;
  readonly #topics: ReturnType<typeof topics>;
  readonly #commands: MqttCommands;
  readonly #announced: AnnouncedDevices;
  readonly #leftovers: Leftovers;
  readonly #mail: EventMail;
  readonly #link: MqttLink;
  readonly #states: DeviceStates;
  readonly #isolations: IsolationNews;
  /** Devices announced a moment ago, with the events that wait until Home Assistant listens. */
  readonly #settling = new Map<string, { timer: NodeJS.Timeout; payloads: string[] }>();
  readonly #birthTopic: string;
  #linkByMac: boolean;
  /** What the entities announced last were made for. */
  #canIsolate = false;
  #tap: HubState["tap"] | undefined;
  #hubText = "";
  #hubAtMs = 0;
  #birthTimer: NodeJS.Timeout | undefined;
  #cleanTimer: NodeJS.Timeout | undefined;
  #saidFull = false;

  constructor(config: MqttConfig, context: SinkContext, broker: Broker | undefined) {
    this.#config = config;
    this.#timings = { ...TIMINGS, ...config.timings };
    this.#context = context;
    this.#broker = broker;
    this.#topics = topics(context.home.agent);
    this.#linkByMac = config.linkByMac;
    this.#birthTopic = `${config.discoveryPrefix}/status`;
    this.#announced = new AnnouncedDevices(config.maxDevices, context.memory?.read());
    this.#leftovers = new Leftovers(config.discoveryPrefix, this.#topics.base);
    this.#commands = new MqttCommands(this.#topics, context, {
      answer: (device) => this.#answer(device),
      refused: (device, why) => this.#tellIsolation("isolation_refused", device, why),
    });
    this.#isolations = new IsolationNews(context.home.devices(), Date.now());
    this.#states = new DeviceStates({
      home: context.home,
      topics: this.#topics,
      spacingMs: this.#timings.spacingMs,
      publish: (topic, payload) => this.#link.publish(topic, payload, true),
    });
    this.#mail = new EventMail((topic, payload) => this.#link.publish(topic, payload, false));
    const { username, password } = config;
    this.#link = new MqttLink(
      {
        url: config.url,
        // The same after a restart, so that the broker ends a dead connection of ours, and its will, when the new one comes.
        clientId: `lanwarden-${context.home.agent}`,
        statusTopic: this.#topics.status,
        subscriptions: [this.#birthTopic, ...this.#commands.subscriptions],
        reconnectMs: this.#timings.reconnectMs,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
      },
      {
        up: (outage) => this.#onUp(outage),
        down: () => this.#mail.brokerDown(),
        message: (topic, payload, retained) => this.#onMessage(topic, payload, retained),
        warn: (message) => context.warn(`${message}, up to ${MAX_WAITING_EVENTS} incident events are kept`),
      },
    );
  }

  #discoveryContext(): DiscoveryContext {
    const { agent, version, pageUrl } = this.#context.home;
    return {
      agent,
      version,
      pageUrl,
      prefix: this.#config.discoveryPrefix,
      linkByMac: this.#linkByMac,
      canIsolate: this.#canIsolate,
      couldIsolate: this.#announced.couldIsolate,
    };
  }

  setLinkByMac(linkByMac: boolean): void {
    if (linkByMac === this.#linkByMac) return;
    this.#linkByMac = linkByMac;
    if (this.#link.isUp) this.#announceAll();
  }

  #onUp(outage: boolean): void {
    const { waiting, dropped } = this.#mail;
    if (outage)
      this.#context.info(
        `MQTT broker ${this.#link.shownUrl} is back; ${waiting} waiting events go out${dropped > 0 ? `, ${dropped} were dropped` : ""}`,
      );
    if (dropped > 0)
      this.#context.warn(`MQTT: ${dropped} incident events were dropped while the broker was away; the page has them`);
    this.#announceAll();
    this.#mail.brokerUp(Date.now());
    this.#collectLeftovers();
  }

  /** Everything that a newcomer on the broker must know: the hub first, since devices refer to it; pinned devices before others. */
  #announceAll(): void {
    this.#canIsolate = this.#context.home.canIsolate?.() ?? false;
    if (this.#canIsolate) this.#announced.noteCanIsolate();
    const hub = this.#config.discovery.hub(this.#discoveryContext());
    this.#link.publish(hub.topic, JSON.stringify(hub.payload), true);
    this.#announced.forgetPayloads();
    const incidents = this.#context.home.incidents();
    for (const incident of incidents) this.#announced.noteIncident(incident);
    const devices = this.#context.home.devices();
    const pinnedFirst = [...devices].sort((a, b) => Number(b.pinned === true) - Number(a.pinned === true));
    for (const device of pinnedFirst) this.#announce(device);
    this.#hubText = "";
    this.hub(this.#context.home.hub());
    this.#states.forget();
    for (const device of devices) this.#states.tell(device, incidents);
    this.#saveMemory();
  }

  #announce(device: Device): void {
    const { wanted, evicted, gone } = this.#announced.decide(device);
    for (const topic of [evicted, gone]) if (topic !== undefined) this.#link.publish(topic, "", true);
    this.#sayWhenFull();
    if (!wanted) return;
    const mined = this.#announced.hasMined(device.id);
    const message = this.#config.discovery.device(device, mined, this.#discoveryContext());
    const payload = JSON.stringify(message.payload);
    const isNew = !this.#announced.has(device.id);
    if (!this.#announced.note(device, message.topic, payload)) return;
    this.#link.publish(message.topic, payload, true);
    if (isNew) this.#letSettle(device.id);
  }

  #sayWhenFull(): void {
    if (this.#announced.refused === 0 || this.#saidFull) return;
    this.#saidFull = true;
    this.#context.warn(
      `MQTT: more than ${this.#config.maxDevices} devices would be announced to Home Assistant; pinned ones go first, the others are on the page. See mqtt.max_devices`,
    );
  }

  /** Holds back the events of a device that Home Assistant is only about to know: it would not hear them yet. */
  #letSettle(deviceId: string): void {
    const timer = setTimeout(() => this.#settled(deviceId), this.#timings.settleMs);
    this.#settling.set(deviceId, { timer, payloads: [] });
  }

  #settled(deviceId: string): void {
    const waiting = this.#settling.get(deviceId);
    this.#settling.delete(deviceId);
    const topic = this.#topics.deviceIncident(topicId(deviceId));
    for (const payload of waiting?.payloads ?? []) this.#mail.post(topic, payload, Date.now());
  }

  /** Looks for a few seconds at what earlier runs left on the broker, and takes back what is no longer true. */
  #collectLeftovers(): void {
    clearTimeout(this.#cleanTimer);
    this.#leftovers.start();
    // At QoS 0 the broker sends all of it at once; at QoS 1 it waits for our word after every few messages.
    this.#link.subscribe(this.#leftovers.filters, 0);
    this.#cleanTimer = setTimeout(() => {
      this.#link.unsubscribe(this.#leftovers.filters, () => this.#takeLeftoversBack());
    }, this.#timings.collectMs);
  }

  #takeLeftoversBack(): void {
    const hub = this.#config.discovery.hub(this.#discoveryContext()).topic;
    const known = this.#context.home.devices().map(({ id }) => topicId(id));
    const stale = this.#leftovers.stale(new Set([hub, ...this.#announced.topics()]), new Set(known));
    for (const topic of stale) this.#link.publish(topic, "", true);
  }

  #onMessage(topic: string, payload: string, retained: boolean): void {
    if (topic === this.#birthTopic) {
      if (retained) return;
      if (payload === "online") this.#onBirth();
      else if (payload === "offline") this.#mail.homeAssistantGone();
      return;
    }
    const { discovery } = this.#config;
    if (this.#leftovers.take(topic, payload, (text) => discovery.owns(parseJson(text), this.#context.home.agent)))
      return;
    // A retained command would be carried out again at every start.
    if (!retained && payload.length <= MAX_COMMAND) this.#commands.handle(topic, payload);
  }

  #onBirth(): void {
    const birthMs = Date.now();
    clearTimeout(this.#birthTimer);
    this.#birthTimer = setTimeout(() => {
      this.#announceAll();
      this.#birthTimer = setTimeout(() => this.#mail.homeAssistantBack(birthMs), this.#timings.settleMs);
    }, Math.random() * this.#timings.birthJitterMs);
  }

  hub(state: HubState): void {
    this.#noteTap(state);
    if (this.#link.isUp && (this.#context.home.canIsolate?.() ?? false) !== this.#canIsolate) this.#announceAll();
    const {
      packets_per_second: _p,
      bits_per_second: _b,
      flows: _f,
      last_packet: _l,
      cpu_percent: _c,
      rss_bytes: _r,
      ...lasting
    } = state;
    const text = JSON.stringify(lasting);
    const now = Date.now();
    if (text === this.#hubText && now - this.#hubAtMs < HUB_MS) return;
    this.#hubText = text;
    this.#hubAtMs = now;
    this.#takeUnknown();
    // The score's factors have their place in the API; attributes of Home Assistant stay small.
    this.#link.publish(
      this.#topics.state,
      JSON.stringify({ ...state, risk: Math.round(state.risk.score), level: state.risk.level }),
      true,
    );
  }

  /** Takes back what was told of devices that the inventory has dropped. */
  #takeUnknown(): void {
    const known = new Set(this.#context.home.devices().map(({ id }) => id));
    for (const topic of this.#announced.takeUnknown(known)) this.#link.publish(topic, "", true);
    this.#states.takeUnknown(known);
  }

  /** Tells when the tap falls silent, and when it speaks again; its first word after a start is no news. */
  #noteTap({ tap, tap_reason: reason }: HubState): void {
    if (tap === this.#tap) return;
    const isNews = this.#tap !== undefined;
    if (isNews || tap === "ON") this.#tap = tap;
    if (!isNews) return;
    const payload = JSON.stringify(tapPayload(tap === "ON", reason, this.#context.home.pageUrl));
    this.#mail.post(this.#topics.incident, payload, Date.now());
  }

  device(device: Device): void {
    const news = this.#isolations.note(device);
    this.#announce(device);
    this.#states.tell(device, this.#context.home.incidents());
    this.#saveMemory();
    if (news !== undefined) this.#tellIsolation(news, device, undefined);
  }

  #tellIsolation(eventType: IsolationEventType, device: Device, why: string | undefined): void {
    const url = this.#context.home.pageUrl + deviceLink(device.id);
    this.#tell(JSON.stringify(isolationPayload(eventType, device, why, url)), device);
  }

  incident(change: string, incident: Incident): void {
    if (incident.severity === "info") return;
    const { home } = this.#context;
    const device = incident.device === null ? undefined : home.devices().find(({ id }) => id === incident.device);
    const risk = device ? Math.round(device.risk.score) : null;
    const url = home.pageUrl + incidentLink(incident.id);
    const payload = JSON.stringify(incidentPayload(change, incident, risk, url, device));
    this.#announced.noteIncident(incident);
    if (device) this.device(device);
    this.#tell(payload, device);
  }

  /** Tells an event on the home's topic at once, and on the device's when Home Assistant listens there. */
  #tell(payload: string, device: Device | undefined): void {
    this.#mail.post(this.#topics.incident, payload, Date.now());
    if (!device) return;
    this.#announce(device);
    const settling = this.#settling.get(device.id);
    if (settling && settling.payloads.length < MAX_WAITING_EVENTS) settling.payloads.push(payload);
    else if (!settling) this.#mail.post(this.#topics.deviceIncident(topicId(device.id)), payload, Date.now());
  }

  #saveMemory(): void {
    const remember = this.#announced.takeMemory();
    if (remember) this.#context.memory?.write(remember);
  }

  /** Answers a command by state, at once. */
  #answer(device: Device | undefined): void {
    this.#hubText = "";
    this.hub(this.#context.home.hub());
    if (device) this.#states.tell(device, this.#context.home.incidents(), true);
  }

  notReady(): string | undefined {
    return this.#link.isUp ? undefined : `MQTT broker ${this.#link.shownUrl}`;
  }

  async close(): Promise<void> {
    clearTimeout(this.#birthTimer);
    clearTimeout(this.#cleanTimer);
    this.#states.close();
    for (const [deviceId, { timer }] of this.#settling) {
      clearTimeout(timer);
      this.#settled(deviceId);
    }
    await this.#link.close();
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
