import type { Device } from "@lanwarden/contract/device";
import type { HubState } from "@lanwarden/contract/status";
import type { Logger } from "pino";
import type { Alert } from "../detect/alert.ts";
import type { IncidentChange } from "../detect/define.ts";
import type { SensorEvent } from "../dissect/event.ts";
import type { Sink } from "../sinks/define.ts";
import type { Store } from "../store/store.ts";
import { DeviceNews } from "./device-news.ts";
import type { EventStream } from "./event-stream.ts";
import type { HomeMemory } from "./home-memory.ts";
import type { Metrics } from "./metrics.ts";
import { EveRecords } from "./records.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { serviceStatsRecord } from "./stats-record.ts";

/** Losses of a minute are enough to find when they began; Suricata's own eight seconds fill the file. */
const STATS_US = 60_000_000;

export interface OutletParts {
  store: Store;
  stream: EventStream;
  metrics: Metrics;
  log: Logger;
}

/** Everybody who is told what happens: store, sinks, event stream, metrics and log. */
export class Outlets {
  readonly #parts: OutletParts;
  readonly #records = new EveRecords();
  readonly #news = new DeviceNews();
  #memory: HomeMemory | undefined;
  #sinks: readonly Sink[] = [];
  #toldState = "";
  #nextStatsUs = 0;

  constructor(parts: OutletParts) {
    this.#parts = parts;
  }

  /** From now on the incident book is kept when it changes. */
  remember(memory: HomeMemory): void {
    this.#memory = memory;
  }

  open(sinks: readonly Sink[]): void {
    this.#sinks = sinks;
  }

  /** Home Assistant's version allows devices to be linked by MAC, or does not. */
  linkByMac(allowed: boolean): void {
    for (const sink of this.#sinks) sink.setLinkByMac?.(allowed);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
    this.#sinks = [];
  }

  /** Sinks that are not up yet, in words. */
  notReady(): string[] {
    return this.#sinks.map((sink) => sink.notReady()).filter((reason) => reason !== undefined);
  }

  event(event: SensorEvent): void {
    this.#eve(() => this.#records.fromEvent(event));
  }

  alert(alert: Alert): void {
    this.#parts.metrics.alert(alert);
    this.#eve(() => this.#records.alert(alert));
  }

  incident(change: IncidentChange, atUs: number): void {
    const { store, stream, metrics, log } = this.#parts;
    const { incident } = change;
    metrics.incident(change);
    store.saveIncident(incident);
    const isTurn = change.change !== "updated";
    if (isTurn) this.#memory?.incidentsChanged();
    // Written first, told afterwards.
    stream.keep("incident", { change: change.change, incident }, isTurn);
    this.#eve(() => this.#records.incident(change, atUs));
    for (const sink of this.#sinks) sink.incident(change.change, incident);
    if (change.change !== "opened" && change.change !== "escalated") return;
    const { kind, severity, device, title } = incident;
    log.info({ kind, severity, device }, title);
  }

  device(device: Device, atUs: number): void {
    if (!this.#news.isNew(device, atUs)) return;
    this.#parts.store.saveDevice(device);
    this.#eve(() => this.#records.device(device, atUs));
    for (const sink of this.#sinks) sink.device(device);
    this.#parts.stream.keep("device", device);
  }

  /** Called once a second, and when a command changed something. */
  hub(hub: HubState): void {
    for (const sink of this.#sinks) sink.hub(hub);
    // Rates change every second by nature: they go out with the traffic, and do not make a change of state.
    const {
      packets_per_second: _p,
      bits_per_second: _b,
      last_packet: _l,
      flows: _f,
      drop_ratio: _d,
      duplicates: _u,
      cpu_percent: _c,
      rss_bytes: _r,
      ...lasting
    } = hub;
    const told = JSON.stringify(lasting);
    if (told === this.#toldState) return;
    this.#toldState = told;
    this.#parts.stream.tell("status", hub);
  }

  /** Called once a second; a record a minute, by the sensor's time. */
  stats(telemetry: SensorTelemetry): void {
    if (telemetry.nowUs === 0 || telemetry.nowUs < this.#nextStatsUs) return;
    this.#nextStatsUs = telemetry.nowUs + STATS_US;
    this.#eve(() => serviceStatsRecord(telemetry));
  }

  /** Records are made for those sinks alone that write them. */
  #eve(record: () => object | undefined): void {
    const made = this.#sinks.some((sink) => sink.eve !== undefined) ? record() : undefined;
    if (made !== undefined) for (const sink of this.#sinks) sink.eve?.(made);
  }
}
