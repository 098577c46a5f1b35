import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { ApplicationRow, FlowRow, HistoryPoint, Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { SEVERITIES, type Severity, severityRank } from "@lanwarden/contract/kinds";
import { isoTime, parseTimeUs } from "../core/time-text.ts";

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

export interface FlowQuery {
  device?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Most changes kept in memory before they are written; flows beyond it are dropped and counted, incidents and devices never are. */
const MAX_PENDING_FLOWS = 20_000;
/** Stream events kept for clients that come back (Last-Event-ID). */
const MAX_STREAM = 10_000;

/**
 * What the home remembers. Writes are gathered and committed by {@link flush} in one transaction, which the owner calls about twice a second:
 * a crash loses at most what came since.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #incidents = new Map<string, Incident>();
  readonly #devices = new Map<string, Device>();
  #flows: FlowRow[] = [];
  #stream: { id: number; event: string; body: string }[] = [];
  #streamId: number;
  readonly #snapshots = new Map<string, string>();
  readonly #statements: {
    incident: StatementSync;
    device: StatementSync;
    flow: StatementSync;
    stream: StatementSync;
    snapshot: StatementSync;
  };
  /** Flow records that were not kept because writing fell behind. */
  droppedFlows = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = {
      incident: database.prepare(
        `INSERT INTO incident (id, kind, device, severity, status, first_us, last_us, body) VALUES (?,?,?,?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET severity=excluded.severity, status=excluded.status, last_us=excluded.last_us, body=excluded.body`,
      ),
      device: database.prepare(
        "INSERT INTO device (id, last_us, body) VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET last_us=excluded.last_us, body=excluded.body",
      ),
      flow: database.prepare(
        "INSERT INTO flow (end_us, client_device, server_device, app, category, bytes, body) VALUES (?,?,?,?,?,?,?)",
      ),
      stream: database.prepare("INSERT INTO stream (id, event, body) VALUES (?,?,?)"),
      snapshot: database.prepare(
        "INSERT INTO snapshot (name, body) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET body=excluded.body",
      ),
    };
    this.#streamId = Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'stream'").get()?.seq ?? 0);
  }

  saveIncident(incident: Incident): void {
    this.#incidents.set(incident.id, structuredClone(incident));
  }

  saveDevice(device: Device): void {
    this.#devices.set(device.id, structuredClone(device));
  }

  saveFlow(flow: FlowRow): void {
    if (this.#flows.length >= MAX_PENDING_FLOWS) this.droppedFlows++;
    else this.#flows.push(flow);
  }

  /** State of a part (baselines, rules) under a name; replaces the former. */
  saveSnapshot(name: string, body: unknown): void {
    this.#snapshots.set(name, JSON.stringify(body));
  }

  snapshot(name: string): unknown {
    const pending = this.#snapshots.get(name);
    const body = pending ?? this.#database.prepare("SELECT body FROM snapshot WHERE name = ?").get(name)?.body;
    return typeof body === "string" ? JSON.parse(body) : undefined;
  }

  /** Keeps an event for replay and returns its number. */
  appendStream(event: string, body: string): number {
    this.#streamId++;
    this.#stream.push({ id: this.#streamId, event, body });
    return this.#streamId;
  }

  get lastStreamId(): number {
    return this.#streamId;
  }

  /** Events after `id`, oldest first, at most `limit`. */
  streamAfter(id: number, limit = 1000): { id: number; event: string; body: string }[] {
    this.flush();
    const rows = this.#database
      .prepare("SELECT id, event, body FROM stream WHERE id > ? ORDER BY id LIMIT ?")
      .all(id, limit);
    return rows.map((row) => ({ id: Number(row.id), event: String(row.event), body: String(row.body) }));
  }

  recordHistory(atUs: number, score: number, openIncidents: number): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO history (at_us, score, open_incidents) VALUES (?,?,?)")
      .run(Math.trunc(atUs), score, openIncidents);
  }

  history(sinceUs: number, limit = 2000): HistoryPoint[] {
    const rows = this.#database
      .prepare("SELECT at_us, score, open_incidents FROM history WHERE at_us >= ? ORDER BY at_us DESC LIMIT ?")
      .all(sinceUs, limit);
    return rows
      .reverse()
      .map((row) => ({
        at: isoTime(Number(row.at_us)),
        score: Number(row.score),
        open_incidents: Number(row.open_incidents),
      }));
  }

  /** Writes what is pending in one transaction. */
  flush(): void {
    if (
      this.#incidents.size + this.#devices.size + this.#flows.length + this.#stream.length + this.#snapshots.size ===
      0
    )
      return;
    const { incident, device, flow, stream, snapshot } = this.#statements;
    this.#database.exec("BEGIN");
    try {
      for (const item of this.#incidents.values()) {
        incident.run(
          item.id,
          item.kind,
          item.device,
          severityRank(item.severity),
          item.status,
          parseTimeUs(item.first_seen),
          parseTimeUs(item.last_seen),
          JSON.stringify(item),
        );
      }
      for (const item of this.#devices.values()) device.run(item.id, parseTimeUs(item.last_seen), JSON.stringify(item));
      for (const item of this.#flows) {
        const bytes = item.bytes_to_client + item.bytes_to_server;
        flow.run(
          parseTimeUs(item.end),
          item.client_device,
          item.server_device,
          item.app,
          item.category,
          bytes,
          JSON.stringify(item),
        );
      }
      for (const item of this.#stream) stream.run(item.id, item.event, item.body);
      for (const [name, body] of this.#snapshots) snapshot.run(name, body);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
    this.#incidents.clear();
    this.#devices.clear();
    this.#flows = [];
    this.#stream = [];
    this.#snapshots.clear();
  }

  devices(): Device[] {
    this.flush();
    return this.#database
      .prepare("SELECT body FROM device ORDER BY id")
      .all()
      .map(bodyOf<Device>);
  }

  incident(id: string): Incident | undefined {
    this.flush();
    const row = this.#database.prepare("SELECT body FROM incident WHERE id = ?").get(id);
    return row === undefined ? undefined : bodyOf<Incident>(row);
  }

  /** Newest first. */
  incidents(query: IncidentQuery): Page<Incident> {
    this.flush();
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
    filter("severity >= ?", query.severity === undefined ? undefined : SEVERITIES.indexOf(query.severity));
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

  /** Newest first. */
  flows(query: FlowQuery): Page<FlowRow> {
    this.flush();
    const before = Number(query.cursor ?? Number.MAX_SAFE_INTEGER);
    const rows =
      query.device === undefined
        ? this.#database
            .prepare("SELECT id, body FROM flow WHERE id < ? ORDER BY id DESC LIMIT ?")
            .all(before, query.limit + 1)
        : this.#database
            .prepare(
              "SELECT id, body FROM flow WHERE id < ? AND (client_device = ? OR server_device = ?) ORDER BY id DESC LIMIT ?",
            )
            .all(before, query.device, query.device, query.limit + 1);
    const shown = rows.slice(0, query.limit);
    return { items: shown.map(bodyOf<FlowRow>), next: rows.length > query.limit ? String(shown.at(-1)?.id) : null };
  }

  /** Octets per application since a time, most first. */
  applications(sinceUs: number, limit = 100): ApplicationRow[] {
    this.flush();
    const rows = this.#database
      .prepare(
        `SELECT app, max(category) AS category, sum(bytes) AS bytes, count(*) AS flows, count(DISTINCT client_device) AS devices
         FROM flow WHERE end_us >= ? AND app IS NOT NULL GROUP BY app ORDER BY bytes DESC LIMIT ?`,
      )
      .all(sinceUs, limit);
    return rows.map((row) => ({
      app: String(row.app),
      category: String(row.category ?? ""),
      bytes: Number(row.bytes),
      flows: Number(row.flows),
      devices: Number(row.devices),
    }));
  }

  /** Removes what is older than its keeping time. Returns the number of rows removed. */
  prune(nowUs: number, keepFlowsSeconds: number, keepIncidentsSeconds: number): number {
    const run = (sql: string, value: number): number => Number(this.#database.prepare(sql).run(value).changes);
    return (
      run("DELETE FROM flow WHERE end_us < ?", Math.trunc(nowUs - keepFlowsSeconds * 1e6)) +
      run(
        "DELETE FROM incident WHERE status = 'resolved' AND last_us < ?",
        Math.trunc(nowUs - keepIncidentsSeconds * 1e6),
      ) +
      run("DELETE FROM history WHERE at_us < ?", Math.trunc(nowUs - keepIncidentsSeconds * 1e6)) +
      run("DELETE FROM stream WHERE id <= ?", this.#streamId - MAX_STREAM)
    );
  }

  close(): void {
    this.flush();
    this.#database.close();
  }
}

const bodyOf = <T>(row: Record<string, unknown>): T => JSON.parse(String(row.body)) as T;
