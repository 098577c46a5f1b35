import type {
  ApplicationRow,
  DevicePatch,
  FlowRow,
  HistoryPoint,
  MiningRow,
  NormalRule,
  Page,
  Scope,
  StreamEvents,
} from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationAnswer, IsolationRequest, IsolationRow } from "@lanwarden/contract/isolation";
import type { GuardMode, IncidentKind, Severity } from "@lanwarden/contract/kinds";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState } from "@lanwarden/contract/status";

export interface IncidentFilter {
  status?: string;
  kind?: string;
  device?: string;
  severity?: Severity;
  cursor?: string;
  limit: number;
}

export interface FlowFilter {
  device?: string;
  cursor?: string;
  limit: number;
}

/** One event of the stream. `id` is 0 for those that are not replayed. */
export interface StreamMessage {
  id: number;
  event: keyof StreamEvents;
  /** JSON on one line. */
  body: string;
}

/** What the API may ask of the running agent. */
export interface ApiContext {
  status(): HubState;
  devices(): Device[];
  device(id: string): Device | undefined;
  patchDevice(id: string, patch: DevicePatch): Device | undefined;
  incidents(filter: IncidentFilter): Page<Incident>;
  incident(id: string): Incident | undefined;
  acknowledge(id: string): Incident | undefined;
  /** "Normal for this device": stores the rule, resolves the incident. */
  markNormal(id: string, by: string): NormalRule | undefined;
  undoNormal(ruleId: string): boolean;
  normalRules(): NormalRule[];
  /** A drill: an incident marked `test`, which never acts. undefined when the device is unknown. */
  drill(kind: IncidentKind, device: string): Incident | undefined;
  flows(filter: FlowFilter): Page<FlowRow>;
  applications(): ApplicationRow[];
  mining(): MiningRow[];
  history(hours: number): HistoryPoint[];
  /** The configuration without secrets. */
  config(): Record<string, unknown>;
  /** undefined when the device is unknown. Settles when the wish is written down; what comes of it is told by the device's state. */
  isolate(id: string, request: IsolationRequest): Promise<IsolationAnswer | undefined>;
  release(id: string, by: string): Promise<IsolationAnswer | undefined>;
  releaseAll(by: string): Promise<void>;
  /** The journal, newest first. */
  isolations(): IsolationRow[];
  backends(): Promise<BackendInfo[]>;
  setMode(mode: GuardMode): HubState;
  /** State of the Matter bridge; undefined when the configuration has none. */
  matter(): MatterState | undefined;
  /** Lets further Matter controllers in for some minutes. False when the bridge is not up. */
  openMatterWindow(): boolean;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** What is not up yet, in words; empty = ready. */
  notReady(): string[];
  /** Kept events after a number, oldest first, a page at a time; null when the number is not known any more (or not yet). */
  streamAfter(id: number): StreamMessage[] | null;
  lastStreamId(): number;
  subscribe(listener: (message: StreamMessage) => void): () => void;
  tokens: {
    /** Whose token text this is; undefined when it is unknown or revoked. */
    check(token: string): { id: string; scope: Scope } | undefined;
    scopeOf(id: string): Scope | undefined;
    create(name: string, scope: Scope): { id: string; token: string };
    list(): { id: string; name: string; scope: Scope; created_us: number; last_used_us: number | null }[];
    revoke(id: string): boolean;
  };
}
