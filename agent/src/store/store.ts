import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { ApplicationRow, FlowRow, HistoryPoint, Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type Severity, severityRank } from "@lanwarden/contract/kinds";
import { isoTime, parseTimeUs } from "../core/time-text.ts";
import { FlowLog, type FlowQuery } from "./flow-log.ts";
import { StreamLog, type StreamRow } from "./stream-log.ts";

/** Filters of the incident list. */
export interface IncidentQuery {
  status?: string | undefined;
  kind?: string | undefined;
  device?: string | undefined;
  /** This severity or worse. */
  severity?: Severity | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Resolved incidents beyond this go, the oldest first: ten years of a noisy home. */
const MAX_INCIDENTS = 50_000;
const STREAM_PAGE = 200;

/**
 * What the home remembers. Writes are gathered and committed by {@link flush} in one transaction, which the owner calls about twice a second:
 * a crash loses at most what came since. What is handed over is kept as it is until then and must not be changed by the caller.
 * Reading works, with what is on disk, even while writing fails (a full disk).
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #flows: FlowLog;
  readonly #stream: StreamLog;
  readonly #incidents = new Map<string, Incident>();
  readonly #devices = new Map<string, Device>();
  readonly #snapshots = new Map<string, string>();
  readonly #statements: { incident: StatementSync; device: StatementSync; snapshot: StatementSync };

  constructor(database: DatabaseSync, options: { maxFlows?: number } = {}) {
    this.#database = database;
    this.#flows = new FlowLog(database, options.maxFlows);
    this.#stream = new StreamLog(database);
    this.#statements = {
      incident: database.prepare(
        `INSERT INTO incident (id, kind, device, severity, status, first_us, last_us, body) VALUES (?,?,?,?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET severity=excluded.severity, status=excluded.status, last_us=excluded.last_us, body=excluded.body`,
      ),
      device: database.prepare(
        "INSERT INTO device (id, last_us, body) VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET last_us=excluded.last_us, body=excluded.body",
      ),
      snapshot: database.prepare(
        "INSERT INTO snapshot (name, body) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET body=excluded.body",
      ),
    };
  }

  saveIncident(incident: Incident): void {
    this.#incidents.set(incident.id, incident);
  }

  saveDevice(device: Device): void {
    this.#devices.set(device.id, device);
  }

  saveFlow(flow: FlowRow): void {
    this.#flows.add(flow);
  }

  /** Flows that were not kept because writing fell behind. */
  get droppedFlows(): number {
    return this.#flows.dropped;
  }

  /** State of a part (inventory, incidents) under a name; replaces the former. */
  saveSnapshot(name: string, body: unknown): void {
    this.#snapshots.set(name, JSON.stringify(body));
  }

  snapshot(name: string): unknown {
    const pending = this.#snapshots.get(name);
    const body = pending ?? this.#database.prepare("SELECT body FROM snapshot WHERE name = ?").get(name)?.body;
    return typeof body === "string" ? JSON.parse(body) : undefined;
  }

  /** Keeps an event for replay and returns its number. Numbers only grow, over restarts too. */
  appendStream(event: string, body: string): number {
    return this.#stream.add(event, body);
  }

  get lastStreamId(): number {
    return this.#stream.lastId;
  }

  /** Events after a number, oldest first, a page at a time; null when some of them are gone, or the number was never given. */
  streamAfter(id: number, limit = STREAM_PAGE): StreamRow[] | null {
    return this.#stream.after(id, limit);
  }

