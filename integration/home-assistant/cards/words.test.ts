import { expect, test } from "vitest";
import { absoluteTime, relativeTime, spokenLanguage, wordsOf } from "./words.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const at = (iso: string): string | undefined => relativeTime(iso, NOW, "en");

test("times are told relative to now, in both directions", () => {
  expect(at("2026-11-22T11:59:40Z")).toBe("now");
  expect(at("2026-11-22T11:58:00Z")).toBe("2 minutes ago");
  expect(at("2026-11-22T09:00:00Z")).toBe("3 hours ago");
  expect(at("2026-11-21T09:00:00Z")).toBe("yesterday");
  expect(at("2026-11-22T16:00:00Z")).toBe("in 4 hours");
  expect(at("2026-11-22T15:59:30Z")).toBe("in 4 hours");
  expect(at("never")).toBeUndefined();
});

test("the absolute time is whole, and what is no time stays as it is", () => {
  expect(absoluteTime("2026-11-22T12:00:00Z", "en-GB")).toContain("2026");
  expect(absoluteTime("never", "en")).toBe("never");
});

test("a language without words is spoken in English, times too", () => {
  expect(wordsOf("xx-YY")).toBe(wordsOf("en"));
  expect(wordsOf(undefined)).toBe(wordsOf("en"));
  expect(spokenLanguage("xx-YY")).toBe("en");
  expect(spokenLanguage("en-GB")).toBe("en-GB");
});
