import { expect, test } from "vitest";
import { CountryTable } from "./country.ts";

test("names the country of public addresses and nothing for private ones or garbage", () => {
  const table = new CountryTable();
  expect(table.lookup("193.99.144.80")).toBe("DE");
  expect(table.lookup("2a02:2e0:3fe:1001:302::")).toBe("DE");
  expect(table.lookup("192.168.1.1")).toBeUndefined();
  expect(table.lookup("not an address")).toBeUndefined();
});
