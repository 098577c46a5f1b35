import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { DeviceProfile, IsolationRequest } from "@lanwarden/contract/isolation";
import type { GuardMode, IncidentKind } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";

/** What a sink may read of the home at any time. */
export interface HomeView {
  readonly agent: string;
  readonly version: string;
  /** Address of the page for `configuration_url` and links. */
  readonly pageUrl: string;
  hub(): HubState;
  devices(): Device[];
  /** All that the book holds: open, acknowledged, and those resolved within a day. */
  incidents(): Incident[];
  /** Whether a back-end is configured that could isolate a device; absent = no. */
  canIsolate?(): boolean;
}

/** What may be asked of the agent through a sink that also takes commands (MQTT). A boolean says whether it was done. */
export interface HomeCommands {
  acknowledge(incidentId: string): boolean;
  acknowledgeAll(): void;
  /** "That's normal for it". */
  normal(incidentId: string): boolean;
  drill(kind: IncidentKind, deviceId: string): boolean;
  setMode(mode: GuardMode): boolean;
  setProfile(deviceId: string, profile: DeviceProfile): boolean;
  /** Settles when it is written down or refused; undefined = accepted, else why not, in one sentence. What comes of it is told by the device's state. */
  isolate(deviceId: string, request: IsolationRequest): Promise<string | undefined>;
  release(deviceId: string, by: string): Promise<string | undefined>;
  releaseAll(by: string): Promise<void>;
}

export interface SinkContext {
  readonly home: HomeView;
  readonly commands: HomeCommands;
  /** A small place that outlives a restart, the sink's own; absent where nothing is kept. */
  readonly memory?: { read(): unknown; write(value: unknown): void };
  warn(message: string): void;
  info(message: string): void;
}

/** An open sink. Calls return at once: what cannot be delivered now is kept up to the sink's own stated cap. */
export interface Sink {
  /** What is not up yet, in words, for /readyz; undefined when it is. */
  notReady(): string | undefined;
  /** The home's state changed. */
  hub(state: HubState): void;
  /** A device or its risk changed. */
  device(device: Device): void;
  /** `change`: opened, escalated, updated, acknowledged, resolved, reopened. */
  incident(change: string, incident: Incident): void;
  /** An EVE record was made. */
  eve?(record: object): void;
  /** Whether devices are announced with their MAC as a connection ({@link DiscoveryContext.linkByMac}), when Home Assistant's version is learned. */
  setLinkByMac?(linkByMac: boolean): void;
  close(): Promise<void>;
}

/** A kind of sink. One file in sinks/targets each. */
export interface Target<Config> {
  readonly type: string;
  open(config: Config, context: SinkContext): Promise<Sink>;
}

export const defineTarget = <Config>(target: Target<Config>): Target<Config> => target;
