import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isoTime } from "../../src/core/time-text.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Store } from "../../src/store/store.ts";
import { sampleDevice } from "../api/fake-context.ts";
import { flowAt, incidentAt, NOW_US } from "./samples.ts";

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lanwarden-store-"));
  store = new Store(openDatabase(folder));
});
afterEach(() => {
  try {
    store.close();
  } catch {
    // Some tests close it themselves.
  }
  rmSync(folder, { recursive: true, force: true });
});
const reopen = (options: { maxFlows?: number } = {}): Store => {
  store.close();
  store = new Store(openDatabase(folder), options);
  return store;
};

describe("what is kept", () => {
  test("incidents, devices, snapshots and history come back as they were", () => {
    const incident = incidentAt("i-1", NOW_US, {
      attacker: { ip: "192.168.1.9" },
      evidence: { flow_ids: [1], fields: { ports: 40 } },
    });
    store.saveIncident(incident);
    store.saveDevice(sampleDevice());
    store.saveSnapshot("inventory", { entries: [{ id: "x", ips: [["192.168.1.9", 5]] }], text: 'quote " and ünïcödé' });
    expect(store.snapshot("inventory")).toMatchObject({ text: 'quote " and ünïcödé' });
    store.recordHistory(NOW_US, 12.5, 3);
    reopen();
    expect(store.incident("i-1")).toEqual(incident);
    expect(store.incident("none")).toBeUndefined();
    expect(store.devices()).toEqual([sampleDevice()]);
    expect(store.snapshot("inventory")).toEqual({
      entries: [{ id: "x", ips: [["192.168.1.9", 5]] }],
      text: 'quote " and ünïcödé',
    });
    expect(store.snapshot("none")).toBeUndefined();
    expect(store.history(NOW_US - 1)).toEqual([{ at: isoTime(NOW_US), score: 12.5, open_incidents: 3 }]);
  });

  test("the newest state of an incident counts", () => {
    store.saveIncident(incidentAt("i-1", NOW_US));
    store.flush();
    store.saveIncident(incidentAt("i-1", NOW_US + 5e6, { status: "acknowledged", severity: "high", count: 9 }));
    store.saveIncident(incidentAt("i-1", NOW_US + 9e6, { status: "resolved", severity: "high", count: 12 }));
    expect(store.incidents({ limit: 10 }).items).toMatchObject([{ count: 12, status: "resolved" }]);
    expect(store.incidents({ limit: 10, status: "open" }).items).toEqual([]);
    expect(store.incidents({ limit: 10, severity: "high" }).items).toHaveLength(1);
  });

  test("a long history is thinned evenly and keeps its newest point", () => {
    for (let i = 0; i < 1000; i++) store.recordHistory(NOW_US + i * 60e6, i / 10, 0);
    const points = store.history(NOW_US, 100);
    expect(points.length).toBeLessThanOrEqual(100);
    expect(points.length).toBeGreaterThan(80);
    expect(points.at(-1)).toMatchObject({ score: 99.9 });
    expect(points.map(({ at }) => at)).toEqual([...points.map(({ at }) => at)].sort());
  });

  test("incidents that nobody knows any more are closed", () => {
    store.saveIncident(incidentAt("known", NOW_US));
    store.saveIncident(incidentAt("orphan", NOW_US, { status: "acknowledged" }));
    store.saveIncident(incidentAt("over", NOW_US, { status: "resolved" }));
    reopen();
    expect(store.resolveOrphans(new Set(["known"])).map(({ id }) => id)).toEqual(["orphan"]);
    expect(store.incident("orphan")?.status).toBe("resolved");
    expect(store.incident("known")?.status).toBe("open");
  });
});

