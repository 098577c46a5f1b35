import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StreamEvents } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import type { Logger } from "pino";
import type { StreamMessage } from "../api/context.ts";
import type { ApiApp } from "../api/define.ts";
import { startApi } from "../api/server.ts";
import { wallClock } from "../core/clock.ts";
import type { Alert } from "../detect/alert.ts";
import type { IncidentChange } from "../detect/define.ts";
import type { SensorEvent } from "../dissect/event.ts";
import type { Sink } from "../sinks/define.ts";
import { openDatabase } from "../store/database.ts";
import { Store } from "../store/store.ts";
import { Tokens } from "../store/tokens.ts";
import { apiContext } from "./api-context.ts";
import type { Config } from "./config.ts";
import { Home } from "./home.ts";
import { hubState } from "./hub-state.ts";
import { Metrics } from "./metrics.ts";
import { EveRecords } from "./records.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { openSinks } from "./sink-wiring.ts";
import { SensorSupervisor } from "./supervisor.ts";
import { TrafficMeter } from "./traffic-meter.ts";
import { version } from "./version.ts";

const STORE_MS = 500;
const SECOND_MS = 1000;
const SNAPSHOT_MS = 30_000;
const PRUNE_MS = 3_600_000;
const HISTORY_MS = 60_000;

