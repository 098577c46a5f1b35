import { expect, test } from "vitest";
import { hrefOf, parseRoute } from "./route.ts";

test("a route survives being written and read, whatever the id holds", () => {
  for (const id of ["02:00:5e:00:00:01", "ip:fe80::1%eth0", "a&b=c?d#e"]) {
    expect(parseRoute(hrefOf("devices", { device: id }))).toEqual({ page: "devices", device: id, incident: undefined });
  }
  expect(hrefOf("home")).toBe("#/");
});

test("what is not known leads home", () => {
  expect(parseRoute("")).toEqual({ page: "home", device: undefined, incident: undefined });
  expect(parseRoute("#/nowhere?x=1").page).toBe("home");
  expect(parseRoute("#/?incident=abc")).toEqual({ page: "home", device: undefined, incident: "abc" });
});