describe("the incident list", () => {
  test("filters, each alone and together", () => {
    store.saveIncident(incidentAt("a", NOW_US + 1, { severity: "info", kind: "new_device" }));
    store.saveIncident(incidentAt("b", NOW_US + 2, { severity: "low", device: "bb" }));
    store.saveIncident(
      incidentAt("c", NOW_US + 3, { severity: "critical", kind: "mining", device: "bb", status: "acknowledged" }),
    );
    store.saveIncident(incidentAt("d", NOW_US + 4, { severity: "high", device: null, status: "resolved" }));
    const ids = (query: object): string =>
      store
        .incidents({ limit: 10, ...query })
        .items.map(({ id }) => id)
        .join("");
    expect(ids({})).toBe("dcba");
    expect(ids({ severity: "info" })).toBe("dcba");
    expect(ids({ severity: "low" })).toBe("dcb");
    expect(ids({ severity: "critical" })).toBe("c");
    expect(ids({ kind: "mining" })).toBe("c");
    expect(ids({ device: "bb" })).toBe("cb");
    expect(ids({ status: "open" })).toBe("ba");
    expect(ids({ device: "bb", status: "open", severity: "low" })).toBe("b");
    expect(ids({ device: "x' OR '1'='1" })).toBe("");
  });

  test("pages over equal times without loss or doubles", () => {
    const ids = Array.from({ length: 57 }, (_, i) => `i-${String((i * 31) % 57).padStart(2, "0")}`);
    for (const [i, id] of ids.entries()) store.saveIncident(incidentAt(id, NOW_US + (i < 40 ? 0 : 7)));
    const seen: string[] = [];
    let cursor: string | null | undefined;
    let pages = 0;
    do {
      const page = store.incidents({ limit: 10, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
      pages++;
    } while (cursor !== null);
    expect(pages).toBe(6);
    expect(seen).toHaveLength(57);
    expect(new Set(seen).size).toBe(57);
    expect(seen.slice(0, 17).every((id) => ids.indexOf(id) >= 40)).toBe(true);
  });
});

describe("flows", () => {
  test("page by number, for all or for one device on either end", () => {
    for (let i = 0; i < 120; i++)
      store.saveFlow(flowAt(i, i % 10 === 3 ? { server_device: "bb", client_device: i === 3 ? "bb" : null } : {}));
    const first = store.flows({ limit: 50 });
    expect(first.items.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => 119 - i));
    const second = store.flows({ limit: 100, cursor: first.next! });
    expect(second.items).toHaveLength(70);
    expect(second.next).toBeNull();
    const own = store.flows({ limit: 5, device: "bb" });
    expect(own.items.map(({ id }) => id)).toEqual([113, 103, 93, 83, 73]);
    expect(store.flows({ limit: 50, device: "bb", cursor: own.next! }).items.map(({ id }) => id)).toEqual([
      63, 53, 43, 33, 23, 13, 3,
    ]);
  });

  test("applications are summed over the time asked for", () => {
    for (let i = 0; i < 100; i++) store.saveFlow(flowAt(i, i === 5 ? { app: null } : {}));
    const rows = store.applications(NOW_US + 50_000);
    expect(rows).toHaveLength(10);
    expect(rows[0]).toEqual({ app: "App0", category: "Web", bytes: 5000, flows: 5, devices: 5 });
    expect(store.applications(NOW_US + 1e9)).toEqual([]);
  });

  test("what cannot be written in time is dropped and counted; incidents never are", () => {
    for (let i = 0; i < 20_007; i++) store.saveFlow(flowAt(i));
    store.saveIncident(incidentAt("i-1", NOW_US));
    expect(store.droppedFlows).toBe(7);
    expect(store.flows({ limit: 1 }).items[0]?.id).toBe(19_999);
    expect(store.incident("i-1")).toBeDefined();
    store.saveFlow(flowAt(30_000));
    expect(store.flows({ limit: 1 }).items[0]?.id).toBe(30_000);
  });

  test("the log is a ring: new rows push out old ones", () => {
    reopen({ maxFlows: 100 });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 60; i++) store.saveFlow(flowAt(round * 60 + i));
      store.flush();
    }
    const { items, next } = store.flows({ limit: 500 });
    expect(items.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, i) => 299 - i));
    expect(next).toBeNull();
  });

  test("a hundred thousand are found by index, not by reading them all", () => {
    for (let i = 0; i < 100_000; i++) {
      store.saveFlow(flowAt(i, i === 500 ? { server_device: "rare" } : {}));
      if (i % 10_000 === 9999) store.flush();
    }
    const started = performance.now();
    expect(store.flows({ limit: 200, device: "rare" }).items).toHaveLength(1);
    expect(store.flows({ limit: 200, device: "aa:00:00:00:00:07" }).items).toHaveLength(200);
    expect(store.applications(NOW_US)).toHaveLength(10);
    // Reading all rows takes longer than this on any machine; loose, since others use the cores too.
    expect(performance.now() - started).toBeLessThan(2000);
    const database = openDatabase(folder);
    const plan = (sql: string): string =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => detail)
        .join("; ");
    expect(plan("SELECT id FROM flow WHERE server_device = 'x' AND id < 5 ORDER BY id DESC LIMIT 3")).toMatch(
      /SEARCH flow USING COVERING INDEX flow_server/,
    );
    expect(
      plan(
        "SELECT app, max(category), sum(bytes), count(*), count(DISTINCT client_device) FROM flow WHERE end_us >= 5 AND app IS NOT NULL GROUP BY app",
      ),
    ).toMatch(/COVERING INDEX flow_end/);
    expect(plan("SELECT id, last_us, body FROM incident ORDER BY last_us DESC, id LIMIT 5")).toMatch(/incident_last/);
    database.close();
  });
});

