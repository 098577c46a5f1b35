import { expect, test } from "vitest";
import {
  absoluteTime,
  bestFix,
  bitRate,
  byteSize,
  count,
  countryName,
  dayName,
  duration,
  fieldValue,
  fieldWord,
  kindWord,
  levelClass,
  partyText,
  relativeTime,
  severityWord,
  typeWord,
} from "./words.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

test("relative times go from now to a date, and a clock that runs ahead is now", () => {
  const words = [-90, 59, 60, 3599, 3600, 86_399, 86_400, 2 * 86_400, 6.9 * 86_400].map((s) =>
    relativeTime(ago(s), NOW),
  );
  expect(words).toEqual([
    "just now",
    "just now",
    "1 min ago",
    "59 min ago",
    "1 h ago",
    "23 h ago",
    "yesterday",
    "2 days ago",
    "6 days ago",
  ]);
  expect(relativeTime(ago(20 * 86_400), NOW)).toBe("2 Nov");
  expect(relativeTime(ago(400 * 86_400), NOW)).toBe("18 Oct 2025");
  expect(relativeTime("nonsense", NOW)).toBe("at an unknown time");
  expect(relativeTime("2026-11-22T11:50:00.123456+00:00", NOW)).toBe("9 min ago");
});

test("absolute times keep what they cannot read", () => {
  expect(absoluteTime("nonsense")).toBe("nonsense");
  expect(absoluteTime("2026-11-22T11:50:00.123456+00:00")).toMatch(/22 Nov 2026/);
});

test("days of a timeline", () => {
  const noon = new Date(2026, 10, 22, 12).getTime();
  const local = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString();
  expect(dayName(local(22, 0), noon)).toBe("Today");
  expect(dayName(local(21, 23), noon)).toBe("Yesterday");
  expect(dayName(local(21, 0), noon)).toBe("Yesterday");
  expect(dayName(local(20, 23), noon)).toBe("Friday 20 November");
  expect(dayName("nonsense", noon)).toBe("Unknown day");
});

test("durations name two units at most", () => {
  expect([0, 45_000, 720_000, 11_520_000, 10_800_000, 187_200_000, 86_400_000].map(duration)).toEqual([
    "0 s",
    "45 s",
    "12 min",
    "3 h 12 min",
    "3 h",
    "2 days 4 h",
    "1 day",
  ]);
});

test("rates and sizes keep three figures and never say 1000", () => {
  expect([0, 950, 999.4, 999.6, 12_345, 123_456, 4_200_000, 1e12].map(bitRate)).toEqual([
    "0 bit/s",
    "950 bit/s",
    "999 bit/s",
    "1.00 kbit/s",
    "12.3 kbit/s",
    "123 kbit/s",
    "4.20 Mbit/s",
    "1000 Gbit/s",
  ]);
  expect(byteSize(1_300_000_000)).toBe("1.30 GB");
});

test("words for what the wire calls otherwise", () => {
  expect([count(1, "device"), count(0, "device"), count(2, "entry", "entries")]).toEqual([
    "1 device",
    "0 devices",
    "2 entries",
  ]);
  expect([typeWord("access-point"), typeWord("nas"), typeWord("iot")]).toEqual([
    "Access point",
    "Network storage",
    "Smart device",
  ]);
  expect([kindWord("default_credentials"), kindWord("port_scan")]).toEqual(["Factory password", "Port scan"]);
  expect([severityWord("critical"), levelClass("low"), levelClass("guarded")]).toEqual(["Critical", "ok", "low"]);
  expect([fieldWord("octets_answered"), fieldWord("spoofed_ip")]).toEqual(["Octets answered", "Spoofed IP"]);
  expect([fieldValue(true), fieldValue(12_345), fieldValue("x")]).toEqual(["yes", "12,345", "x"]);
  expect([countryName("NL"), countryName("not a code")]).toEqual(["Netherlands", "not a code"]);
});

test("parties by name, address and country, as far as known", () => {
  expect(partyText(null)).toBe("not known");
  expect(partyText({})).toBe("not known");
  expect(partyText({ ip: "203.0.113.9", country: "NL" })).toBe("203.0.113.9, Netherlands");
  expect(partyText({ ip: "192.168.1.7", mac: "02:00:00:00:00:01", name: "Plug" })).toBe("Plug (192.168.1.7)");
  expect(partyText({ subnet: "192.168.1.0/24" })).toBe("192.168.1.0/24");
});

test("the best fix is the one that saves most; none when nothing is to be saved", () => {
  const factor = (points: number, fix: string) => ({ id: fix, points, why: "", fix });
  const risk = { score: 61.4, level: "high" as const, factors: [factor(5, "a"), factor(23.2, "b"), factor(9, "c")] };
  expect(bestFix(risk)).toEqual({ from: 61, to: 38, fix: "b" });
  expect(bestFix({ ...risk, factors: [] })).toBeUndefined();
  expect(bestFix({ ...risk, factors: [factor(0.2, "a")] })).toBeUndefined();
});
