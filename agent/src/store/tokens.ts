import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Scope } from "@lanwarden/contract/api";

export interface TokenInfo {
  id: string;
  name: string;
  scope: Scope;
  created_us: number;
  last_used_us: number | null;
}

/**
 * API tokens. Only their SHA-256 is kept: a token has 256 bits of randomness, so a slow password hash would add nothing
 * (NIST SP 800-63B §5.1.2.2 asks for it below 112 bits).
 */
export class Tokens {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Makes a token and returns its text, which is shown once and never stored. */
  create(name: string, scope: Scope, nowUs: number): { id: string; token: string } {
    const token = `lw_${randomBytes(32).toString("base64url")}`;
    const id = randomBytes(6).toString("hex");
    this.#insert(id, name, scope, token, nowUs);
    return { id, token };
  }

  #insert(id: string, name: string, scope: Scope, token: string, nowUs: number): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO token (id, name, scope, hash, created_us) VALUES (?,?,?,?,?)")
      .run(id, name, scope, digest(token), Math.trunc(nowUs));
  }

  /** The scope of a token, or undefined when it is unknown or revoked. */
  check(token: string, nowUs: number): Scope | undefined {
    const row = this.#database.prepare("SELECT id, scope FROM token WHERE hash = ?").get(digest(token));
    if (!row) return undefined;
    this.#database.prepare("UPDATE token SET last_used_us = ? WHERE id = ?").run(Math.trunc(nowUs), String(row.id));
    return row.scope as Scope;
  }

  list(): TokenInfo[] {
    const rows = this.#database
      .prepare("SELECT id, name, scope, created_us, last_used_us FROM token ORDER BY created_us")
      .all();
    return rows as unknown as TokenInfo[];
  }

  revoke(id: string): boolean {
    return Number(this.#database.prepare("DELETE FROM token WHERE id = ?").run(id).changes) > 0;
  }

  /** The admin token of this machine's command line: in `<data>/admin-token`, mode 0600, made on the first start. Returns its path. */
  ensureAdminToken(folder: string, nowUs: number): string {
    const path = join(folder, "admin-token");
    const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
    if (kept !== "" && this.check(kept, nowUs) === "admin") return path;
    const { token } = this.create("admin of this machine", "admin", nowUs);
    writeFileSync(path, `${token}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
    return path;
  }
}

const digest = (token: string): string => createHash("sha256").update(token).digest("hex");
