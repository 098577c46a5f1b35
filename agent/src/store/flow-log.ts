import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ApplicationRow, FlowRow, Page } from "@lanwarden/contract/api";
import { parseTimeUs } from "../core/time-text.ts";

export interface FlowQuery {
  device?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Flows kept in memory until they are written: 40,000 a second at two writes a second, more than the sensor can name. */
const MAX_PENDING = 20_000;
/** About 0.6 GB, and three days of a busy home: a flood of flows pushes out old ones instead of filling the disk. */
const MAX_ROWS = 1_000_000;
/** Rows removed at a time by age, so that the main thread is not held up. */
const PRUNE_ROWS = 20_000;

/** Finished flows. When writing falls behind, new ones are dropped and counted; when the log is full, old ones go. */
export class FlowLog {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #maxRows: number;
  #pending: FlowRow[] = [];
  /** Flows that were not kept because writing fell behind. */
  dropped = 0;

  constructor(database: DatabaseSync, maxRows = MAX_ROWS) {
    this.#database = database;
    this.#maxRows = maxRows;
    this.#insert = database.prepare(
      "INSERT INTO flow (end_us, client_device, server_device, app, category, bytes, body) VALUES (?,?,?,?,?,?,?)",
    );
  }

  get pending(): number {
    return this.#pending.length;
  }

  add(flow: FlowRow): void {
    if (this.#pending.length >= MAX_PENDING) this.dropped++;
    else this.#pending.push(flow);
  }

  /** Inside the owner's transaction. What was written is forgotten with {@link written}. */
  write(): void {
    for (const flow of this.#pending) {
      const bytes = flow.bytes_to_client + flow.bytes_to_server;
      const { client_device: client, server_device: server, app, category } = flow;
      this.#insert.run(parseTimeUs(flow.end), client, server, app, category, bytes, JSON.stringify(flow));
    }
    if (this.#pending.length > 0)
      this.#database.prepare("DELETE FROM flow WHERE id <= (SELECT max(id) FROM flow) - ?").run(this.#maxRows);
  }

  written(): void {
    this.#pending = [];
  }

  /** Newest first. */
  list(query: FlowQuery): Page<FlowRow> {
    const before = Number(query.cursor ?? Number.MAX_SAFE_INTEGER);
    const limit = query.limit + 1;
    const rows =
      query.device === undefined
        ? this.#database.prepare("SELECT id, body FROM flow WHERE id < ? ORDER BY id DESC LIMIT ?").all(before, limit)
        : this.#ofDevice(query.device, before, limit);
    const shown = rows.slice(0, query.limit);
    return {
      items: shown.map((row) => JSON.parse(String(row.body)) as FlowRow),
      next: rows.length > query.limit ? String(shown.at(-1)?.id) : null,
    };
  }

  /** Each end from its own index: an OR would read the whole table for a device that seldom speaks. */
  #ofDevice(device: string, before: number, limit: number): Record<string, unknown>[] {
    return this.#database
      .prepare(
        `SELECT id, body FROM flow WHERE id IN (
           SELECT id FROM (SELECT id FROM flow WHERE client_device = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3)
           UNION SELECT id FROM (SELECT id FROM flow WHERE server_device = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3)
         ) ORDER BY id DESC LIMIT ?3`,
      )
      .all(device, before, limit);
  }

  /** Octets per application since a time, most first. */
  applications(sinceUs: number, limit = 100): ApplicationRow[] {
    const rows = this.#database
      .prepare(
        `SELECT app, max(category) AS category, sum(bytes) AS bytes, count(*) AS flows, count(DISTINCT client_device) AS devices
         FROM flow WHERE end_us >= ? AND app IS NOT NULL GROUP BY app ORDER BY bytes DESC, app LIMIT ?`,
      )
      .all(Math.trunc(sinceUs), limit);
    return rows.map((row) => ({
      app: String(row.app),
      category: String(row.category ?? ""),
      bytes: Number(row.bytes),
      flows: Number(row.flows),
      devices: Number(row.devices),
    }));
  }

  /** Removes some of the rows that ended before a time; returns how many. */
  prune(beforeUs: number): number {
    const { changes } = this.#database
      .prepare("DELETE FROM flow WHERE id IN (SELECT id FROM flow WHERE end_us < ? ORDER BY end_us LIMIT ?)")
      .run(Math.trunc(beforeUs), PRUNE_ROWS);
    return Number(changes);
  }
}
