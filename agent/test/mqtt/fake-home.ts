import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { DeviceProfile, IsolationRequest } from "@lanwarden/contract/isolation";
import type { GuardMode, IncidentKind } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import { makeHub } from "@lanwarden/contract/test-double/samples";
import type { HomeCommands, HomeView, SinkContext } from "../../src/sinks/define.ts";

/** A home that tests fill by hand, with what was asked of it and what was said. */
export class FakeHome implements HomeView, HomeCommands {
  readonly agent: string;
  readonly version = "0.1.0";
  readonly pageUrl = "http://192.168.1.5:8470/";
  mode: GuardMode = "monitor";
  tap: HubState["tap"] = "ON";
  /** Names of devices that mine. */
  mining: string[] = [];
  deviceList: Device[] = [];
  incidentList: Incident[] = [];
  kept: unknown;
  readonly drills: string[] = [];
  /** What was asked beside drills and acknowledgements, in words. */
  readonly asked: string[] = [];
  /** Why isolations are refused. */
  refusal: string | undefined;
  /** A back-end is configured: isolations become `pending`, then what `outcome` says. */
  backend = false;
  outcome: { state: "yes" | "failed"; afterMs: number; detail?: string } = { state: "yes", afterMs: 0 };
  /** Told when a device changed by itself, as the agent tells its sinks. */
  changed: (device: Device) => void = () => undefined;
  readonly acknowledged: string[] = [];
  readonly warnings: string[] = [];
  readonly infos: string[] = [];

  constructor(agent = "test") {
    this.agent = agent;
  }

  devices(): Device[] {
    return this.deviceList;
  }

  incidents(): Incident[] {
    return this.incidentList;
  }

  hub(): HubState {
    const threat = this.incidentList.some(({ status }) => status === "open");
    return makeHub({
      agent: this.agent,
      sentence: threat ? "Device 1 scans ports." : "All quiet. 1 device, nothing to do.",
      threat: threat ? "ON" : "OFF",
      threat_level: threat ? "high" : "none",
      open_incidents: this.incidentList.length,
      devices_seen: this.deviceList.length,
      mining: this.mining.length > 0 ? "ON" : "OFF",
      mining_devices: this.mining.length,
      isolated_devices: this.deviceList.filter(({ isolated }) => isolated.state === "yes").length,
      mode: this.mode,
      tap: this.tap,
    });
  }

  acknowledge(id: string): boolean {
    this.acknowledged.push(id);
    const incident = this.incidentList.find((candidate) => candidate.id === id);
    if (incident) incident.status = "acknowledged";
    return incident !== undefined;
  }

  drill(kind: IncidentKind, device: string): boolean {
    this.drills.push(`${kind} ${device}`);
    return true;
  }

  acknowledgeAll(): void {
    for (const { id } of this.incidentList) this.acknowledge(id);
  }

  normal(id: string): boolean {
    this.asked.push(`normal ${id}`);
    return this.incidentList.some((incident) => incident.id === id);
  }

  setProfile(device: string, profile: DeviceProfile): boolean {
    this.asked.push(`profile ${device} ${profile}`);
    const found = this.deviceList.find(({ id }) => id === device);
    if (found) found.policy = profile;
    return found !== undefined;
  }

  canIsolate(): boolean {
    return this.backend;
  }

  /** Gives a device another state of isolation. */
  isolation(deviceId: string, change: Partial<Device["isolated"]>): void {
    const device = this.deviceList.find(({ id }) => id === deviceId);
    if (!device) return;
    device.isolated = { ...device.isolated, ...change };
    this.changed(device);
  }

  async isolate(device: string, request: IsolationRequest): Promise<string | undefined> {
    this.asked.push(`isolate ${device} ${JSON.stringify(request)}`);
    if (this.refusal !== undefined || !this.backend) return this.refusal ?? "no back-end is configured";
    const { state, afterMs, detail = null } = this.outcome;
    const since = new Date();
    const until = new Date(since.getTime() + (request.for_seconds ?? 14_400) * 1000);
    this.isolation(device, { state: "pending", by: request.by ?? null, level: "wan", backend: "nftables inet" });
    const settled = { state, detail, since: since.toISOString(), until: until.toISOString(), proof: "tap" as const };
    setTimeout(() => this.isolation(device, settled), afterMs);
    return undefined;
  }

  async release(device: string, by: string): Promise<string | undefined> {
    this.asked.push(`release ${device} ${by}`);
    this.isolation(device, { state: "no", backend: null, level: null, since: null, until: null, by: null });
    return undefined;
  }

  async releaseAll(by: string): Promise<void> {
    this.asked.push(`release all ${by}`);
  }

  setMode(mode: GuardMode): boolean {
    this.mode = mode;
    return true;
  }

  context(): SinkContext {
    return {
      home: this,
      commands: this,
      memory: {
        read: () => this.kept,
        write: (value) => {
          this.kept = value;
        },
      },
      warn: (message) => this.warnings.push(message),
      info: (message) => this.infos.push(message),
    };
  }
}
