import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type GuardMode, severityRank } from "@lanwarden/contract/kinds";
import { topicId } from "@lanwarden/contract/topics";
import type { AgentEvent, Snapshot } from "./agent-client.ts";
import { deviceLabels, HUB_LABELS } from "./labels.ts";

export type EndpointKind = "contact" | "occupancy" | "plug";

/** What a plug does when somebody switches it. */
export type Effect = { does: "protect" } | { does: "isolate"; device: string };

/** One bridged endpoint as it should be. */
export interface Wanted {
  /** Stable: endpoint numbers hang on it. */
  id: string;
  kind: EndpointKind;
  label: string;
  /** Contact: an alarm (open). Occupancy: occupied. Plug: on. */
  isOn: boolean;
  /** Of a plug. */
  effect?: Effect;
}

/** Alexa takes 50 devices of a bridge; four are the home's, each device has two. */
export const MAX_DEVICES = 23;
/** Sensors of ecosystems are polled and pulses vanish: an alarm is held long enough for all of them. */
const ACTIVITY_MS = 60_000;

/**
 * The home as Matter shows it.
 *
 * Drills switch "Threat activity" on, and nothing else: it stands for "you are being told of something", which a drill is there to try. The contact
 * sensors are a state that automations act upon, and say the same as MQTT and the page, where a drill is no threat.
 */
export class HomeView {
  readonly #devices = new Map<string, Device>();
  readonly #incidents = new Map<string, Incident>();
  /** Devices that are shown, in the order in which they came. */
  readonly #shown: Set<string>;
  #mode: GuardMode = "monitor";
  #activeUntilMs = 0;
  /** Pinned devices that found no place. */
  left = 0;

  /** `shown`: devices that were shown in an earlier run, in order. */
  constructor(shown: readonly string[] = []) {
    this.#shown = new Set(shown);
  }

  get shown(): string[] {
    return [...this.#shown];
  }

  replace({ hub, devices, incidents }: Snapshot): void {
    this.#mode = hub.mode;
    this.#devices.clear();
    for (const device of devices) if (device.pinned === true) this.#devices.set(device.id, device);
    this.#incidents.clear();
    for (const incident of incidents) this.#keep(incident);
  }

  /** `nowMs`: a clock that does not jump, for the minute of activity. False when nothing of it is shown, as with most events of a home. */
  take(event: AgentEvent, nowMs: number): boolean {
    switch (event.event) {
      case "status": {
        const isNew = this.#mode !== event.data.mode;
        this.#mode = event.data.mode;
        return isNew;
      }
      case "device":
        if (event.data.pinned !== true) return this.#devices.delete(event.data.id);
        this.#devices.set(event.data.id, event.data);
        return true;
      case "incident": {
        const { change, incident } = event.data;
        this.#keep(incident);
        const isNew = change === "opened" || change === "reopened";
        if (isNew && incident.severity !== "info") this.#activeUntilMs = nowMs + ACTIVITY_MS;
        return true;
      }
      case "traffic":
        return false;
    }
  }

  /** When the picture changes by itself; undefined when it does not. */
  nextChangeMs(nowMs: number): number | undefined {
    return this.#activeUntilMs > nowMs ? this.#activeUntilMs : undefined;
  }

  /** All endpoints, in the order in which new ones get their numbers. */
  wanted(nowMs: number): Wanted[] {
    const open = [...this.#incidents.values()].filter(({ test }) => test !== true);
    const threats = open.filter(isThreat);
    const isMining = open.some(({ kind, severity }) => kind === "mining" && severity !== "info");
    const hub: Wanted[] = [
      { id: "threat", kind: "contact", label: HUB_LABELS.threat, isOn: threats.length > 0 },
      { id: "mining", kind: "contact", label: HUB_LABELS.mining, isOn: isMining },
      { id: "activity", kind: "occupancy", label: HUB_LABELS.activity, isOn: nowMs < this.#activeUntilMs },
      {
        id: "protection",
        kind: "plug",
        label: HUB_LABELS.protection,
        isOn: this.#mode === "protect",
        effect: { does: "protect" },
      },
    ];
    const devices = this.#chosen();
    const labels = deviceLabels(devices);
    return [...hub, ...devices.flatMap((device) => deviceEndpoints(device, labels.get(device.id), threats))];
  }

  /** Who is shown stays; free places go to those who were seen first. */
  #chosen(): Device[] {
    for (const id of this.#shown) if (!this.#devices.has(id)) this.#shown.delete(id);
    const news = [...this.#devices.values()]
      .filter(({ id }) => !this.#shown.has(id))
      .sort((a, b) => a.first_seen.localeCompare(b.first_seen) || a.id.localeCompare(b.id));
    for (const { id } of news) if (this.#shown.size < MAX_DEVICES) this.#shown.add(id);
    this.left = this.#devices.size - this.#shown.size;
    return [...this.#shown].flatMap((id) => this.#devices.get(id) ?? []);
  }

  #keep(incident: Incident): void {
    if (incident.status === "resolved") this.#incidents.delete(incident.id);
    else this.#incidents.set(incident.id, incident);
  }
}

/** As MQTT counts: open, medium or worse; drills are taken out before. */
const isThreat = ({ status, severity }: Incident): boolean =>
  status === "open" && severityRank(severity) >= severityRank("medium");

function deviceEndpoints(
  device: Device,
  labels: { threat: string; isolate: string } | undefined,
  threats: readonly Incident[],
): Wanted[] {
  if (!labels) return [];
  const id = topicId(device.id);
  return [
    {
      id: `threat-${id}`,
      kind: "contact",
      label: labels.threat,
      isOn: threats.some((incident) => incident.device === device.id),
    },
    {
      id: `isolate-${id}`,
      kind: "plug",
      label: labels.isolate,
      isOn: device.isolated.state === "yes",
      effect: { does: "isolate", device: device.id },
    },
  ];
}
