import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { HomeAssistantLink, PushAnswer } from "@lanwarden/contract/home-assistant";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import type { Logger } from "pino";
import type { ApiApp } from "../api/define.ts";
import { startApi } from "../api/server.ts";
import { wallClock } from "../core/clock.ts";
import type { SensorEvent } from "../dissect/event.ts";
import type { SinkContext } from "../sinks/define.ts";
import { openDatabase } from "../store/database.ts";
import { IsolationJournal } from "../store/isolation-journal.ts";
import { Store } from "../store/store.ts";
import { Tokens } from "../store/tokens.ts";
import { apiContext } from "./api-context.ts";
import type { Config } from "./config.ts";
import { DemoRouter } from "./demo-router.ts";
import { EventStream } from "./event-stream.ts";
import { type FaceHooks, linkSink, linksByMac, matterBridge, onPushAnswer, openHomeAssistant } from "./faces.ts";
import { Home } from "./home.ts";
import { HomeMemory } from "./home-memory.ts";
import { hubState } from "./hub-state.ts";
import { Inputs } from "./input-coverage.ts";
import { Isolation } from "./isolation.ts";
import { keepMode, keptMode } from "./kept-mode.ts";
import type { MatterBridge } from "./matter-bridge.ts";
import { Metrics } from "./metrics.ts";
import { Outlets } from "./outlets.ts";
import { pageAddress } from "./page-address.ts";
import { ProcessLoad } from "./process-load.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { sensorSettings } from "./sensor-settings.ts";
import { SensorTotals } from "./sensor-totals.ts";
import { sinkCommands } from "./sink-commands.ts";
import { openSinks } from "./sink-wiring.ts";
import { SensorSupervisor } from "./supervisor.ts";
import { TapProblems } from "./tap-problems.ts";
import type { TapState } from "./tap-state.ts";
import { Timers } from "./timers.ts";
import { TrafficMeter } from "./traffic-meter.ts";
import { version } from "./version.ts";

const STORE_MS = 250;
const SECOND_MS = 1000;
const TICK_MS = 250;
const SNAPSHOT_MS = 30_000;
const PRUNE_MS = 60_000;
const HISTORY_MS = 60_000;

/** The running agent: builds and joins every part, in the order in which they need each other, and takes them down in reverse. */
export class Agent {
  readonly #config: Config;
  readonly #log: Logger;
  readonly #startedUs = wallClock.nowUs();
  readonly #metrics = new Metrics();
  readonly #totals = new SensorTotals();
  readonly #load = new ProcessLoad();
  readonly #inputs: Inputs;
  readonly #tap: TapState;
  readonly #tapProblems = new TapProblems();
  readonly #store: Store;
  readonly #tokens: Tokens;
  readonly #stream: EventStream;
  readonly #outlets: Outlets;
  readonly #home: Home;
  readonly #memory: HomeMemory;
  readonly #meter: TrafficMeter;
  readonly #supervisor: SensorSupervisor;
  readonly #timers: Timers;
  readonly #journal: IsolationJournal;
  #isolation: Isolation | undefined;
  #link: HomeAssistantLink | undefined;
  #matter: MatterBridge | undefined;
  #api: ApiApp | undefined;
  #mode: GuardMode;
  #wasUp: boolean | undefined;
  #hubDue: NodeJS.Immediate | undefined;

  /** The sensor's time when it last said it. */
  #sensorTime = { us: 0, atMs: 0 };

