import type { IsolationLevel, IsolationRow, IsolationStateName } from "@lanwarden/contract/isolation";
import { isoTime } from "../core/time-text.ts";
import type { JournalRow } from "./journal.ts";

/** What a line of the journal says. */
export type Step =
  | {
      readonly step: "requested";
      readonly device: string;
      readonly name: string;
      readonly mac: string | null;
      readonly ips: readonly string[];
      readonly by: string;
      readonly reason: string;
      readonly incident: string | null;
      readonly untilMs: number | null;
    }
  /** It is in force already, and answers this incident too. */
  | { readonly step: "answers"; readonly incident: string; readonly untilMs: number | null }
  | {
      readonly step: "applying";
      readonly backend: string;
      readonly level: IsolationLevel;
      readonly mac: string | null;
      readonly ips: readonly string[];
    }
  | { readonly step: "applied"; readonly backend: string }
  | { readonly step: "verified"; readonly proof: "router" | "tap" }
  /** `backend` null: all of it took no effect. */
  | { readonly step: "failed"; readonly backend: string | null; readonly detail: string }
  | { readonly step: "releasing"; readonly by: string; readonly isPerson: boolean }
  | { readonly step: "reverted"; readonly backend: string }
  | { readonly step: "released" };

/** What one back-end holds of an isolation, as the journal knows it. `applying`: perhaps there, perhaps not. */
export interface Hold {
  readonly level: IsolationLevel;
  readonly state: "applying" | "applied" | "reverted";
  readonly mac: string | null;
  readonly ips: readonly string[];
}

/** One isolation, folded from its steps. */
export interface IsolationRecord {
  readonly id: string;
  readonly device: string;
  readonly name: string;
  readonly mac: string | null;
  readonly ips: readonly string[];
  readonly by: string;
  readonly reason: string;
  /** Incidents that it answers, the first first. */
  readonly incidents: readonly string[];
  readonly requestedMs: number;
  /** null = only when released. */
  readonly untilMs: number | null;
  /** False once it is to end. */
  readonly isWanted: boolean;
  readonly holds: ReadonlyMap<string, Hold>;
  /** First time that a back-end held it. */
  readonly sinceMs: number | null;
  readonly isVerified: boolean;
  /** Why it failed, last. */
  readonly detail: string | null;
  readonly releasedMs: number | null;
  /** A person ended it: the incidents are not answered again. */
  readonly isReleasedByPerson: boolean;
}

/** Most incidents that an isolation remembers to answer. */
const MAX_INCIDENTS = 64;

const LEVEL_RANK: Readonly<Record<IsolationLevel, number>> = { dns: 0, "wan-ipv4": 1, wan: 2, l2: 3 };

/** The row of a step for the journal. */
export function rowOf(isolation: string, atMs: number, { step, ...body }: Step): JournalRow {
  return { isolation, atMs, step, body: JSON.stringify(body) };
}

/** All isolations of a journal by id, in order of their first step. Rows of isolations whose beginning is gone are left out. */
export function foldRows(rows: readonly JournalRow[]): Map<string, IsolationRecord> {
  const records = new Map<string, IsolationRecord>();
  for (const { isolation, atMs, step, body } of rows) {
    const next = fold(records.get(isolation), isolation, atMs, { step, ...(JSON.parse(body) as object) } as Step);
    if (next !== undefined) records.set(isolation, next);
  }
  return records;
}

