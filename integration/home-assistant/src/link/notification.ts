import type { Device } from "@lanwarden/contract/device";
import type { PushAnswer } from "@lanwarden/contract/home-assistant";
import type { Incident } from "@lanwarden/contract/incident";
import type { GuardMode } from "@lanwarden/contract/kinds";
import { deviceLink, incidentLink } from "@lanwarden/contract/page-links";
import { partOf } from "@lanwarden/contract/part";
import { actionText } from "./answers.ts";
import { clockText } from "./quiet.ts";
import { plain } from "./text.ts";

/** Data of a `notify.mobile_app_…` action: what the companion apps of both systems understand. */
export interface Notification {
  title?: string;
  message: string;
  data: Record<string, unknown>;
}

/** What a notification needs to know besides the incident. */
export interface NotificationContext {
  agent: string;
  pageUrl: string;
  mode: GuardMode | undefined;
  /** Hours of rest: nothing makes a sound but what is critical. */
  isQuiet: boolean;
  timeZone: string | undefined;
  /** How long an isolation lasts, seconds; null = until released; undefined = not known. */
  isolationSeconds: number | null | undefined;
}

const MAX_TITLE = 90;
const MAX_MESSAGE = 300;

/** Replaces and clears: one notification an incident. */
export const tagOf = (agent: string, subject: string): string => `lanwarden_${agent}_${subject}`;

export type Occasion = "new" | "again" | "worse" | "reminder";
const PREFIX: Readonly<Record<Occasion, string>> = {
  new: "",
  again: "Again: ",
  worse: "Worse: ",
  reminder: "Still open: ",
};

/** An incident for the phone: what happened in its title, why and what to do in the text, and the answers that make sense now. */
export function alertNotification(
  incident: Incident,
  device: Device | undefined,
  occasion: Occasion,
  context: NotificationContext,
): Notification {
  const isDrill = incident.test === true;
  const named =
    device === undefined || incident.title.includes(device.name) ? incident.title : `${device.name}: ${incident.title}`;
  const text = [
    isDrill ? "This is a drill: nothing has happened." : "",
    incident.why[0] ?? "",
    incident.advice[0] ?? "",
  ];
  return {
    title: plain(`${isDrill ? "Drill: " : ""}${PREFIX[occasion]}${named}`, MAX_TITLE),
    message: plain(text.filter(Boolean).join(" ") || named, MAX_MESSAGE),
    data: {
      ...frame(incident.id, incidentLink(incident.id), context),
      ...loudness(incident, context.isQuiet),
      notification_icon: "mdi:shield-alert",
      actions: alertActions(incident, device, context),
    },
  };
}

/** What became of an isolation; undefined while there is nothing to say. */
export function isolationNotification(
  device: Device,
  incident: Incident | undefined,
  context: NotificationContext,
): Notification | undefined {
  const { state, detail } = device.isolated;
  const subject = incident?.id ?? deviceSubject(device.id);
  const base = {
    ...frame(subject, deviceLink(device.id), context),
    ...(context.isQuiet ? SILENT : NORMAL),
    // It takes the place of what made the sound.
    alert_once: true,
  };
  const name = plain(device.name, MAX_TITLE - 30);
  const drill = incident?.test === true ? "Drill: " : "";
  const button = (action: PushAnswer["action"], title: string) => [
    { action: actionText(action, context.agent, subject), title, authenticationRequired: true },
  ];
  if (state === "yes")
    return {
      title: `${drill}${name} is isolated`,
      message: plain(isolationText(device, context.timeZone), MAX_MESSAGE),
      data: { ...base, notification_icon: "mdi:shield-lock", actions: button("release", "Release") },
    };
  if (state === "failed")
    return {
      title: `${drill}${name} could not be isolated`,
      message: plain(detail ?? "It still reaches the network. Open the page to see why.", MAX_MESSAGE),
      data: {
        ...base,
        alert_once: false,
        notification_icon: "mdi:shield-off",
        actions: incident === undefined ? [] : button("isolate", "Try again"),
      },
    };
  if (state === "no")
    return {
      title: `${drill}${name} is back in the network`,
      message: "It is no longer isolated.",
      data: { ...base, ...SILENT, notification_icon: "mdi:shield-check", actions: [] },
    };
  return undefined;
}

/** Takes a notification off the phone. */
export const clearNotification = (agent: string, subject: string): Notification => ({
  message: "clear_notification",
  data: { tag: tagOf(agent, subject) },
});

