import type { StreamEvents } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import { severityRank } from "@lanwarden/contract/kinds";

/** Incidents remembered; the agent tells at most 500 anew. */
const MAX_INCIDENTS = 2000;

/** What an incident was like when it was last told. */
type Told = readonly [status: Incident["status"], severity: Incident["severity"], count: number, rest: string];

export type IncidentEvent = StreamEvents["incident"];

/**
 * What was told of each incident, so that of a state told anew only the news goes out. Bounded: who was not heard of for longest is
 * forgotten first.
 */
export class Ledger {
  readonly #told: Map<string, Told>;

  constructor(saved: readonly (readonly [string, Told])[] = []) {
    this.#told = new Map(saved);
  }

  /** For keeping: what the constructor takes. */
  entries(): [string, Told][] {
    return [...this.#told];
  }

  has(id: string): boolean {
    return this.#told.has(id);
  }

  /** Writes down what is told now. */
  note(incident: Incident): void {
    this.#told.delete(incident.id);
    this.#told.set(incident.id, toldOf(incident));
    if (this.#told.size <= MAX_INCIDENTS) return;
    const oldest = this.#told.keys().next().value;
    if (oldest !== undefined) this.#told.delete(oldest);
  }

  /** An incident told anew, without a number: the change since it was last told; undefined when there is none. */
  changeSince(incident: Incident): string | undefined {
    const before = this.#told.get(incident.id);
    const now = toldOf(incident);
    if (before === undefined) return incident.status === "open" ? "opened" : incident.status;
    if (before.every((part, index) => part === now[index])) return undefined;
    if (before[0] !== now[0]) return now[0] === "open" ? "reopened" : now[0];
    return severityRank(now[1]) > severityRank(before[1]) ? "escalated" : "updated";
  }
}

function toldOf({ status, severity, count, response, evidence }: Incident): Told {
  return [status, severity, count, `${response.wanted} ${response.state} ${evidence.fields.pool ?? ""}`];
}
