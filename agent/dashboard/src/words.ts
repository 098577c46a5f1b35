import type { Risk, RiskLevel } from "@lanwarden/contract/device";
import type { Party } from "@lanwarden/contract/incident";
import type { DeviceType, GuardMode, IncidentKind, Severity } from "@lanwarden/contract/kinds";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const hourMinute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const regions = new Intl.DisplayNames(["en"], { type: "region" });

/** "just now", "5 min ago", "3 h ago", "2 days ago", "12 Nov". A clock that runs ahead counts as now. */
export function relativeTime(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return "at an unknown time";
  const age = nowMs - ms;
  if (age < MINUTE) return "just now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 2 * DAY) return "yesterday";
  if (age < 7 * DAY) return `${Math.floor(age / DAY)} days ago`;
  return (age < 300 * DAY ? dayMonth : dayMonthYear).format(ms);
}

/** "22 Nov 2026, 17:49:50" in the reader's time zone. */
export function absoluteTime(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? iso : exact.format(ms);
}

/** "17:49". */
export function clockTime(iso: string): string {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? "" : hourMinute.format(ms);
}

/** "17:49" for today, "tomorrow 02:40", "yesterday 23:10", else "29 Nov, 18:40", in the reader's time zone. */
export function dayTime(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return "an unknown time";
  const daysAhead = Math.round((new Date(ms).setHours(0, 0, 0, 0) - new Date(nowMs).setHours(0, 0, 0, 0)) / DAY);
  const clock = hourMinute.format(ms);
  const day = { "0": "", "1": "tomorrow ", "-1": "yesterday " }[String(daysAhead)];
  return day === undefined ? `${dayMonth.format(ms)}, ${clock}` : day + clock;
}

/** Heading of a day in a timeline: "Today", "Yesterday", "Sunday 22 November". */
export function dayName(iso: string, nowMs: number): string {
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return "Unknown day";
  if (ms >= midnight) return "Today";
  // 20 hours before midnight is yesterday on the shortest day of the year too.
  return ms >= new Date(midnight - 20 * HOUR).setHours(0, 0, 0, 0) ? "Yesterday" : weekday.format(ms);
}

/** "45 s", "12 min", "3 h 12 min", "2 days 4 h". */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return join(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "min");
  const days = Math.floor(ms / DAY);
  return join(days, days === 1 ? "day" : "days", Math.floor((ms % DAY) / HOUR), "h");
}

const join = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

function scaled(value: number, units: readonly string[]): string {
  let step = 0;
  let left = Math.abs(value);
  while (left >= 999.5 && step < units.length - 1) {
    left /= 1000;
    step++;
  }
  const digits = step === 0 || left >= 99.5 ? 0 : left >= 9.95 ? 1 : 2;
  return `${left.toFixed(digits)} ${units[step] ?? ""}`;
}

/** "950 bit/s", "4.20 Mbit/s". */
export const bitRate = (bits: number): string => scaled(bits, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]);

/** "950 B", "1.30 GB" (powers of 1000). */
export const byteSize = (bytes: number): string => scaled(bytes, ["B", "kB", "MB", "GB", "TB"]);

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  info: "For information",
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};
export const severityWord = (severity: Severity): string => SEVERITY_WORDS[severity] ?? severity;

const LEVEL_WORDS: Readonly<Record<RiskLevel, string>> = {
  low: "Low",
  guarded: "Guarded",
  high: "High",
  critical: "Critical",
};
export const levelWord = (level: RiskLevel): string => LEVEL_WORDS[level] ?? level;

/** Style class of a risk level. */
export function levelClass(level: RiskLevel): "ok" | "low" | "high" | "critical" {
  if (level === "low") return "ok";
  return level === "guarded" ? "low" : level;
}

const TYPE_WORDS: Readonly<Partial<Record<DeviceType, string>>> = {
  nas: "Network storage",
  tv: "TV",
  iot: "Smart device",
  unknown: "Unknown kind",
  miner: "Miner (wanted)",
};
export const typeWord = (type: DeviceType): string => TYPE_WORDS[type] ?? sentenceCase(type.replaceAll("-", " "));

const KIND_WORDS: Readonly<Partial<Record<IncidentKind, string>>> = {
  arp_spoofing: "Pretends to be another device",
  c2: "Control channel of malware",
  crypto_p2p: "Coin network",
  ddos_inbound: "Flood from outside",
  ddos_outbound: "Flood to the outside",
  default_credentials: "Factory password",
  cleartext_credentials: "Readable password",
  dga: "Random domain names",
  dns_amplification: "Misused DNS server",
  ntp_amplification: "Misused time server",
  ssdp_amplification: "Misused UPnP",
  exposed_service: "Reachable from the internet",
  host_sweep: "Search for devices",
  iot_exploit: "Known device hole",
  mining_dns: "Looks for mining pools",
  mining_suspected: "Mining suspected",
  no_authentication: "No password",
  upnp_abuse: "UPnP abuse",
  upnp_port_mapping: "Port opened by UPnP",
};
export const kindWord = (kind: IncidentKind): string => KIND_WORDS[kind] ?? sentenceCase(kind.replaceAll("_", " "));

export const MODE_WORDS: Readonly<Record<GuardMode, { title: string; text: string }>> = {
  monitor: { title: "Monitor", text: "Lanwarden watches and tells. It never touches a device." },
  ask: { title: "Ask", text: "Lanwarden tells you, and shuts a device off when you say so." },
  protect: {
    title: "Protect",
    text: "Lanwarden shuts a dangerous device off by itself, for a limited time, and tells you.",
  },
};

function sentenceCase(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Name of a field of the evidence: "octets_answered" → "Octets answered". */
export const fieldWord = (key: string): string => sentenceCase(key.replaceAll("_", " ").replace(/\bip\b/g, "IP"));

export function fieldValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en-GB") : value;
}

/** "Netherlands" for "NL"; the code itself where it is none. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

/** "Hall camera (192.168.178.62)", "203.0.113.9, Netherlands". */
export function partyText(party: Party | null): string {
  if (party === null) return "not known";
  const address = party.ip ?? party.subnet ?? party.mac;
  const name = party.name === undefined ? address : address === undefined ? party.name : `${party.name} (${address})`;
  return [name ?? "not known", party.country === undefined ? undefined : countryName(party.country)]
    .filter((part) => part !== undefined)
    .join(", ");
}

/** Score after the best single fix; undefined when no factor promises any. */
export function bestFix(risk: Risk): { from: number; to: number; fix: string } | undefined {
  const best = risk.factors.reduce<Risk["factors"][number] | undefined>(
    (top, factor) => (top === undefined || factor.points > top.points ? factor : top),
    undefined,
  );
  if (best === undefined || best.points < 0.5) return undefined;
  return { from: Math.round(risk.score), to: Math.max(0, Math.round(risk.score - best.points)), fix: best.fix };
}
