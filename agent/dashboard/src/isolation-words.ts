import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import {
  type BackendInfo,
  type DeviceProfile,
  ISOLATION_LEVELS,
  type IsolationLevel,
  type IsolationState,
} from "@lanwarden/contract/isolation";
import { dayTime } from "./words.ts";

/** Choices of how long a device stays shut off; null = until a person releases it. */
export const ISOLATION_SPANS: readonly { seconds: number | null; word: string; button: string }[] = [
  { seconds: 3600, word: "1 hour", button: "Isolate for 1 hour" },
  { seconds: 14_400, word: "4 hours", button: "Isolate for 4 hours" },
  { seconds: null, word: "Until I release it", button: "Isolate until I release it" },
];

/** From what an isolated device is shut off. */
export const LEVEL_REACH: Readonly<Record<IsolationLevel, string>> = {
  l2: "from every other device",
  wan: "from the internet",
  "wan-ipv4": "from the internet by IPv4 only",
  dns: "only its name look-ups",
};

/** What a level leaves open, as a sentence; undefined where nothing is. */
const LEVEL_GAPS: Readonly<Record<IsolationLevel, string | undefined>> = {
  l2: undefined,
  wan: "Devices at home still reach it.",
  "wan-ipv4": "IPv6 stays open, and devices at home still reach it.",
  dns: "It still reaches every address that it knows.",
};

export const PROFILE_WORDS: Readonly<Record<DeviceProfile, { title: string; text: string }>> = {
  auto: { title: "Let Lanwarden judge", text: "Judged by what it is and what it does." },
  trusted: { title: "Trusted", text: "Watched and told of as all others, never shut off by itself." },
  iot: { title: "Smart device", text: "A thing with one job. Your own rules can be stricter with it." },
  guest: { title: "Guest", text: "Belongs to a visitor. Your own rules can treat it apart." },
  miner: { title: "Miner", text: "You run a miner on it: mining is no alarm, a change of pool is." },
  ignored: { title: "Ignored", text: "Watched, but Lanwarden never acts on it by itself." },
};

/** The back-ends that an isolation goes through now, and how far the strongest reaches; undefined when none is ready. */
export function readyReach(backends: readonly BackendInfo[]): { through: string; level: IsolationLevel } | undefined {
  const ready = backends.filter((backend) => backend.ready);
  const level = ISOLATION_LEVELS.find((candidate) => ready.some((backend) => backend.level === candidate));
  return level === undefined ? undefined : { through: listed(ready.map(({ name }) => name)), level };
}

/** "Shuts Hall camera off from the internet through nftables inet, until 18:40. Devices at home still reach it." */
export function isolationPlan(
  name: string,
  reach: { through: string; level: IsolationLevel },
  seconds: number | null,
  nowMs: number,
): string {
  const act =
    reach.level === "dns" ? `Stops only the name look-ups of ${name}` : `Shuts ${name} off ${LEVEL_REACH[reach.level]}`;
  const until = seconds === null ? null : new Date(nowMs + seconds * 1000).toISOString();
  return [`${act} through ${reach.through}, ${untilText(until, nowMs)}.`, LEVEL_GAPS[reach.level]]
    .filter((part) => part !== undefined)
    .join(" ");
}

/** "until 18:40", "until tomorrow 02:40", "until you release it". */
export const untilText = (until: string | null, nowMs: number): string =>
  until === null ? "until you release it" : `until ${dayTime(until, nowMs)}`;

/** What is to be known of an isolation first, and what then; undefined while the device is not isolated. */
export function isolationText(
  isolated: IsolationState,
  nowMs: number,
  isReleasing = false,
): { head: string; more: string } | undefined {
  switch (isolated.state) {
    case "no":
      return undefined;
    case "pending":
      return isReleasing
        ? { head: "Being released", more: isolated.detail ?? "This takes some seconds." }
        : {
            head: "Waiting for proof",
            more: isolated.detail ?? "Asked for, and not proven yet. This takes some seconds.",
          };
    case "failed":
      return {
        head: "Isolation did not take effect",
        more: isolated.detail ?? "It was asked for and is not in force. Nobody said why.",
      };
    case "yes": {
      const until = `Shut off ${untilText(isolated.until, nowMs)}.`;
      return { head: inForceText(isolated, nowMs), more: isolated.detail ? `${until} ${isolated.detail}` : until };
    }
  }
}

/** "Isolated and silent since 14:02"; silent only where the tap has proven it. */
function inForceText({ proof, silent_since, since }: IsolationState, nowMs: number): string {
  const start = silent_since ?? since;
  const from = start === null ? "" : ` since ${dayTime(start, nowMs)}`;
  return proof === "tap" ? `Isolated and silent${from}` : `Isolated${from}`;
}

/** What the state rests on. */
export const proofText = ({ proof }: IsolationState): string =>
  proof === "tap" ? "proven by the tap" : proof === "router" ? "the router says so; not proven" : "nothing yet";

const ASKED_BY: Readonly<Record<string, string>> = {
  api: "a person (page or API)",
  mqtt: "an automation (MQTT)",
  matter: "a Matter app",
  "home-assistant": "Home Assistant",
  policy: "Lanwarden itself",
};
export const askedBy = (by: string): string => ASKED_BY[by] ?? by;

/** Read to those who do not see the page, when a device's isolation changes; undefined when it did not. */
export function isolationNews(before: Device | undefined, now: Device): string | undefined {
  if (before === undefined || before.isolated.state === now.isolated.state) return undefined;
  switch (now.isolated.state) {
    case "pending":
      return undefined;
    case "yes":
      return `${now.name} is isolated.`;
    case "failed":
      return `Isolation of ${now.name} did not take effect.`;
    case "no":
      return `${now.name} is not isolated any more.`;
  }
}

/** What was, would have been or will be done about an incident; undefined when nothing was wanted or the device itself tells it. */
export function responseSentence(
  response: Incident["response"],
  isolated: IsolationState["state"] = "no",
): string | undefined {
  if (isolated !== "no") return undefined;
  const sentence = RESPONSES[response.state] ?? (response.wanted === "isolate" ? "Isolation is advised." : undefined);
  if (response.state !== "failed" || !response.detail) return sentence;
  return `${sentence} ${response.detail}`;
}

const RESPONSES: Readonly<Record<Incident["response"]["state"], string | undefined>> = {
  none: undefined,
  dry_run: "The device would have been isolated.",
  pending: "The device is being isolated.",
  isolated: "The device is isolated.",
  failed: "Isolation did not take effect.",
  released: "The device was isolated and is released again.",
};

/** "a", "a and b", "a, b and c". */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

/** "3497-011-2332": a Matter pairing code in the groups that apps and boxes show. */
export function codeGroups(digits: string): string {
  const groups = [digits.slice(0, 4), digits.slice(4, 7), digits.slice(7, 11), digits.slice(11, 16), digits.slice(16)];
  return groups.filter((group) => group !== "").join("-");
}
