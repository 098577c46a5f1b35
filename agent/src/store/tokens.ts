import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Scope } from "@lanwarden/contract/api";
import { AgentError } from "../core/errors.ts";

export interface TokenInfo {
  id: string;
  name: string;
  scope: Scope;
  created_us: number;
  last_used_us: number | null;
}

/** `last_used` tells forgotten tokens from used ones: minutes are exact enough, and spare a write per request. */
const USED_STEP_US = 60_000_000;

/**
 * API tokens. Only their SHA-256 is kept: a token has 256 bits of randomness, so a slow password hash would add nothing
 * (NIST SP 800-63B §5.1.2.2 asks for it below 112 bits).
 */
export class Tokens {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #scope: StatementSync;
  readonly #use: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#find = database.prepare("SELECT id, scope, last_used_us FROM token WHERE hash = ?");
    this.#scope = database.prepare("SELECT scope FROM token WHERE id = ?");
    this.#use = database.prepare("UPDATE token SET last_used_us = ? WHERE id = ?");
  }

  /** Makes a token and returns its text, which is shown once and never stored. */
  create(name: string, scope: Scope, nowUs: number): { id: string; token: string } {
    const id = randomBytes(6).toString("hex");
    return { id, token: this.renew(id, name, scope, nowUs) };
  }

  /** A token for a part of the agent itself, made anew at each start: the former one is no longer good. */
  renew(id: string, name: string, scope: Scope, nowUs: number): string {
    const token = `lw_${randomBytes(32).toString("base64url")}`;
    this.#insert(id, name, scope, token, nowUs);
    return token;
  }

  #insert(id: string, name: string, scope: Scope, token: string, nowUs: number): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO token (id, name, scope, hash, created_us) VALUES (?,?,?,?,?)")
      .run(id, name, scope, digest(token), Math.trunc(nowUs));
  }

  /** Whose token it is, or undefined when it is unknown or revoked. */
  check(token: string, nowUs: number): { id: string; scope: Scope } | undefined {
    const row = this.#find.get(digest(token));
    if (!row) return undefined;
    const id = String(row.id);
    if (nowUs - Number(row.last_used_us ?? 0) >= USED_STEP_US) this.#markUsed(id, nowUs);
    return { id, scope: row.scope as Scope };
  }

  #markUsed(id: string, nowUs: number): void {
    try {
      this.#use.run(Math.trunc(nowUs), id);
    } catch {
      // A full disk must not lock the user out.
    }
  }

  /** The scope of a token by its id; undefined once it is revoked. */
  scopeOf(id: string): Scope | undefined {
    return this.#scope.get(id)?.scope as Scope | undefined;
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

  /**
   * The admin token of this machine's command line: in `<data>/admin-token`, mode 0600, made on the first start. Returns its path.
   * Throws ERR_DATA_FOLDER when the file cannot be read or written.
   */
  ensureAdminToken(folder: string, nowUs: number): string {
    const path = join(folder, "admin-token");
    try {
      const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
      const known = kept === "" ? undefined : this.check(kept, nowUs);
      if (known?.scope !== "admin") {
        // A file that is lost or not ours makes the token useless that it held.
        this.#database.prepare("DELETE FROM token WHERE name = ?").run(ADMIN_NAME);
        writeFileSync(path, `${this.create(ADMIN_NAME, "admin", nowUs).token}\n`, { mode: 0o600 });
      }
      chmodSync(path, 0o600);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new AgentError("ERR_DATA_FOLDER", `${path}: cannot be read and written (${code ?? message})`);
    }
    return path;
  }
}

const ADMIN_NAME = "admin of this machine";
const digest = (token: string): string => createHash("sha256").update(token).digest("hex");