/** The isolation after one more step. */
export function fold(
  record: IsolationRecord | undefined,
  id: string,
  atMs: number,
  step: Step,
): IsolationRecord | undefined {
  if (step.step === "requested") return requested(record, id, atMs, step);
  if (record === undefined) return undefined;
  switch (step.step) {
    case "answers":
      return { ...record, incidents: withIncident(record.incidents, step.incident), untilMs: step.untilMs };
    case "applying": {
      const { backend, level, mac, ips } = step;
      // Applied anew, it holds meanwhile as it did before.
      const state = record.holds.get(backend)?.state === "applied" ? "applied" : "applying";
      return withHold(record, backend, { level, mac, ips, state });
    }
    case "applied":
      return { ...withState(record, step.backend, "applied"), sinceMs: record.sinceMs ?? atMs, detail: null };
    case "verified":
      return { ...record, isVerified: true, detail: null };
    case "failed":
      return failed(record, step.backend, step.detail);
    case "releasing":
      return { ...record, isWanted: false, isReleasedByPerson: step.isPerson };
    case "reverted":
      return withState(record, step.backend, "reverted");
    case "released":
      return { ...record, isWanted: false, releasedMs: atMs };
  }
}

function requested(
  record: IsolationRecord | undefined,
  id: string,
  atMs: number,
  { step: _, incident, ...asked }: Extract<Step, { step: "requested" }>,
): IsolationRecord {
  return {
    id,
    ...asked,
    incidents: withIncident(record?.incidents ?? [], incident),
    requestedMs: record?.requestedMs ?? atMs,
    isWanted: true,
    holds: record?.holds ?? new Map(),
    sinceMs: record?.isWanted === true ? record.sinceMs : null,
    isVerified: false,
    detail: null,
    releasedMs: null,
    isReleasedByPerson: false,
  };
}

/** A back-end that failed may hold it or not; what took no effect is not proven any more. */
function failed(record: IsolationRecord, backend: string | null, detail: string): IsolationRecord {
  if (backend === null) return { ...record, isVerified: false, detail };
  const isHeld = record.holds.has(backend) && record.holds.get(backend)?.state !== "reverted";
  return { ...(isHeld ? withState(record, backend, "applying") : record), detail };
}

const withIncident = (incidents: readonly string[], incident: string | null): readonly string[] =>
  incident === null || incidents.includes(incident) ? incidents : [...incidents, incident].slice(-MAX_INCIDENTS);

const withHold = (record: IsolationRecord, backend: string, hold: Hold): IsolationRecord => ({
  ...record,
  holds: new Map(record.holds).set(backend, hold),
});

function withState(record: IsolationRecord, backend: string, state: Hold["state"]): IsolationRecord {
  const hold = record.holds.get(backend);
  return hold === undefined ? record : withHold(record, backend, { ...hold, state });
}

/** Names of the back-ends whose hold is in one of these states, sorted. */
export const heldBy = (record: IsolationRecord, ...states: readonly Hold["state"][]): string[] =>
  [...record.holds]
    .filter(([, { state }]) => states.includes(state))
    .map(([backend]) => backend)
    .sort();

/** The strongest level in force; null when nothing is. */
export function levelOf(record: IsolationRecord, ...states: readonly Hold["state"][]): IsolationLevel | null {
  let strongest: IsolationLevel | null = null;
  for (const { level, state } of record.holds.values()) {
    if (!states.includes(state)) continue;
    if (strongest === null || LEVEL_RANK[level] > LEVEL_RANK[strongest]) strongest = level;
  }
  return strongest;
}

/** The row of the list of isolations. `state` and `detail` as they are told of the device now. */
export function listRow(record: IsolationRecord, state: IsolationStateName, detail: string | null): IsolationRow {
  const isOver = record.releasedMs !== null;
  const states: Hold["state"][] = isOver ? ["applying", "applied", "reverted"] : ["applying", "applied"];
  return {
    id: record.id,
    device: record.device,
    name: record.name,
    state,
    backend: heldBy(record, ...states).join(" + "),
    level: levelOf(record, ...states),
    requested: isoTime(record.requestedMs * 1000),
    until: record.untilMs === null ? null : isoTime(record.untilMs * 1000),
    released: record.releasedMs === null ? null : isoTime(record.releasedMs * 1000),
    by: record.by,
    reason: record.reason,
    incident: record.incidents[0] ?? null,
    detail,
  };
}
