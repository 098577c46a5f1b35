import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { IsolationJournal } from "../../src/store/isolation-journal.ts";
import { Store } from "../../src/store/store.ts";
import { FakeBackend, FakeRouter } from "../respond/fake-router.ts";
import { breathe, deviceAt, House } from "../respond/house.ts";
import { incidentAt, NOW_US } from "./samples.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lanwarden-journal-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rowAt = (n: number) => ({
  isolation: `iso-${n % 2}`,
  atMs: 1_790_000_000_000 + n,
  step: "requested",
  body: `{"n":${n}}`,
});

describe("the journal of isolations", () => {
  test("keeps lines in order, and forgets whole isolations", () => {
    const database = openDatabase(folder);
    const journal = new IsolationJournal(database);
    for (let n = 0; n < 6; n++) journal.append(rowAt(n));
    expect(journal.rows()).toEqual([0, 1, 2, 3, 4, 5].map(rowAt));
    journal.forget(["iso-1", "none"]);
    expect(journal.rows()).toEqual([0, 2, 4].map(rowAt));
    database.close();
    const again = openDatabase(folder);
    expect(new IsolationJournal(again).rows()).toEqual([0, 2, 4].map(rowAt));
    again.close();
  });

  test("writes apart from what the store gathers, and leaves its settings as they were", () => {
    const database = openDatabase(folder);
    const store = new Store(database);
    const journal = new IsolationJournal(database);
    store.saveIncident(incidentAt("i", NOW_US));
    journal.append(rowAt(1));
    const other = openDatabase(folder);
    expect(new IsolationJournal(other).rows()).toHaveLength(1);
    expect(new Store(other).incident("i")).toBeUndefined();
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 1 });
    other.close();
    store.close();
  });

  test("says so when it cannot write, and writes nothing of it", () => {
    const database = openDatabase(folder);
    const journal = new IsolationJournal(database);
    database.exec("PRAGMA query_only = ON");
    expect(() => journal.append(rowAt(1))).toThrow(/readonly/);
    database.exec("PRAGMA query_only = OFF");
    journal.append(rowAt(2));
    expect(journal.rows()).toEqual([rowAt(2)]);
    database.close();
  });

  test("has every line that it said it had, after kill -9", async () => {
    const script = fileURLToPath(new URL("journal-child.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--conditions=source", "--disable-warning=ExperimentalWarning", script, folder],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let said = "";
    child.stdout.setEncoding("utf8");
    for await (const text of child.stdout) {
      said += text as string;
      // Read to the end: what it said before it died counts too.
      if (said.includes("written 40\n")) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const database = openDatabase(folder);
    const rows = new IsolationJournal(database).rows();
    database.close();
    const promised = said.slice(0, said.lastIndexOf("\n")).split("\n").length;
    expect(promised).toBeGreaterThan(40);
    expect(rows.length).toBeGreaterThanOrEqual(promised);
    expect(rows.map(({ body }) => body)).toEqual(rows.map((_, i) => JSON.stringify({ i })));
  });

  test("carries an isolation over a restart", async () => {
    const camera = deviceAt(1);
    const house = new House(camera);
    const router = new FakeRouter();
    const database = openDatabase(folder);
    await house.boot([new FakeBackend(router)], new IsolationJournal(database));
    await house.responder.request(camera.id, { by: "api", reason: "it scans", for_seconds: 600 });
    await house.pass(2000);
    const row = house.responder.rows()[0];
    await house.responder.close();
    database.close();
    router.reboot();

    const later = openDatabase(folder);
    await house.boot([new FakeBackend(router)], new IsolationJournal(later));
    await breathe();
    expect(router.held.has(camera.id)).toBe(true);
    await house.pass(1500);
    expect(house.responder.rows()).toEqual([row]);
    await house.responder.close();
    later.close();
  });
});
