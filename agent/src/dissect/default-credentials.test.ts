import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDefaultCredential } from "./default-credentials.ts";

describe("isDefaultCredential", () => {
  it.each([
    ["admin", "admin"],
    ["root", "xc3511"],
    ["root", "vizxv"],
    ["root", ""],
    ["admin", ""],
    ["ubnt", "ubnt"],
    ["pi", "raspberry"],
    ["888888", "888888"],
    ["admin", "12345"],
    ["support", "support"],
    ["", "public"],
    ["", "1234"],
  ])("knows the factory login %s:%s", (user, password) => {
    expect(isDefaultCredential(user, password)).toBe(true);
  });

  it("ignores the case of the user name and keeps that of the password", () => {
    expect(isDefaultCredential("Admin", "admin")).toBe(true);
    expect(isDefaultCredential("ADMIN", "ADMIN")).toBe(true);
    expect(isDefaultCredential("root", "XC3511")).toBe(false);
  });

  it("does not call an own password a default", () => {
    expect(isDefaultCredential("admin", "correct horse battery")).toBe(false);
    expect(isDefaultCredential("max", "admin")).toBe(false);
    expect(isDefaultCredential("", "")).toBe(false);
    expect(isDefaultCredential("__proto__", "toString")).toBe(false);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (user, password) => typeof isDefaultCredential(user, password) === "boolean",
      ),
    );
  });
});