  recordHistory(atUs: number, score: number, openIncidents: number): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO history (at_us, score, open_incidents) VALUES (?,?,?)")
      .run(Math.trunc(atUs), score, openIncidents);
  }

  /** Oldest first; of more than `limit` points, evenly chosen ones and always the newest. */
  history(sinceUs: number, limit = 2000): HistoryPoint[] {
    const rows = this.#database
      .prepare(
        `WITH kept AS (SELECT *, row_number() OVER (ORDER BY at_us DESC) - 1 AS age, count(*) OVER () AS total FROM history WHERE at_us >= ?1)
         SELECT at_us, score, open_incidents FROM kept WHERE age % ((total + ?2 - 1) / ?2) = 0 ORDER BY at_us`,
      )
      .all(Math.trunc(sinceUs), limit);
    return rows.map((row) => ({
      at: isoTime(Number(row.at_us)),
      score: Number(row.score),
      open_incidents: Number(row.open_incidents),
    }));
  }

  /** Writes what is pending in one transaction; what could not be written stays pending. Throws what SQLite says. */
  flush(): void {
    const pending =
      this.#incidents.size + this.#devices.size + this.#snapshots.size + this.#flows.pending + this.#stream.pending;
    if (pending === 0) return;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      this.#write();
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk has ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#incidents.clear();
    this.#devices.clear();
    this.#snapshots.clear();
    this.#flows.written();
    this.#stream.written();
  }

  #write(): void {
    const { incident, device, snapshot } = this.#statements;
    for (const item of this.#incidents.values()) {
      const { id, kind, severity, status } = item;
      const [firstUs, lastUs] = [parseTimeUs(item.first_seen), parseTimeUs(item.last_seen)];
      incident.run(id, kind, item.device, severityRank(severity), status, firstUs, lastUs, JSON.stringify(item));
    }
    for (const item of this.#devices.values()) device.run(item.id, parseTimeUs(item.last_seen), JSON.stringify(item));
    this.#flows.write();
    this.#stream.write();
    for (const [name, body] of this.#snapshots) snapshot.run(name, body);
  }

  /**
   * {@link flush} for those who must not wait for the owner's next one: before reading, since what is pending belongs to the answer, and before
   * something is told that a crash must not undo. A disk that cannot be written does not hinder it.
   */
  settle(): void {
    try {
      this.flush();
    } catch {
      // The owner's next flush says why.
    }
  }

  devices(): Device[] {
    this.settle();
    return this.#database
      .prepare("SELECT body FROM device ORDER BY id")
      .all()
      .map(bodyOf<Device>);
  }

  incident(id: string): Incident | undefined {
    this.settle();
    const row = this.#database.prepare("SELECT body FROM incident WHERE id = ?").get(id);
    return row === undefined ? undefined : bodyOf<Incident>(row);
  }

  /** Newest first. One that goes on while somebody pages moves to the front and is not met again further back. */
  incidents(query: IncidentQuery): Page<Incident> {
    this.settle();
    const where: string[] = [];
    const values: SQLInputValue[] = [];
    const filter = (sql: string, value: SQLInputValue | undefined): void => {
      if (value === undefined) return;
      where.push(sql);
      values.push(value);
    };
    filter("status = ?", query.status);
    filter("kind = ?", query.kind);
    filter("device = ?", query.device);
    filter("severity >= ?", query.severity && severityRank(query.severity));
    const [lastUs, id] = query.cursor?.split("_") ?? [];
    if (lastUs !== undefined && id !== undefined) {
      where.push("(last_us < ? OR (last_us = ? AND id > ?))");
      values.push(Number(lastUs), Number(lastUs), id);
    }
    const condition = where.length > 0 ? `WHERE ${where.join(" AND ")}` : "";
    const rows = this.#database
      .prepare(`SELECT id, last_us, body FROM incident ${condition} ORDER BY last_us DESC, id LIMIT ?`)
      .all(...values, query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(bodyOf<Incident>),
      next: rows.length > query.limit && last ? `${last.last_us}_${last.id}` : null,
    };
  }

  flows(query: FlowQuery): Page<FlowRow> {
    this.settle();
    return this.#flows.list(query);
  }

  applications(sinceUs: number): ApplicationRow[] {
    this.settle();
    return this.#flows.applications(sinceUs);
  }

  /** Removes some of what is older than its keeping time; called often. Returns the number of rows removed. */
  prune(nowUs: number, keepFlowsSeconds: number, keepIncidentsSeconds: number): number {
    const run = (sql: string, ...values: number[]): number =>
      Number(this.#database.prepare(sql).run(...values).changes);
    const incidentsUs = Math.trunc(nowUs - keepIncidentsSeconds * 1e6);
    return (
      this.#flows.prune(nowUs - keepFlowsSeconds * 1e6) +
      run("DELETE FROM incident WHERE status = 'resolved' AND last_us < ?", incidentsUs) +
      run(
        `DELETE FROM incident WHERE id IN (
           SELECT id FROM incident WHERE status = 'resolved' ORDER BY last_us DESC LIMIT -1 OFFSET ?)`,
        MAX_INCIDENTS,
      ) +
      run("DELETE FROM history WHERE at_us < ?", incidentsUs)
    );
  }

  /**
   * Ends incidents that count as going on but are not in `current`: the agent died before it could write down what it knew of them, so nobody
   * else will. Returns them as they are now.
   */
  resolveOrphans(current: ReadonlySet<string>): Incident[] {
    const orphans = this.#database
      .prepare("SELECT body FROM incident WHERE status <> 'resolved'")
      .all()
      .map(bodyOf<Incident>)
      .filter(({ id }) => !current.has(id))
      .map((incident) => ({ ...incident, status: "resolved" as const }));
    for (const incident of orphans) this.saveIncident(incident);
    return orphans;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }
}

const bodyOf = <T>(row: Record<string, unknown>): T => JSON.parse(String(row.body)) as T;
