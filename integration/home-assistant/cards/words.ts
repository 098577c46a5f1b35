import type { RiskLevel } from "@lanwarden/contract/device";
import type { HomeRisk } from "@lanwarden/contract/home-risks";
import type { IsolationLevel } from "@lanwarden/contract/isolation";
import type { GuardMode, Severity } from "@lanwarden/contract/kinds";

/** All words of the cards in one language. Another language is another object of this shape, in {@link LANGUAGES}. */
const en = {
  level: { low: "Low", guarded: "Guarded", high: "High", critical: "Critical" } satisfies Record<RiskLevel, string>,
  severity: { info: "Info", low: "Low", medium: "Medium", high: "High", critical: "Critical" } satisfies Record<
    Severity,
    string
  >,
  mode: { monitor: "Only tells", ask: "Asks first", protect: "Protects by itself" } satisfies Record<GuardMode, string>,
  modeLabel: "Mode",
  homeRisk: {
    exposure: { name: "Exposure", none: "Nothing open to the internet", some: "reachable from the internet" },
    credentials: { name: "Passwords", none: "No weak password known", some: "with weak or readable passwords" },
    firmware: { name: "Firmware", none: "No old firmware known", some: "with old firmware" },
  } satisfies Record<HomeRisk, Record<"name" | "none" | "some", string>>,
  homeRisks: "The three classic risks of a home",
  allClassicGood: "Nothing open to the internet, no weak password and no old firmware known.",
  unclear: "Not known",
  devices: (n: number) => (n === 1 ? "1 device" : `${n} devices`),
  more: (n: number) => `and ${n} more`,
  risk: "Risk",
  ringLabel: (score: number, level: string) =>
    `Risk of the home: ${score} of 100, ${level.toLowerCase()}. Less is better.`,
  watching: "Watching",
  blind: "Blind",
  blindLong: "No packets come in, so nothing of the home can be seen. Check the cable and the mirror port.",
  offline: "Lanwarden does not answer",
  offlineLong: "What is shown here may be old. Check that Lanwarden runs and that the MQTT broker is up.",
  loading: "Loading",
  noHub: "No Lanwarden found",
  noHubLong: "Connect Lanwarden to your MQTT broker and it appears here by itself.",
  noAgent: (agent: string) => `There is no Lanwarden named "${agent}" here.`,
  decisions: "Needs your decision",
  moreIncidents: (n: number) => (n === 1 ? "One more is open." : `${n} more are open.`),
  isolateHours: "Isolate for 4 hours",
  isolate: "Isolate",
  release: "Release",
  cancel: "Cancel",
  normal: "That's normal",
  seen: "Seen",
  normalHint: "Do not tell me of this again",
  seenHint: "I have seen it; it stays in the list of Lanwarden",
  confirmIsolate: (name: string) => `Cut ${name} off from the network? It stops working until it is released.`,
  confirmRelease: (name: string) => `Let ${name} into the network again?`,
  isolated: "Isolated",
  isolating: "Isolating …",
  releasing: "Releasing …",
  ends: "ends",
  reach: {
    l2: "from everything",
    wan: "from the internet",
    "wan-ipv4": "from the internet by IPv4",
    dns: "from finding names",
  } satisfies Record<IsolationLevel, string>,
  verified: "verified",
  unverified: "not verified yet",
  failed: "Not isolated",
  refused: (why: string) => `Not done: ${why}`,
  noAnswer: "No answer yet. Lanwarden may be offline.",
  notSent: "Home Assistant could not send it. Try again.",
  sent: "Sent",
  why: "Why",
  noReasons: "Nothing speaks against it.",
  deviceRisks: "Devices",
  noDevices: "No device to show yet",
  noDevicesLong: "Devices appear when they are pinned in Lanwarden or had an incident.",
  noneInArea: "No device in this room.",
  sortBy: "Sort by",
  sort: { risk: "Riskiest first", name: "By name", area: "By room" },
  area: "Room",
  allAreas: "All rooms",
  noArea: "No room",
  showAll: (n: number) => `Show all ${n}`,
  showFewer: "Show fewer",
  mining: "Mining",
  notWatched: "Not watched at the moment",
  notMining: "Nobody mines",
  notMiningLong: "No device of your home mines coins without leave.",
  minesAt: (coin: string | undefined, pool: string) =>
    coin === undefined ? `Mines at ${pool}` : `Mines ${coin} at ${pool}`,
  mines: (coin: string | undefined) => `Mines ${coin === undefined ? "coins" : coin}; the pool is not known`,
  since: "since",
  allowedMiners: "Allowed to mine",
  idleMiner: "Does not mine at the moment",
  minesNow: "Mines as it should",
  unknownTime: "at an unknown time",
};

export type Words = typeof en;

const LANGUAGES: Readonly<Record<string, Words>> = { en };

/** Words of a language ("de", "de-AT"); English where there are none. */
export function wordsOf(language: string | undefined): Words {
  const [primary = "en"] = (language ?? "en").toLowerCase().split("-");
  return LANGUAGES[primary] ?? en;
}

/** The language that the words are in: times are told in the same. */
export function spokenLanguage(language: string | undefined): string {
  const [primary = "en"] = (language ?? "en").toLowerCase().split("-");
  return primary in LANGUAGES ? (language ?? "en") : "en";
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "3 hours ago", "in 2 hours"; undefined for what is no time. */
export function relativeTime(iso: string, nowMs: number, language: string): string | undefined {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return undefined;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const [unit, length] = UNITS.find(([, unitMs]) => Math.abs(ms - nowMs) >= unitMs) ?? ["second", 0];
  return length === 0 ? format.format(0, "second") : format.format(inUnits(ms - nowMs, length), unit);
}

/** What is over counts whole units, what is to come the nearest: "in 4 hours" a second after it began to be. */
const inUnits = (ms: number, length: number): number => (ms < 0 ? Math.trunc(ms / length) : Math.round(ms / length));

/** "22 Nov 2026, 17:49:50" in the reader's time zone. */
export function absoluteTime(iso: string, language: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms)
    ? iso
    : new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(ms);
}
