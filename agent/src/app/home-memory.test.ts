import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { incidentAt, NOW_US } from "../../test/store/samples.ts";
import { openDatabase } from "../store/database.ts";
import { Store } from "../store/store.ts";
import { HomeMemory } from "./home-memory.ts";

let folder: string;
let store: Store;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  folder = mkdtempSync(join(tmpdir(), "lanwarden-memory-"));
  store = new Store(openDatabase(folder));
});
afterEach(() => {
  vi.useRealTimers();
  store.close();
  rmSync(folder, { recursive: true });
});

/** A home whose snapshot is a number that grows with every look. */
const homeOf = (known: string[] = []) => {
  const restored: unknown[] = [];
  let looks = 0;
  const home = {
    snapshot: () => ({ inventory: ++looks, incidents: looks }),
    restore: (kept: unknown) => void restored.push(kept),
    incidents: () => known.map((id) => incidentAt(id, NOW_US)),
  };
  return { home, restored, looks: () => looks };
};

describe("the home's memory", () => {
  test("is kept when something changed, the incident book at once, but not more than four times a second", () => {
    const { home, looks } = homeOf();
    const memory = new HomeMemory(store, home);
    memory.keepChanges();
    expect(looks()).toBe(0);
    memory.incidentsChanged();
    expect([store.snapshot("incidents"), store.snapshot("inventory")]).toEqual([1, undefined]);
    memory.incidentsChanged();
    vi.advanceTimersByTime(249);
    memory.keepChanges();
    expect(looks(), "not yet").toBe(1);
    vi.advanceTimersByTime(1);
    memory.keepChanges();
    expect([store.snapshot("incidents"), store.snapshot("inventory")]).toEqual([2, undefined]);
    memory.keepChanges();
    memory.keepAll();
    expect([store.snapshot("incidents"), store.snapshot("inventory")]).toEqual([3, 3]);
    memory.personSpoke();
    expect([store.snapshot("incidents"), store.snapshot("inventory")]).toEqual([4, 4]);
  });

  test("comes back as it was left, and closes incidents that the book does not know", () => {
    const first = new HomeMemory(store, homeOf().home);
    first.keepAll();
    store.saveIncident(incidentAt("known", NOW_US));
    store.saveIncident(incidentAt("unknown", NOW_US));
    store.flush();
    const { home, restored } = homeOf(["known"]);
    expect(new HomeMemory(store, home).restore().map(({ id }) => id)).toEqual(["unknown"]);
    expect(restored).toEqual([{ inventory: 1, incidents: 1 }]);
    expect(store.incident("unknown")?.status).toBe("resolved");
  });
});
