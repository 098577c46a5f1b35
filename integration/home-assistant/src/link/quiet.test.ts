import { expect, test } from "vitest";
import { clockText, isQuiet, knownTimeZone } from "./quiet.ts";

const at = (clock: string): Date => new Date(`2026-11-27T${clock}:00Z`);

test.each([
  ["22:00", "07:00", "21:59", false],
  ["22:00", "07:00", "22:00", true],
  ["22:00", "07:00", "00:00", true],
  ["22:00", "07:00", "06:59", true],
  ["22:00", "07:00", "07:00", false],
  ["13:00", "15:00", "14:00", true],
  ["13:00", "15:00", "15:00", false],
  ["08:00", "08:00", "08:00", false],
])("from %s to %s, at %s: %s", (from, to, clock, quiet) => {
  expect(isQuiet({ from, to }, at(clock), "UTC")).toBe(quiet);
});

test("the home's clock counts, also over a change of the clocks", () => {
  const quiet = { from: "22:00", to: "07:00" };
  expect(isQuiet(quiet, at("21:30"), "Europe/Berlin")).toBe(true);
  expect(isQuiet(quiet, new Date("2026-07-01T20:30:00Z"), "Europe/Berlin")).toBe(true);
  expect(isQuiet(undefined, at("03:00"), "UTC")).toBe(false);
});

test("midnight is 00, not 24", () => {
  expect(clockText(at("00:05"), "UTC")).toBe("00:05");
  expect(isQuiet({ from: "23:00", to: "23:30" }, at("00:05"), "UTC")).toBe(false);
});

test("a zone that Node does not know is none", () => {
  expect(knownTimeZone("Europe/Berlin")).toBe("Europe/Berlin");
  expect(knownTimeZone("Moon/Tycho")).toBeUndefined();
  expect(knownTimeZone(null)).toBeUndefined();
});
