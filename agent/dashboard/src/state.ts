import type {
  ApplicationRow,
  FlowRow,
  HistoryPoint,
  NormalRule,
  SessionInfo,
  StreamEvents,
} from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationRow } from "@lanwarden/contract/isolation";
import { severityRank } from "@lanwarden/contract/kinds";
import type { MatterState } from "@lanwarden/contract/matter";
import type { HubState, TrafficSample } from "@lanwarden/contract/status";
import { isolationNews } from "./isolation-words.ts";

interface Toast {
  id: number;
  text: string;
  isError: boolean;
  /** Rule that "Undo" takes back. */
  undoRule?: string;
}

/** All that the page knows. Replaced, never changed in place. undefined = not loaded yet. */
export interface PageState {
  /** null = not logged in. */
  session: SessionInfo | null | undefined;
  connection: "connecting" | "live" | "lost";
  /** When the stream broke, milliseconds since 1970. */
  lostAtMs: number | undefined;
  status: HubState | undefined;
  devices: ReadonlyMap<string, Device> | undefined;
  incidents: ReadonlyMap<string, Incident> | undefined;
  /** Cursor of older incidents; null = no more. */
  olderIncidents: string | null;
  samples: readonly TrafficSample[];
  normal: readonly NormalRule[] | undefined;
  history: readonly HistoryPoint[] | undefined;
  applications: readonly ApplicationRow[] | undefined;
  flows: readonly FlowRow[] | undefined;
  /** What can shut a device off; empty also when the agent knows none. */
  backends: readonly BackendInfo[] | undefined;
  /** Devices that this page has asked to be let in again, until that is so. */
  releasing: ReadonlySet<string>;
  /** Journal of isolations, newest first. */
  isolations: readonly IsolationRow[] | undefined;
  /** null = switched off. */
  matter: MatterState | null | undefined;
  toasts: readonly Toast[];
  /** Last sentence for screen readers. */
  announcement: string;
}

export type Action =
  | { type: "session"; session: SessionInfo | null }
  | { type: "connection"; connection: PageState["connection"]; nowMs: number }
  | { type: "status"; status: HubState }
  | { type: "devices"; devices: readonly Device[] }
  | { type: "device"; device: Device }
  | { type: "incidents"; incidents: readonly Incident[]; next: string | null; isOlder: boolean }
  | { type: "incident"; incident: Incident; change?: string }
  | { type: "traffic"; sample: TrafficSample }
  | { type: "normal"; rules: readonly NormalRule[] }
  | { type: "history"; points: readonly HistoryPoint[] }
  | { type: "applications"; rows: readonly ApplicationRow[] }
  | { type: "flows"; rows: readonly FlowRow[] }
  | { type: "backends"; backends: readonly BackendInfo[] }
  | { type: "releasing"; device: string }
  | { type: "isolations"; rows: readonly IsolationRow[] }
  | { type: "matter"; matter: MatterState | null }
  | { type: "toast"; toast: Toast }
  | { type: "toast-gone"; id: number };

/** Five minutes of live traffic. */
export const MAX_SAMPLES = 300;
const MAX_INCIDENTS = 2000;
const MAX_TOASTS = 3;

export const initialState: PageState = {
  session: undefined,
  connection: "connecting",
  lostAtMs: undefined,
  status: undefined,
  devices: undefined,
  incidents: undefined,
  olderIncidents: null,
  samples: [],
  normal: undefined,
  history: undefined,
  applications: undefined,
  flows: undefined,
  backends: undefined,
  releasing: new Set(),
  isolations: undefined,
  matter: undefined,
  toasts: [],
  announcement: "",
};

