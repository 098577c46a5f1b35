import type { DevicePatch, FlowRow, MiningRow, NormalRule } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationState } from "@lanwarden/contract/isolation";
import { type IncidentKind, severityRank } from "@lanwarden/contract/kinds";
import { MICROS } from "../core/clock.ts";
import { type Network, textInNetworks } from "../core/ip.ts";
import { isoTime, parseTimeUs } from "../core/time-text.ts";
import type { Alert } from "../detect/alert.ts";
import type { Finding, IncidentChange } from "../detect/define.ts";
import { DetectionEngine } from "../detect/engine.ts";
import type { FindingSource } from "../detect/incident-book.ts";
import { Inventory } from "../devices/inventory.ts";
import type { FlowRef, SensorEvent } from "../dissect/event.ts";
import { CountryTable } from "../intel/country.ts";
import { OuiTable } from "../intel/oui.ts";
import { scoreDevice, scoreHome } from "../risk/score.ts";
import type { DeclaredDevice } from "./config.ts";

export interface HomeOptions {
  networks: readonly Network[];
  gateway: string | undefined;
  declared: readonly DeclaredDevice[];
  detections: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How a device's isolation stands; absent where nobody isolates. */
  isolationOf?(id: string): IsolationState | undefined;
  onAlert?(alert: Alert): void;
  onIncident?(change: IncidentChange, atUs: number): void;
  /** A device or its risk changed. */
  onDevice?(device: Device, atUs: number): void;
}

/** Risk of every device is computed anew this often in packet time, since it decays; changes are computed at once. */
const RISK_SECONDS = 60;

/** What the sensor's events mean: devices, incidents and risk, joined. No I/O; packet time only. */
export class Home {
  readonly #options: HomeOptions;
  readonly #inventory: Inventory;
  readonly #engine: DetectionEngine;
  readonly #countries = new CountryTable();
  readonly #risks = new Map<string, Device["risk"]>();
  readonly #changed = new Set<string>();
  #incidentChanges: IncidentChange[] = [];
  #nowUs = 0;
  #tickedUs = 0;
  #scoredUs = 0;