  constructor(config: Config, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#inputs = new Inputs(config.demo ? [] : config.sources);
    this.#tap = this.#inputs.newTapState();
    this.#timers = new Timers((message) => log.error(message));
    const database = openDatabase(config.dataFolder);
    this.#store = new Store(database);
    this.#tokens = new Tokens(database);
    this.#journal = new IsolationJournal(database);
    this.#mode = keptMode(this.#store, config.mode);
    this.#stream = new EventStream(this.#store);
    this.#outlets = new Outlets({ store: this.#store, stream: this.#stream, metrics: this.#metrics, log });
    this.#home = new Home({
      networks: config.homeNetworks,
      gateway: config.gateway,
      declared: config.devices,
      detections: config.detections,
      isolationOf: (id) => this.#isolation?.state(id),
      onAlert: (alert) => this.#outlets.alert(alert),
      onIncident: (change, atUs) => {
        this.#outlets.incident(change, atUs);
        this.#isolation?.onIncident(change.change, change.incident);
        if (change.change !== "updated") this.#tellHubSoon();
      },
      onDevice: (device, atUs) => {
        this.#outlets.device(device, atUs);
        this.#isolation?.onDevice(device);
      },
    });
    this.#memory = new HomeMemory(this.#store, this.#home);
    this.#outlets.remember(this.#memory);
    this.#meter = new TrafficMeter(
      (ip) => this.#home.isHome(ip),
      (flow, client) => this.#home.deviceOfEnd(flow, client),
    );
    this.#supervisor = new SensorSupervisor(sensorSettings(config), {
      event: (event) => this.#onEvent(event),
      telemetry: (telemetry) => this.#onTelemetry(telemetry),
      source: (index, state, reason) => {
        const isNews = this.#tap.source(index, state, reason, Date.now());
        if (isNews && state === "failed") this.#log.error(`${reason}; tried again until it comes`);
      },
      sensorGone: (reason) => this.#onSensorGone(reason),
      fault: (error) => this.#onFault(error),
      warning: (message) => this.#log.warn(message),
      tapSeen: (report) => this.#tapProblems.tell(report, this.#home, wallClock.nowUs()),
      watched: (reports) => this.#isolation?.watched(reports),
    });
  }

  /** Brings everything up. Rejects with AgentError when the page's or the broker's address is taken, and takes down again what was up. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#restore();
    this.#tokens.ensureAdminToken(this.#config.dataFolder, wallClock.nowUs());
    const link = openHomeAssistant(this.#config, this.pageUrl, this.#faceHooks());
    this.#link = link;
    link?.hub(this.hub());
    // What a link that is gone said of devices is no longer known.
    if (!link) this.#home.setKnownDevices([]);
    const isolation = new Isolation({
      config: this.#config,
      home: this.#home,
      journal: this.#journal,
      homeAssistant: link?.actions,
      ...(this.#config.demo ? { demoRouter: new DemoRouter((macs) => this.#supervisor.block(macs)) } : {}),
      mode: () => this.#mode,
      watch: (targets) => this.#supervisor.watch(targets),
      tapIsLive: () => this.#tapIsLive(),
      tell: (device, incident) => {
        link?.isolation(device, incident);
        this.#tellHubSoon();
      },
      warn: (message) => this.#log.warn(message),
      info: (message) => this.#log.info(message),
    });
    this.#isolation = isolation;
    await isolation.start();
    this.#api = await startApi(this.#apiContext(isolation), {
      ...this.#config.http,
      page: pageFolder,
      version,
      demo: this.#config.demo,
      onError: (error) => this.#log.error({ err: error }, "a request failed"),
    });
    const sinks = await openSinks(this.#config, this.#sinkContext(isolation));
    this.#outlets.open(link ? [...sinks, linkSink(link, this.#home)] : sinks);
    this.#matter = matterBridge(this.#config, () => this.#matterToken(), this.#faceHooks());
    this.#matter?.start();
    this.#timers.every(STORE_MS, () => {
      this.#memory.keepChanges();
      this.#store.flush();
    });
    this.#timers.every(SECOND_MS, () => this.#second());
    this.#timers.every(TICK_MS, () => this.#tick());
    this.#timers.every(SNAPSHOT_MS, () => this.#memory.keepAll());
    this.#timers.every(HISTORY_MS, () => this.#keepHistory());
    this.#timers.every(PRUNE_MS, () =>
      this.#store.prune(wallClock.nowUs(), this.#config.keepFlowsSeconds, this.#config.keepIncidentsSeconds),
    );
    for (const line of this.#inputs.lines) this.#log.info(line);
    this.#supervisor.start();
  }

  /** Stops in order: sensor, timers, sinks (last words out), page, store. Each part has its own limit. */
  async stop(): Promise<void> {
    clearImmediate(this.#hubDue);
    // A bridge that hangs must not keep the others waiting.
    const bridge = this.#matter?.stop();
    await this.#supervisor.stop();
    this.#timers.stop();
    await this.#isolation?.close();
    await this.#outlets.close();
    await this.#link?.close();
    await bridge;
    await this.#api?.close();
    this.#memory.keepAll();
    this.#store.close();
  }

  get pageUrl(): string {
    return pageAddress(this.#config.http, this.#config.homeNetworks);
  }

  hub(): HubState {
    const nowMs = Date.now();
    return hubState(this.#home, {
      agent: this.#config.agent,
      demo: this.#config.demo,
      startedUs: this.#startedUs,
      mode: this.#mode,
      tap: {
        isUp: this.#tap.isUp(nowMs),
        isOver: this.#tap.isOver,
        isStarting: this.#tap.isStarting,
        reason: this.#tap.reason(nowMs),
        problems: this.#tapProblems.current,
      },
      blindTo: this.#inputs.blindTo,
      telemetry: this.#totals.totals,
      packetsPerSecond: this.#totals.packetsPerSecond,
      bitsPerSecond: this.#totals.bitsPerSecond,
      cpuPercent: this.#load.cpuPercent,
      rssBytes: this.#load.rssBytes,
    });
  }

  /** What was known before; a part that cannot be read any more is learned anew. */
  #restore(): void {
    try {
      const orphans = this.#memory.restore();
      if (orphans.length > 0)
        this.#log.warn(
          `${orphans.length} incidents of before a crash are closed: what led to them is not known any more`,
        );
    } catch (error) {
      this.#log.error({ err: error }, "what was kept of the home cannot be read; it is learned anew");
    }
  }

  #onEvent(event: SensorEvent): void {
    this.#outlets.event(event);
    this.#home.handle(event);
    if (event.name !== "flow") return;
    this.#meter.handle(event);
    if (event.data.phase === "end") this.#store.saveFlow(this.#home.flowRow(event));
  }

  #onTelemetry(telemetry: SensorTelemetry): void {
    this.#totals.take(telemetry);
    this.#outlets.stats(this.#totals.totals);
    this.#tap.counted(this.#totals.totals.packets, Date.now());
    this.#sensorTime = { us: telemetry.nowUs, atMs: Date.now() };
    this.#home.tick(telemetry.nowUs);
    const nameOf = (id: string): string => this.#home.device(id)?.name ?? id;
    const packets = this.#totals.packetsPerSecond;
    this.#stream.tell("traffic", this.#meter.sample(wallClock.nowUs(), packets, nameOf));
  }

  /** Moves the home's time on between two words of the sensor: what is sure by waiting should not wait for the next. */
  #tick(): void {
    this.#isolation?.tick();
    const { us, atMs } = this.#sensorTime;
    if (us > 0) this.#home.tick(us + Math.min(SECOND_MS, Date.now() - atMs) * 1000);
  }

  #onSensorGone(reason: string): void {
    this.#tap.sensorGone(reason);
    this.#totals.sensorGone();
    this.#meter.forgetFlows();
  }

  #onFault(error: unknown): void {
    if (this.#metrics.fault() === 1)
      this.#log.error({ err: error }, "a fault in the program itself; the watch goes on");
  }

  #second(): void {
    this.#load.measure();
    const hub = this.hub();
    this.#tellTap(hub);
    this.#metrics.hub(hub, this.#totals.totals, this.#store.droppedFlows, this.#supervisor.restarts);
    this.#outlets.hub(hub);
  }

  /** The home's state turned: told with the events of this moment, not with the next second. */
  #tellHubSoon(): void {
    this.#hubDue ??= setImmediate(() => {
      this.#hubDue = undefined;
      this.#outlets.hub(this.hub());
    });
  }

  #tellTap(hub: HubState): void {
    const isUp = hub.tap === "ON";
    if (isUp === this.#wasUp || (this.#tap.isStarting && !isUp)) return;
    this.#wasUp = isUp;
    if (isUp) this.#log.info("the tap delivers");
    else if (this.#tap.isOver) this.#log.info("the capture has ended; what it showed stays here");
    else this.#log.warn(`the tap is down: ${hub.tap_reason}`);
  }

  #setMode(mode: GuardMode): HubState {
    this.#mode = mode;
    keepMode(this.#store, this.#config.mode, mode);
    this.#second();
    return this.hub();
  }

  /** Packets come from a link, in the present: only then does silence prove anything. */
  #tapIsLive(): boolean {
    return this.#inputs.hasLiveTap && this.#tap.isUp(Date.now());
  }

  #matterToken(): string {
    return this.#tokens.renew("matter", "Matter bridge", "act", wallClock.nowUs());
  }

  #sinkContext(isolation: Isolation): SinkContext {
    return {
      home: {
        agent: this.#config.agent,
        version,
        pageUrl: this.pageUrl,
        hub: () => this.hub(),
        devices: () => this.#home.devices(),
        incidents: () => this.#home.incidents(),
        canIsolate: () => isolation.canIsolate,
      },
      commands: sinkCommands(this.#home, this.#memory, isolation, (mode) => this.#setMode(mode)),
      warn: (message) => this.#log.warn(message),
      info: (message) => this.#log.info(message),
    };
  }

  #faceHooks(): FaceHooks {
    return {
      known: (devices) => this.#home.setKnownDevices(devices),
      homeAssistantVersion: (told) => {
        if (this.#config.mqtt?.linkByMac === undefined) this.#outlets.linkByMac(linksByMac(told));
      },
      answer: (answer) => this.#onAnswer(answer),
      warn: (message) => this.#log.warn(message),
      info: (message) => this.#log.info(message),
    };
  }

  #onAnswer(answer: PushAnswer): void {
    const [isolation, link] = [this.#isolation, this.#link];
    if (!isolation || !link) return;
    const parts = { home: this.#home, memory: this.#memory, isolation, link };
    onPushAnswer(answer, parts).catch((error: unknown) => this.#onFault(error));
  }

  #keepHistory(): void {
    const { risk, open_incidents: open } = this.hub();
    this.#store.recordHistory(wallClock.nowUs(), risk.score, open);
  }

  #apiContext(isolation: Isolation) {
    return apiContext({
      isolation,
      matter: () => this.#matter,
      setMode: (mode) => this.#setMode(mode),
      home: this.#home,
      store: this.#store,
      tokens: this.#tokens,
      stream: this.#stream,
      memory: this.#memory,
      config: this.#config,
      metrics: this.#metrics,
      hub: () => this.hub(),
      notReady: () => [...this.#tap.notReady(), ...this.#outlets.notReady()],
    });
  }
}

const pageFolder = join(
  dirname(fileURLToPath(import.meta.resolve("@lanwarden/dashboard/package.json"))),
  "dist",
  "page",
);