export function reduce(state: PageState, action: Action): PageState {
  switch (action.type) {
    case "session":
      return action.session === null ? { ...initialState, session: null } : { ...state, session: action.session };
    case "connection":
      return connectionChanged(state, action.connection, action.nowMs);
    case "status":
      return { ...state, status: action.status };
    case "devices":
      return { ...state, devices: new Map(action.devices.map((device) => [device.id, device])) };
    case "device":
      // Before the list is there, what the stream tells is in the list to come.
      if (state.devices === undefined) return state;
      return {
        ...state,
        devices: new Map(state.devices).set(action.device.id, action.device),
        releasing: releasingAfter(state.releasing, action.device),
        announcement: isolationNews(state.devices.get(action.device.id), action.device) ?? state.announcement,
      };
    case "incidents":
      return {
        ...state,
        incidents: withIncidents(action.isOlder ? state.incidents : undefined, action.incidents),
        olderIncidents: action.next,
      };
    case "incident":
      if (state.incidents === undefined) return state;
      return {
        ...state,
        incidents: withIncidents(state.incidents, [action.incident]),
        announcement: announcementOf(action) ?? state.announcement,
      };
    case "traffic":
      return { ...state, samples: [...state.samples, action.sample].slice(-MAX_SAMPLES) };
    case "normal":
      return { ...state, normal: action.rules };
    case "history":
      return { ...state, history: action.points };
    case "applications":
      return { ...state, applications: action.rows };
    case "flows":
      return { ...state, flows: action.rows };
    case "backends":
      return { ...state, backends: action.backends };
    case "releasing":
      return { ...state, releasing: new Set(state.releasing).add(action.device) };
    case "isolations":
      return { ...state, isolations: action.rows };
    case "matter":
      return { ...state, matter: action.matter };
    case "toast":
      return { ...state, toasts: [...state.toasts, action.toast].slice(-MAX_TOASTS) };
    case "toast-gone":
      return { ...state, toasts: state.toasts.filter(({ id }) => id !== action.id) };
  }
}

function releasingAfter(releasing: ReadonlySet<string>, { id, isolated }: Device): ReadonlySet<string> {
  if (isolated.state === "pending" || !releasing.has(id)) return releasing;
  const rest = new Set(releasing);
  rest.delete(id);
  return rest;
}

function connectionChanged(state: PageState, connection: PageState["connection"], nowMs: number): PageState {
  if (state.connection === connection) return state;
  const lostAtMs = connection === "lost" ? nowMs : undefined;
  const announcement =
    connection === "lost"
      ? "Connection to Lanwarden lost."
      : state.connection === "lost" && connection === "live"
        ? "Connected again."
        : state.announcement;
  return { ...state, connection, lostAtMs, announcement };
}

/** The newest of each, capped: the longest unseen goes first. */
function withIncidents(
  known: ReadonlyMap<string, Incident> | undefined,
  more: readonly Incident[],
): ReadonlyMap<string, Incident> {
  const all = new Map(known);
  for (const incident of more) all.set(incident.id, incident);
  if (all.size <= MAX_INCIDENTS) return all;
  return new Map(
    [...all].sort(([, a], [, b]) => Date.parse(b.last_seen) - Date.parse(a.last_seen)).slice(0, MAX_INCIDENTS),
  );
}

const LOUD_CHANGES = new Set(["opened", "reopened", "escalated"]);

/** Only what needs a person is read out. */
function announcementOf(action: { incident: Incident; change?: string }): string | undefined {
  const { incident, change } = action;
  if (change === undefined || !LOUD_CHANGES.has(change) || !needsPerson(incident)) return undefined;
  return `New incident: ${incident.title}`;
}

/** Open and of medium severity or worse. */
const needsPerson = (incident: Incident): boolean =>
  incident.status === "open" && severityRank(incident.severity) >= severityRank("medium");

/** What waits for a decision: worst first, then what was seen last. */
export function decisions(incidents: ReadonlyMap<string, Incident>): Incident[] {
  return [...incidents.values()]
    .filter(needsPerson)
    .sort(
      (a, b) =>
        severityRank(b.severity) - severityRank(a.severity) || Date.parse(b.last_seen) - Date.parse(a.last_seen),
    );
}

/** Devices that are shut off, are about to be, or should be: those that are not though asked for first, then by name. */
export const isolatedDevices = (devices: ReadonlyMap<string, Device>): Device[] =>
  [...devices.values()]
    .filter(({ isolated }) => isolated.state !== "no")
    .sort(
      (a, b) =>
        Number(b.isolated.state === "failed") - Number(a.isolated.state === "failed") ||
        a.name.localeCompare(b.name, "en"),
    );

/** A message of the stream as an action. undefined for one that this page does not know. */
export function streamAction<Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name]): Action {
  switch (name) {
    case "status":
      return { type: "status", status: data as HubState };
    case "device":
      return { type: "device", device: data as Device };
    case "incident":
      return { type: "incident", ...(data as StreamEvents["incident"]) };
    default:
      return { type: "traffic", sample: data as TrafficSample };
  }
}
