import type { Device } from "./device.ts";
import type { Incident } from "./incident.ts";
import type { HubState } from "./status.ts";

/** A device as the user's Home Assistant knows it by another integration, by its MAC. */
export interface KnownDevice {
  /** Lower case, with colons. */
  mac: string;
  name: string;
  area: string | null;
  manufacturer: string | null;
  model: string | null;
  /** Of its `update` entity. */
  firmware: { installed: string; latest: string | null } | null;
}

/** What the user answered to a push notification, by a button. */
export interface PushAnswer {
  action: "isolate" | "normal" | "later" | "release";
  /** Incident that the notification told of; "" for an isolation that answers none (then `device` is set). */
  incident: string;
  /** Device of the incident; null when it has none, or when the notification is of an earlier run: the incident knows. */
  device: string | null;
}

/** Home Assistant's actions, for a back-end that isolates by them. */
export interface HomeAssistantActions {
  readonly isUp: boolean;
  /** `action`: "switch.turn_on". Rejects with an Error whose message is one line for people. */
  call(
    action: string,
    data: Readonly<Record<string, unknown>>,
    target?: Readonly<Record<string, unknown>>,
  ): Promise<void>;
  /** Present state of an entity, asked from Home Assistant now; undefined when it has none. */
  state(entityId: string): Promise<string | undefined>;
}

export interface HomeAssistantSettings {
  /** "http://homeassistant.local:8123", or "http://supervisor/core" inside an app. */
  url: string;
  token: string;
  agent: string;
  pageUrl: string;
  /** Notify actions that get a push: "notify.mobile_app_phone" (also without "notify."), or "auto": every companion app. */
  push: readonly string[] | "auto";
  /** Where alerts are spoken: entity ids of assist satellites, or of media players together with `tts`. */
  speak: readonly string[];
  /** Text-to-speech entity for media players. */
  tts: string | undefined;
  /** Nothing is spoken from one to the other, "HH:MM" in local time; pushes are silent then, but critical ones. */
  quiet: { from: string; to: string } | undefined;
  /** Least severity that is pushed and spoken. */
  severity: "low" | "medium" | "high" | "critical";
  /** How long an isolation lasts, for the button that asks for it; null = until released; absent = the button does not say. */
  isolationSeconds?: number | null;
}

export interface HomeAssistantHooks {
  /** All devices that other integrations know by a MAC; told after connecting and when something of it changed. */
  devices(known: readonly KnownDevice[]): void;
  /** Home Assistant's version, after connecting. */
  version(version: string): void;
  answer(answer: PushAnswer): void;
  warn(message: string): void;
  info(message: string): void;
}

/** The optional link over Home Assistant's WebSocket. Everything works without it; with it come names, areas, firmware, pushes and speech. */
export interface HomeAssistantLink {
  readonly actions: HomeAssistantActions;
  /** What is not up, in words; undefined when it is. */
  notReady(): string | undefined;
  hub(state: HubState): void;
  /** An incident or a change of it; the link decides who is told. `device`: the one concerned, if known. */
  incident(change: string, incident: Incident, device: Device | undefined): void;
  /** A person should hear what became of an isolation: "Hall camera is isolated for 4 hours; silent since 14:02." */
  isolation(device: Device, incident: Incident | undefined): void;
  close(): Promise<void>;
}
