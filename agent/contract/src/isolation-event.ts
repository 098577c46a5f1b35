import type { Device } from "./device.ts";
import type { IsolationLevel } from "./isolation.ts";
import { speakable, spokenName } from "./speech.ts";
import type { IncidentEventType } from "./topics.ts";

/** Event types that tell what became of an isolation. */
export type IsolationEventType = Extract<
  IncidentEventType,
  "device_isolated" | "device_released" | "isolation_refused" | "isolation_failed"
>;

const REACH: Readonly<Record<IsolationLevel, string>> = {
  l2: "It reaches no other device and not the internet",
  wan: "It does not reach the internet; at home it still does",
  "wan-ipv4": "It does not reach the internet by IPv4; by IPv6 it may",
  dns: "It finds no names; addresses it still reaches",
};
const MAX_NAME = 60;
const MAX_WHY = 240;

/**
 * Payload of `…/incident` when an isolation has taken effect, has ended, was refused or does not hold: `title` and `message` for a
 * notification, `speech` for a speaker. `why`: one sentence, of a refusal or failure. `url`: the device's page. At most 2 kB.
 */
export function isolationPayload(
  eventType: IsolationEventType,
  device: Device,
  why: string | undefined,
  url: string,
): Record<string, unknown> {
  const { level, backend, since, until, by } = device.isolated;
  const name = cut(device.name, MAX_NAME);
  const reason = sentence(cut(why ?? device.isolated.detail ?? "No reason is known", MAX_WHY));
  return {
    event_type: eventType,
    device: device.id,
    device_name: name,
    title: title(eventType, name),
    message: message(eventType, device, reason),
    speech: speech(eventType, device),
    isolation: device.isolated.state,
    level,
    backend: backend === null ? null : cut(backend, 80),
    since,
    until,
    by: by === null || by === undefined ? null : cut(by, 40),
    url,
  };
}

function title(eventType: IsolationEventType, name: string): string {
  switch (eventType) {
    case "device_isolated":
      return `${name} is isolated`;
    case "device_released":
      return `${name} is released`;
    case "isolation_refused":
      return `${name} was not isolated`;
    case "isolation_failed":
      return `Isolating ${name} did not take effect`;
  }
}

function message(eventType: IsolationEventType, device: Device, reason: string): string {
  if (eventType === "device_released") return "It may talk to everybody again.";
  if (eventType !== "device_isolated") return reason;
  const { level, proof } = device.isolated;
  const reach = level === null ? "It is shut off" : REACH[level];
  return `${reach}, ${howLong(device)}. ${proof === "tap" ? "The tap sees that it is silent." : "The tap has not proven it yet."}`;
}

function speech(eventType: IsolationEventType, device: Device): string {
  const name = speakable(spokenName(device));
  switch (eventType) {
    case "device_isolated":
      return `${name} is isolated, ${howLong(device)}.`;
    case "device_released":
      return `${name} is released.`;
    case "isolation_refused":
      return `${name} was not isolated. Please look at your phone.`;
    case "isolation_failed":
      return `Isolating ${name} did not take effect. Please look at your phone.`;
  }
}

/** "for 4 hours", "until you release it". */
function howLong({ isolated: { since, until } }: Device): string {
  if (until === null) return "until you release it";
  const minutes = Math.round((Date.parse(until) - Date.parse(since ?? until)) / 60_000);
  if (!(minutes > 0)) return "for a short while";
  if (minutes < 120) return `for ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return `for ${Math.round(minutes / 60)} hours`;
}

const sentence = (text: string): string => {
  const whole = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
};

/** By code points: half of a surrogate pair is not valid JSON to everybody. */
const cut = (text: string, length: number): string =>
  text.length > length ? `${[...text].slice(0, length - 1).join("")}…` : text;