/** What stands for the incident where an isolation answers none. */
export const deviceSubject = (deviceId: string): string => `device-${deviceId.replace(/[^0-9a-zA-Z]/g, "")}`;

function frame(subject: string, place: string, { agent, pageUrl }: NotificationContext): Record<string, unknown> {
  const url = `${pageUrl}${place}`;
  return {
    tag: tagOf(agent, subject),
    group: `lanwarden_${agent}`,
    // iOS and Android call the same thing differently.
    url,
    clickAction: url,
    // Delivered at once, also to a phone that dozes.
    ttl: 0,
    priority: "high",
  };
}

// On Android a channel keeps the loudness that it was made with, so each loudness has one of its own.
const NORMAL = { channel: "Lanwarden", importance: "high", push: { "interruption-level": "active" } };
const URGENT = { ...NORMAL, push: { "interruption-level": "time-sensitive" } };
const SILENT = {
  channel: "Lanwarden quiet",
  importance: "low",
  push: { "interruption-level": "passive", sound: "none" },
};
const CRITICAL = {
  channel: "Lanwarden critical",
  importance: "max",
  push: { "interruption-level": "critical", sound: { name: "default", critical: 1, volume: 1 } },
};

function loudness(incident: Incident, isQuiet: boolean): Record<string, unknown> {
  if (incident.severity === "critical" && incident.test !== true) return CRITICAL;
  if (isQuiet) return SILENT;
  return incident.severity === "high" ? URGENT : NORMAL;
}

interface Button {
  action: string;
  title: string;
  destructive?: true;
  /** Nobody answers for the household on a locked phone. */
  authenticationRequired?: true;
}

function alertActions(incident: Incident, device: Device | undefined, context: NotificationContext): Button[] {
  const action = (name: PushAnswer["action"]): string => actionText(name, context.agent, incident.id);
  const buttons: Button[] = [];
  if (device?.isolated.state === "yes")
    buttons.push({ action: action("release"), title: "Release", authenticationRequired: true });
  else if (mayIsolate(incident, device, context.mode))
    buttons.push({
      action: action("isolate"),
      title: isolateTitle(incident, context.isolationSeconds),
      destructive: true,
      authenticationRequired: true,
    });
  buttons.push({ action: action("normal"), title: "That's normal", authenticationRequired: true });
  buttons.push({ action: action("later"), title: "Later" });
  return buttons;
}

/**
 * Offered only where it can be done (the guard refuses it in mode monitor, and never cuts off the router) and where it helps: shutting off the
 * victim of an attack would finish the attacker's work.
 */
function mayIsolate(incident: Incident, device: Device | undefined, mode: GuardMode | undefined): boolean {
  return (
    incident.device !== null &&
    (device === undefined || partOf(incident, device) !== "victim") &&
    mode !== undefined &&
    mode !== "monitor" &&
    device?.type !== "router" &&
    (device?.isolated.state ?? "no") !== "pending"
  );
}

function isolateTitle(incident: Incident, seconds: number | null | undefined): string {
  if (incident.test === true) return "Isolate (drill)";
  if (seconds === undefined || seconds === null) return "Isolate";
  const [count, unit] = seconds >= 5400 ? [Math.round(seconds / 3600), "h"] : [Math.round(seconds / 60), "min"];
  return `Isolate for ${count} ${unit}`;
}

const REACH = {
  l2: "It reaches no other device and not the internet.",
  wan: "It does not reach the internet.",
  "wan-ipv4": "It does not reach the internet by IPv4; IPv6 stays open.",
  dns: "It finds no names on the internet; direct connections stay open.",
} as const;

function isolationText(device: Device, timeZone: string | undefined): string {
  const { level, silent_since: silent, proof, until, detail } = device.isolated;
  const clock = (text: string | null | undefined): string | undefined => {
    const at = text == null ? Number.NaN : Date.parse(text);
    return Number.isNaN(at) ? undefined : clockText(new Date(at), timeZone);
  };
  const silentAt = clock(silent);
  const untilAt = clock(until);
  return [
    silentAt === undefined
      ? proof === "router"
        ? "Your router confirms it; whether it is silent is not seen yet."
        : ""
      : `Silent since ${silentAt}.`,
    level === null ? "" : REACH[level],
    untilAt === undefined ? "It stays so until you release it." : `It ends by itself at ${untilAt}.`,
    detail ?? "",
  ]
    .filter(Boolean)
    .join(" ");
}