  constructor(options: HomeOptions) {
    this.#options = options;
    const ouis = new OuiTable();
    this.#inventory = new Inventory({
      home: options.networks,
      ...(options.gateway === undefined ? {} : { gateway: options.gateway }),
      declared: options.declared,
      vendorOf: (mac) => ouis.vendor(mac),
      onChange: (id) => this.#changed.add(id),
    });
    this.#engine = new DetectionEngine({
      home: options.networks,
      settings: options.detections,
      lookups: {
        deviceIdOf: (party) => this.#inventory.deviceIdOf(party),
        nameOfDevice: (id) => this.#inventory.nameOfDevice(id),
        isSanctionedMiner: (ip) => this.#inventory.isSanctionedMiner(ip),
        gatewayIp: () => this.#inventory.gatewayIp(),
        country: (ip) => this.#countries.lookup(ip),
      },
      onAlert: (alert) => options.onAlert?.(alert),
      onIncident: (change) => {
        if (change.incident.device !== null) this.#changed.add(change.incident.device);
        this.#incidentChanges.push(change);
      },
    });
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  handle(event: SensorEvent): void {
    if (event.atUs > this.#nowUs) this.#nowUs = event.atUs;
    this.#inventory.handle(event);
    this.#engine.handle(event);
    if (this.#incidentChanges.length > 0) this.#tellChanges();
    if (this.#nowUs - this.#tickedUs >= MICROS) this.tick(this.#nowUs);
  }

  /** Moves time on where no packet does: quiet times end, risk decays, changes are told. */
  tick(nowUs: number): void {
    if (nowUs > this.#nowUs) this.#nowUs = nowUs;
    this.#tickedUs = this.#nowUs;
    this.#engine.tick(this.#nowUs);
    if (this.#nowUs - this.#scoredUs >= RISK_SECONDS * MICROS) {
      this.#scoredUs = this.#nowUs;
      for (const device of this.#inventory.list()) this.#changed.add(device.id);
    }
    this.#tellChanges();
  }

  /** The capture has ended: what still waits is decided. */
  finish(): void {
    this.#engine.finish(this.#nowUs);
    this.#score();
    this.#tellChanges();
  }

  /** Devices first, so that who hears of an incident finds the risk that it made. */
  #tellChanges(): void {
    // Where nobody listens (analysis of a capture), scores are made when they are asked for.
    if (this.#options.onDevice !== undefined) this.#score();
    const changes = this.#incidentChanges;
    this.#incidentChanges = [];
    for (const change of changes) this.#options.onIncident?.(change, this.#nowUs);
  }

  /** Scores what has changed, and tells it. */
  #score(nowUs = this.#nowUs): void {
    if (this.#changed.size === 0) return;
    const ids = [...this.#changed].sort();
    const incidents = this.#engine.incidents.ofDevices(this.#changed);
    this.#changed.clear();
    for (const id of ids) {
      const device = this.#inventory.get(id);
      if (!device) continue;
      const risk = scoreDevice({ device, incidents: incidents.get(id) ?? [], nowUs });
      this.#risks.set(id, risk);
      this.#options.onDevice?.(this.#withRisk(device), nowUs);
    }
  }

  device(id: string): Device | undefined {
    const device = this.#inventory.get(id);
    return device && this.#withRisk(device);
  }

  /** Riskiest first, then by name. */
  devices(): Device[] {
    return this.#inventory
      .list()
      .map((device) => this.#withRisk(device))
      .sort((a, b) => b.risk.score - a.risk.score || a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1));
  }

  #withRisk(device: Device): Device {
    const isolated = this.#options.isolationOf?.(device.id) ?? device.isolated;
    return { ...device, isolated, risk: this.#risks.get(device.id) ?? device.risk };
  }

  patchDevice(id: string, patch: DevicePatch): Device | undefined {
    const device = this.#inventory.patch(id, patch);
    this.#tellChanges();
    return device && this.#withRisk(device);
  }

  /** Something of the device changed that is kept elsewhere (its isolation): it is told anew. */
  deviceChanged(id: string): void {
    this.#changed.add(id);
    this.#tellChanges();
  }

  /** All that the user's Home Assistant knows of devices now. */
  setKnownDevices(known: readonly KnownDevice[]): void {
    this.#inventory.setKnown(known);
    this.#tellChanges();
  }

  homeRisk(): Device["risk"] {
    return scoreHome(this.devices());
  }

  /** Open and acknowledged incidents first seen last. */
  incidents(): Incident[] {
    return this.#engine.incidents.list();
  }

  incident(id: string): Incident | undefined {
    return this.#engine.incidents.get(id);
  }

  acknowledge(id: string): Incident | undefined {
    const incident = this.#engine.incidents.acknowledge(id);
    this.#tellChanges();
    return incident;
  }

  /** Writes down what is done about an incident. */
  setResponse(id: string, response: Incident["response"]): void {
    this.#engine.incidents.setResponse(id, response);
    this.#tellChanges();
  }

  /** Takes a finding of the agent itself, about what its own acts came to. */
  report(source: FindingSource, finding: Finding): void {
    this.#engine.report(source, finding);
    this.#tellChanges();
  }

  /** The way out of the home, as far as it is known. */
  gateway(): { ip: string | undefined; mac: string | undefined } {
    return { ip: this.#inventory.gatewayIp(), mac: this.#inventory.gatewayMac() };
  }

  markNormal(id: string, by: string): NormalRule | undefined {
    const rule = this.#engine.incidents.markNormal(id, by);
    this.#tellChanges();
    return rule;
  }

  undoNormal(ruleId: string): boolean {
    return this.#engine.incidents.undoNormal(ruleId);
  }

  normalRules(): NormalRule[] {
    return this.#engine.incidents.normalRules();
  }

  /** undefined when the device is unknown. `atUs`: a drill is a thing of the present, wherever packet time is. */
  drill(kind: IncidentKind, deviceId: string, atUs: number): Incident | undefined {
    const name = this.#inventory.nameOfDevice(deviceId);
    if (name === undefined) return undefined;
    const incident = this.#engine.incidents.drill(kind, deviceId, name, atUs);
    this.#tellChanges();
    return incident;
  }

  /** Who mines, from the open and recent mining incidents. */
  mining(): MiningRow[] {
    return this.incidents()
      .filter((incident) => incident.kind === "mining" && incident.device !== null && incident.test !== true)
      .map((incident) => ({
        device: incident.device ?? "",
        name: this.#inventory.nameOfDevice(incident.device ?? "") ?? incident.device ?? "",
        incident: incident.id,
        coin: textField(incident, "coin"),
        pool: textField(incident, "pool"),
        since: incident.first_seen,
        last_seen: incident.last_seen,
        active: incident.status !== "resolved",
        evidence: incident.why,
      }));
  }

  isHome(ip: string): boolean {
    return textInNetworks(this.#options.networks, ip);
  }

  /** Device of one end of a flow; undefined for the internet. */
  deviceOfEnd(flow: FlowRef, client: boolean): string | undefined {
    const ip = client ? flow.clientIp : flow.serverIp;
    return this.isHome(ip) ? this.#inventory.deviceIdOf({ ip }) : undefined;
  }

  /** The row of a finished flow. */
  flowRow(event: SensorEvent<"flow">): FlowRow {
    const { flow, data } = event;
    return {
      id: flow.id,
      start: isoTime(flow.startUs),
      end: isoTime(data.lastUs),
      proto: flow.proto,
      client_ip: flow.clientIp,
      client_port: flow.clientPort,
      server_ip: flow.serverIp,
      server_port: flow.serverPort,
      client_device: this.deviceOfEnd(flow, true) ?? null,
      server_device: this.deviceOfEnd(flow, false) ?? null,
      bytes_to_server: data.bytesToServer,
      bytes_to_client: data.bytesToClient,
      app_proto: data.appProto ?? null,
      app: data.app ?? data.proto ?? null,
      category: data.category ?? null,
      hostname: data.hostname ?? null,
      country: this.#countries.lookup(flow.serverIp) ?? this.#countries.lookup(flow.clientIp) ?? null,
    };
  }

  /** State that outlives a restart. */
  snapshot(): { inventory: unknown; incidents: unknown } {
    return { inventory: this.#inventory.snapshot(), incidents: this.#engine.incidents.snapshot() };
  }

  /** Packet time is left where it is: a capture that is played after a restart lies before what is remembered. */
  restore(snapshot: { inventory?: unknown; incidents?: unknown }): void {
    if (snapshot.inventory !== undefined) this.#inventory.restore(snapshot.inventory);
    if (snapshot.incidents !== undefined) this.#engine.incidents.restore(snapshot.incidents);
    let lastUs = this.#nowUs;
    for (const device of this.#inventory.list()) {
      lastUs = Math.max(lastUs, parseTimeUs(device.last_seen));
      this.#changed.add(device.id);
    }
    this.#score(lastUs);
  }
}

const textField = (incident: Incident, key: string): string | null => {
  const value = incident.evidence.fields[key];
  return value === undefined ? null : String(value);
};

/** Incidents that count as an open threat: medium or worse, not resolved, no drill. */
export const isThreat = (incident: Incident): boolean =>
  incident.status === "open" && incident.test !== true && severityRank(incident.severity) >= severityRank("medium");
