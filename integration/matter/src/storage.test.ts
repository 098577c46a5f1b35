import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BridgeStorage, identifier } from "./storage.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanwarden-storage-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the bridge's folder", () => {
  test("is its user's alone, also when it was open before", () => {
    chmodSync(folder, 0o755);
    new BridgeStorage(folder).install();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "install.json")).mode & 0o777).toBe(0o600);
  });

  test("keeps codes that are random for each installation", () => {
    const first = new BridgeStorage(folder).install();
    expect(new BridgeStorage(folder).install()).toEqual(first);
    const codes = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const { passcode, discriminator } = new BridgeStorage(join(folder, String(i))).install();
      codes.add(passcode);
      expect(passcode).toBeGreaterThan(0);
      expect(passcode).toBeLessThan(99_999_999);
      expect(discriminator).toBeGreaterThanOrEqual(0);
      expect(discriminator).toBeLessThan(4096);
    }
    expect(codes.size).toBeGreaterThan(45);
  });

  test.each(["", "{", "null", '{"passcode":20202021,"discriminator":3840,"key":"a"}', '{"passcode":1.5}'])(
    "makes new codes when %j stands there",
    (text) => {
      writeFileSync(join(folder, "install.json"), text);
      const { passcode, key } = new BridgeStorage(folder).install();
      expect(passcode).not.toBe(20_202_021);
      expect(key).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  test("remembers labels and devices; what is damaged is nothing", () => {
    const storage = new BridgeStorage(folder);
    expect(storage.memory()).toEqual({ labels: {}, devices: [] });
    storage.remember({ labels: { threat: "Network threat" }, devices: ["a", "b"] });
    expect(storage.memory()).toEqual({ labels: { threat: "Network threat" }, devices: ["a", "b"] });
    writeFileSync(join(folder, "memory.json"), '{"labels":7,"devices":[1,"a"]}');
    expect(storage.memory()).toEqual({ labels: {}, devices: ["a"] });
  });

  test("identifiers are stable, differ, fit, and do not show the MAC", () => {
    const install = new BridgeStorage(folder).install();
    const id = identifier(install, "threat-00005e005301");
    expect(id).toBe(identifier(install, "threat-00005e005301"));
    expect(id).not.toBe(identifier(install, "isolate-00005e005301"));
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(id).not.toContain("5e005301");
  });
});
