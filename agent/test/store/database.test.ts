import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AgentError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Store } from "../../src/store/store.ts";
import { Tokens } from "../../src/store/tokens.ts";
import { incidentAt, NOW_US } from "./samples.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lanwarden-db-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fault = (work: () => unknown): AgentError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).message).not.toContain("\n");
    return error as AgentError;
  }
  throw new Error("no fault");
};
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
const ONE = "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);";
const TWO = "ALTER TABLE a ADD COLUMN y TEXT NOT NULL DEFAULT 'new';";

describe("the schema", () => {
  test("is made in a fresh folder, which nobody else may read", () => {
    const data = join(folder, "deep/data");
    openDatabase(data).close();
    expect(mode(data)).toBe("700");
    expect(mode(join(data, "lanwarden.db"))).toBe("600");
    const open = new Store(openDatabase(data));
    open.saveIncident(incidentAt("i", NOW_US));
    open.flush();
    for (const name of ["lanwarden.db-wal", "lanwarden.db-shm"]) expect(mode(join(data, name)), name).toBe("600");
    open.close();
  });

  test("closes a folder that was open to others", () => {
    chmodSync(folder, 0o755);
    openDatabase(folder).close();
    expect(mode(folder)).toBe("700");
  });

  test("is brought up from an older one with its data, once", () => {
    openDatabase(folder, [ONE]).close();
    for (let i = 0; i < 2; i++) {
      const database = openDatabase(folder, [ONE, TWO]);
      expect(database.prepare("SELECT * FROM a").all()).toEqual([{ x: 1, y: "new" }]);
      expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
      database.close();
    }
  });

  test("stays as it was when a step fails", () => {
    openDatabase(folder, [ONE]).close();
    expect(fault(() => openDatabase(folder, [ONE, `${TWO} CREATE TABLE a (x);`])).code).toBe("ERR_DATABASE");
    const database = openDatabase(folder, [ONE]);
    expect(database.prepare("SELECT * FROM a").all()).toEqual([{ x: 1 }]);
    database.close();
  });

  test("of a newer program is refused, with the mend", () => {
    openDatabase(folder, [ONE, TWO]).close();
    const { code, message } = fault(() => openDatabase(folder, [ONE]));
    expect(code).toBe("ERR_DATABASE");
    expect(message).toBe(
      `${join(folder, "lanwarden.db")}: made by a newer Lanwarden (schema 2, this one knows 1); update Lanwarden`,
    );
  });
});

describe("a database that cannot be used", () => {
  const path = () => join(folder, "lanwarden.db");

  test("because it is another file", () => {
    writeFileSync(
      path(),
      "this is not a database, but it is long enough to look like one to a careless reader\n".repeat(20),
    );
    const { code, exitCode, message } = fault(() => openDatabase(folder));
    expect([code, exitCode]).toEqual(["ERR_DATABASE", 2]);
    expect(message).toMatch(
      /lanwarden\.db: damaged or no database \(file is not a database\); move it away to start afresh$/,
    );
  });

  test("because it is damaged inside", () => {
    const store = new Store(openDatabase(folder));
    for (let i = 0; i < 500; i++) store.saveIncident(incidentAt(`i-${i}`, NOW_US + i));
    store.close();
    // The header stays, the schema page behind it does not.
    const octets = readFileSync(path());
    octets.fill(0xa5, 100, 4096);
    writeFileSync(path(), octets);
    expect(fault(() => openDatabase(folder)).message).toMatch(/damaged or no database/);
  });

  test("because it ends early", () => {
    new Store(openDatabase(folder)).close();
    truncateSync(path(), 4096);
    expect(fault(() => new Store(openDatabase(folder))).message).toMatch(/lanwarden\.db: damaged/);
  });

  test("because it is a folder", () => {
    mkdirSync(path());
    expect(fault(() => openDatabase(folder)).message).toMatch(/cannot be written \(EISDIR\)/);
  });

  test("because its folder lies below a file", () => {
    writeFileSync(join(folder, "file"), "");
    const { code, message } = fault(() => openDatabase(join(folder, "file/data")));
    expect(code).toBe("ERR_DATA_FOLDER");
    expect(message).toMatch(
      /^data folder .*file\/data: cannot be written \(ENOTDIR\); choose another with "data:" in the configuration or --data$/,
    );
  });

  test("because another program holds it", () => {
    openDatabase(folder).close();
    const other = new DatabaseSync(path());
    other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    expect(fault(() => openDatabase(folder)).message).toMatch(
      /another program uses it; is Lanwarden running already\?$/,
    );
    other.close();
  });
});

describe("tokens", () => {
  let database: DatabaseSync;
  let tokens: Tokens;
  beforeEach(() => {
    database = openDatabase(folder);
    tokens = new Tokens(database);
  });
  afterEach(() => database.close());

  test("are known by their text, kept as a digest, and useless once revoked", () => {
    const { id, token } = tokens.create("ha", "act", NOW_US);
    expect(token).toMatch(/^lw_[A-Za-z0-9_-]{43}$/);
    expect(tokens.check(token, NOW_US)).toEqual({ id, scope: "act" });
    expect(tokens.scopeOf(id)).toBe("act");
    expect(tokens.check(`${token}x`, NOW_US)).toBeUndefined();
    expect(tokens.check("", NOW_US)).toBeUndefined();
    expect(JSON.stringify(database.prepare("SELECT * FROM token").all())).not.toContain(token.slice(3));
    expect(tokens.revoke(id)).toBe(true);
    expect(tokens.revoke(id)).toBe(false);
    expect(tokens.check(token, NOW_US)).toBeUndefined();
    expect(tokens.scopeOf(id)).toBeUndefined();
  });

  test("remember when they were used, to the minute", () => {
    const { token } = tokens.create("ha", "read", NOW_US);
    expect(tokens.list()[0]).toMatchObject({ name: "ha", scope: "read", last_used_us: null });
    for (const seconds of [0, 30, 59, 61]) tokens.check(token, NOW_US + seconds * 1e6);
    expect(tokens.list()[0]?.last_used_us).toBe(NOW_US + 61e6);
    expect(Object.keys(tokens.list()[0]!).sort()).toEqual(["created_us", "id", "last_used_us", "name", "scope"]);
  });

  test("the admin token is made once, for this user only, and anew when the file is lost", () => {
    const path = tokens.ensureAdminToken(folder, NOW_US);
    const first = readFileSync(path, "utf8").trim();
    expect(mode(path)).toBe("600");
    expect(tokens.check(first, NOW_US)?.scope).toBe("admin");
    chmodSync(path, 0o644);
    tokens.ensureAdminToken(folder, NOW_US);
    expect(readFileSync(path, "utf8").trim()).toBe(first);
    expect(mode(path)).toBe("600");

    rmSync(path);
    tokens.ensureAdminToken(folder, NOW_US);
    expect(readFileSync(path, "utf8").trim()).not.toBe(first);
    expect(tokens.check(first, NOW_US), "the lost one").toBeUndefined();
    expect(tokens.list()).toHaveLength(1);
    expect(existsSync(path)).toBe(true);
  });

  test("an admin token that cannot be written is said with its place", () => {
    mkdirSync(join(folder, "admin-token"));
    expect(fault(() => tokens.ensureAdminToken(folder, NOW_US)).message).toMatch(
      /admin-token: cannot be read and written \(EISDIR\)$/,
    );
  });
});