/** The running agent: builds and joins every part, in the order in which they need each other, and takes them down in reverse. */
export class Agent {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #startedUs = wallClock.nowUs();
  readonly #records = new EveRecords();
  readonly #listeners = new Set<(message: StreamMessage) => void>();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #metrics = new Metrics();
  readonly #store: Store;
  readonly #tokens: Tokens;
  readonly #home: Home;
  readonly #meter: TrafficMeter;
  readonly #supervisor: SensorSupervisor;
  #sinks: readonly Sink[] = [];
  #api: ApiApp | undefined;
  #mode: GuardMode;
  #telemetry: SensorTelemetry = {
    packets: 0,
    bytes: 0,
    kernelDrops: 0,
    invalid: 0,
    droppedEvents: 0,
    flows: 0,
    lastPacketUs: 0,
    nowUs: 0,
  };
  #rates = { packets: 0, bits: 0 };
  #tap = { up: false, reason: "not started" };
  #toldState = "";

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#mode = config.mode;
    const database = openDatabase(config.dataFolder);
    this.#store = new Store(database);
    this.#tokens = new Tokens(database);
    this.#home = new Home({
      networks: config.homeNetworks,
      gateway: config.gateway,
      declared: config.devices,
      detections: config.detections,
      onAlert: (alert) => this.#onAlert(alert),
      onIncident: (change, atUs) => this.#onIncident(change, atUs),
      onDevice: (device, atUs) => this.#onDevice(device, atUs),
    });
    this.#meter = new TrafficMeter(
      (ip) => this.#home.isHome(ip),
      (flow, client) => this.#home.deviceOfEnd(flow, client),
    );
    this.#supervisor = new SensorSupervisor(
      {
        sources: config.demo ? null : config.sources,
        demo: config.demo ? { seed: DEMO_SEED } : null,
        place: "sources",
        seed: randomSeed(),
        maxFlows: config.maxFlows,
      },
      {
        event: (event) => this.#onEvent(event),
        telemetry: (telemetry) => this.#onTelemetry(telemetry),
        state: (up, reason) => this.#onTap(up, reason),
        failed: (_code, message) => this.#log.error(message),
        warning: (message) => this.#log.warn(message),
      },
    );
  }

  /** Brings everything up. Rejects with AgentError when the page's address is taken; a broker that is away does not hinder. */
  async start(): Promise<void> {
    const kept = this.#store.snapshot("home");
    if (kept !== undefined) this.#home.restore(kept as { inventory?: unknown; incidents?: unknown });
    this.#tokens.ensureAdminToken(this.#config.dataFolder, wallClock.nowUs());
    const { http } = this.#config;
    this.#api = await startApi(this.#apiContext(), {
      ...http,
      page: pageFolder,
      version,
      demo: this.#config.demo,
      onError: (error) => this.#log.error({ err: error }, "a request failed"),
    });
    this.#sinks = await openSinks(this.#config, {
      home: {
        agent: this.#config.agent,
        version,
        pageUrl: this.pageUrl,
        hub: () => this.hub(),
        devices: () => this.#home.devices(),
        incidents: () => this.#home.incidents(),
      },
      commands: {
        acknowledge: (id) => this.#home.acknowledge(id) !== undefined,
        drill: (kind, device) => this.#home.drill(kind, device) !== undefined,
        setMode: (mode) => this.#setMode(mode),
      },
      memory: {
        read: () => this.#store.snapshot("mqtt"),
        write: (value) => this.#store.saveSnapshot("mqtt", value),
      },
      warn: (message) => this.#log.warn(message),
      info: (message) => this.#log.info(message),
    });
    this.#every(STORE_MS, () => this.#store.flush());
    this.#every(SECOND_MS, () => this.#second());
    this.#every(SNAPSHOT_MS, () => this.#saveSnapshot());
    this.#every(HISTORY_MS, () => this.#keepHistory());
    this.#every(PRUNE_MS, () =>
      this.#store.prune(wallClock.nowUs(), this.#config.keepFlowsSeconds, this.#config.keepIncidentsSeconds),
    );
    this.#supervisor.start();
  }

  get pageUrl(): string {
    const { host, port } = this.#config.http;
    const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
    return `http://${shown}:${port}/`;
  }

  hub(): HubState {
    return hubState(this.#home, {
      agent: this.#config.agent,
      demo: this.#config.demo,
      startedUs: this.#startedUs,
      mode: this.#mode,
      tapUp: this.#tap.up,
      telemetry: this.#telemetry,
      packetsPerSecond: this.#rates.packets,
      bitsPerSecond: this.#rates.bits,
    });
  }

  /** Stops in order, each part with its own limit: sensor, timers, sinks (last words out), page, store. */
  async stop(): Promise<void> {
    await this.#supervisor.stop();
    for (const timer of this.#timers) clearInterval(timer);
    this.#saveSnapshot();
    await Promise.all(this.#sinks.map((sink) => sink.close()));
    this.#api?.server.closeAllConnections();
    await this.#api?.close();
    this.#store.close();
  }

  /** A timer whose fault is logged and does not end the agent: a full disk today is mended tomorrow. */
  #every(ms: number, work: () => void): void {
    this.#timers.push(
      setInterval(() => {
        try {
          work();
        } catch (error) {
          this.#log.error(`${error instanceof Error ? error.message : String(error)}`);
        }
      }, ms),
    );
  }

  #onEvent(event: SensorEvent): void {
    this.#eve(this.#records.fromEvent(event));
    this.#home.handle(event);
    if (event.name !== "flow") return;
    this.#meter.handle(event);
    if (event.data.phase === "end") this.#store.saveFlow(this.#home.flowRow(event));
  }

  #onAlert(alert: Alert): void {
    this.#metrics.alert(alert);
    this.#eve(this.#records.alert(alert));
  }

  #onIncident(change: IncidentChange, atUs: number): void {
    this.#metrics.incident(change);
    this.#store.saveIncident(change.incident);
    this.#eve(this.#records.incident(change, atUs));
    for (const sink of this.#sinks) sink.incident(change.change, change.incident);
    this.#publish("incident", { change: change.change, incident: change.incident }, true);
    if (change.change === "opened" || change.change === "escalated") {
      this.#log.info(
        { kind: change.incident.kind, severity: change.incident.severity, device: change.incident.device },
        change.incident.title,
      );
    }
  }

  #onDevice(device: Device, atUs: number): void {
    this.#store.saveDevice(device);
    this.#eve(this.#records.device(device, atUs));
    for (const sink of this.#sinks) sink.device(device);
    this.#publish("device", device, true);
  }

  #onTap(up: boolean, reason: string): void {
    this.#tap = { up, reason };
    if (up) this.#log.info("the tap delivers");
    else this.#log.warn(`the tap is down: ${reason}`);
  }

  #onTelemetry(telemetry: SensorTelemetry): void {
    // A restarted sensor counts from zero again.
    const before = telemetry.packets >= this.#telemetry.packets ? this.#telemetry : { packets: 0, bytes: 0 };
    this.#rates = { packets: telemetry.packets - before.packets, bits: (telemetry.bytes - before.bytes) * 8 };
    this.#telemetry = telemetry;
    this.#home.tick(telemetry.nowUs);
    const sample = this.#meter.sample(
      wallClock.nowUs(),
      this.#rates.packets,
      (id) => this.#home.device(id)?.name ?? id,
    );
    this.#publish("traffic", sample, false);
  }

  #second(): void {
    const hub = this.hub();
    this.#metrics.hub(hub, this.#telemetry, this.#store.droppedFlows, this.#supervisor.restarts);
    // Rates change every second by nature: they go out with the traffic, and do not make a change of state.
    const { packets_per_second: _p, bits_per_second: _b, last_packet: _l, flows: _f, drop_ratio: _d, ...lasting } = hub;
    const told = JSON.stringify(lasting);
    for (const sink of this.#sinks) sink.hub(hub);
    if (told === this.#toldState) return;
    this.#toldState = told;
    this.#publish("status", hub, false);
  }

  #setMode(mode: GuardMode): boolean {
    this.#mode = mode;
    this.#second();
    return true;
  }

  #saveSnapshot(): void {
    this.#store.saveSnapshot("home", this.#home.snapshot());
    this.#store.flush();
  }

  #keepHistory(): void {
    const open = this.#home
      .incidents()
      .filter(({ status, severity }) => status === "open" && severity !== "info").length;
    this.#store.recordHistory(wallClock.nowUs(), this.#home.homeRisk().score, open);
  }

  #eve(record: object | undefined): void {
    if (record !== undefined) for (const sink of this.#sinks) sink.eve?.(record);
  }

  /** Sends to the listeners of the event stream; `keep` = replayed to those who come back. */
  #publish<E extends keyof StreamEvents>(event: E, data: StreamEvents[E], keep: boolean): void {
    const body = JSON.stringify(data);
    const id = keep ? this.#store.appendStream(event, body) : 0;
    for (const listener of this.#listeners) listener({ id, event, body });
  }

  #apiContext() {
    return apiContext({
      home: this.#home,
      store: this.#store,
      tokens: this.#tokens,
      config: this.#config,
      metrics: this.#metrics,
      hub: () => this.hub(),
      notReady: () => [
        ...(this.#tap.up ? [] : [`tap (${this.#tap.reason})`]),
        ...this.#sinks.map((sink) => sink.notReady()).filter((reason) => reason !== undefined),
      ],
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    });
  }
}

const DEMO_SEED = 7;
const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
const pageFolder = join(
  dirname(fileURLToPath(import.meta.resolve("@lanwarden/dashboard/package.json"))),
  "dist",
  "page",
);