describe("keeping time", () => {
  test("old flows, resolved incidents and scores go; what is open stays", () => {
    const day = 86_400;
    store.saveFlow(flowAt(1, { end: isoTime(NOW_US - 8 * day * 1e6) }));
    store.saveFlow(flowAt(2, { end: isoTime(NOW_US - 6 * day * 1e6) }));
    store.saveIncident(incidentAt("old-open", NOW_US - 400 * day * 1e6));
    store.saveIncident(incidentAt("old", NOW_US - 400 * day * 1e6, { status: "resolved" }));
    store.saveIncident(incidentAt("new", NOW_US - day * 1e6, { status: "resolved" }));
    store.recordHistory(NOW_US - 400 * day * 1e6, 1, 0);
    store.recordHistory(NOW_US, 2, 0);
    store.flush();
    expect(store.prune(NOW_US, 7 * day, 365 * day)).toBe(3);
    expect(store.flows({ limit: 9 }).items.map(({ id }) => id)).toEqual([2]);
    expect(store.incidents({ limit: 9 }).items.map(({ id }) => id)).toEqual(["new", "old-open"]);
    expect(store.history(0)).toHaveLength(1);
    expect(store.prune(NOW_US, 7 * day, 365 * day)).toBe(0);
  });
});

describe("the stream", () => {
  const append = (n: number): void => {
    for (let i = 0; i < n; i++) store.appendStream("device", `{"n":${store.lastStreamId + 1}}`);
  };

  test("is numbered without gaps and read in pages, written or not", () => {
    append(150);
    store.flush();
    append(150);
    expect(store.streamAfter(0)?.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    expect(store.streamAfter(200)).toHaveLength(100);
    expect(store.streamAfter(299)).toEqual([{ id: 300, event: "device", body: '{"n":300}' }]);
    expect(store.streamAfter(300)).toEqual([]);
    expect(store.streamAfter(301)).toBeNull();
  });

  test("never gives a number twice, over restarts and prunes", () => {
    append(10);
    reopen();
    expect(store.lastStreamId).toBeGreaterThanOrEqual(10);
    const last = store.lastStreamId;
    append(1);
    expect(store.lastStreamId).toBe(last + 1);
    // A client that had seen number 10 gets what came after the restart; so does one that saw what a crash swallowed.
    expect(store.streamAfter(10)?.map(({ id }) => id)).toEqual([last + 1]);
    expect(store.streamAfter(13)?.map(({ id }) => id)).toEqual([last + 1]);
  });

  test("keeps the last ten thousand; who missed more is told so", () => {
    for (let round = 0; round < 13; round++) {
      append(1000);
      store.flush();
    }
    expect(store.lastStreamId).toBe(13_000);
    expect(store.streamAfter(100)).toBeNull();
    expect(store.streamAfter(3001)?.[0]?.id).toBe(3002);
    reopen();
    expect(store.streamAfter(100)).toBeNull();
    expect(store.streamAfter(3001)?.[0]?.id).toBe(3002);
  });
});

describe("trouble", () => {
  test("a process killed between two flushes loses what came since the last one and nothing else", async () => {
    store.close();
    const child = spawn(
      process.execPath,
      ["--conditions=source", fileURLToPath(new URL("./crash-child.ts", import.meta.url)), folder],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("flushed 1000\n")) child.kill("SIGKILL");
    });
    const signal = await new Promise((resolve) => child.once("exit", (_code, name) => resolve(name)));
    expect(signal).toBe("SIGKILL");
    const flushed = Number(
      text
        .match(/flushed (\d+)\n/g)
        ?.at(-1)
        ?.match(/\d+/)?.[0],
    );
    expect(flushed).toBeGreaterThanOrEqual(1000);

    store = new Store(openDatabase(folder));
    const all = store.incidents({ limit: 100_000 }).items.map(({ id }) => id);
    for (let i = 0; i < flushed; i++) expect(all).toContain(`i-${i}`);
    expect(all.filter((id) => id.startsWith("pending")).length).toBeLessThan(all.length / 40);
    expect(store.flows({ limit: 1 }).items[0]!.id).toBeGreaterThanOrEqual(flushed - 1);
    const database = openDatabase(folder);
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    database.close();
    // Numbers that the dead process may have given away are not given again.
    expect(store.lastStreamId).toBeGreaterThan(flushed + 1);
  });

  test("a disk that cannot be written keeps changes pending and answers go on", () => {
    store.saveIncident(incidentAt("on-disk", NOW_US));
    store.flush();
    const other = openDatabase(folder);
    other.exec("CREATE TRIGGER full BEFORE INSERT ON incident BEGIN SELECT RAISE(FAIL, 'disk full'); END");
    store.saveIncident(incidentAt("waiting", NOW_US));
    expect(() => store.flush()).toThrow(/disk full/);
    expect(store.incidents({ limit: 9 }).items.map(({ id }) => id)).toEqual(["on-disk"]);
    other.exec("DROP TRIGGER full");
    other.close();
    store.flush();
    expect(store.incidents({ limit: 9 }).items.map(({ id }) => id)).toEqual(["on-disk", "waiting"]);
  });
});
