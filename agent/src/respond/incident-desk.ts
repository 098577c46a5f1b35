import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationAnswer, IsolationStateName, Refusal } from "@lanwarden/contract/isolation";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { Backend } from "./define.ts";
import { dryRun } from "./guard.ts";
import type { Policy } from "./policy.ts";
import type { IsolationRecord } from "./record.ts";
import type { ResponderHooks } from "./responder-options.ts";

type Response = Incident["response"];

export interface IncidentDeskOptions {
  readonly policy: Policy;
  readonly backends: readonly Backend[];
  readonly hooks: ResponderHooks;
  nowMs(): number;
  mode(): GuardMode;
  device(id: string): Device | undefined;
  incident(id: string): Incident | undefined;
  isolate(
    device: Device,
    incident: Incident,
    forSeconds: number | undefined,
    because: string,
  ): Promise<IsolationAnswer>;
}

/** Incidents that are remembered to have been dealt with; the oldest go. */
const MAX_KNOWN = 2000;

/** Refusals that a person can overrule or mend: the incident still wants its isolation. The others mean that there is to be none. */
const OPEN_REFUSALS: ReadonlySet<Refusal> = new Set(["too_many", "no_backend", "no_address"]);

/** What is known of an incident here. */
interface Case {
  response: string;
  hasAsked: boolean;
  isAsking: boolean;
  refusal: Refusal | undefined;
}

/** Takes incidents in, lets the policy decide, and tells each incident what is done about it. */
export class IncidentDesk {
  readonly #options: IncidentDeskOptions;
  readonly #cases = new Map<string, Case>();

  constructor(options: IncidentDeskOptions) {
    this.#options = options;
  }

  onIncident(incident: Incident): void {
    const { policy, mode, nowMs } = this.#options;
    // What is acknowledged or over has been decided.
    if (incident.status !== "open" || incident.device === null) return;
    const device = this.#options.device(incident.device);
    if (device === undefined) return;
    const decision = policy.decide(incident, device, nowMs());
    if (decision.do === "nothing") return;
    if (mode() === "monitor") this.#dryRun(incident, device);
    else if (decision.do === "ask" || mode() === "ask") this.#askPerson(incident, device);
    else void this.#act(incident, device, decision.forSeconds, decision.because);
  }

  /** An isolation changed: the incidents that it answers are told. */
  isolationChanged(record: IsolationRecord, state: IsolationStateName): void {
    const told = this.#responseState(record, state);
    if (told === undefined) return;
    for (const incident of record.incidents) this.#tell(incident, { wanted: "isolate", state: told });
  }

  /** After a restart: incidents that count as isolated, but whose isolation ended unseen. `records`: newest first. */
  catchUp(records: readonly IsolationRecord[]): void {
    for (const record of records) {
      if (record.releasedMs === null) continue;
      for (const id of record.incidents) {
        const incident = this.#options.incident(id);
        if (incident !== undefined && isUnderWay(incident) && !this.#cases.has(id))
          this.#tell(id, { wanted: "isolate", state: "released" });
      }
    }
  }

  #responseState(record: IsolationRecord, state: IsolationStateName): Response["state"] | undefined {
    if (record.releasedMs !== null) return "released";
    // On its way out it is still isolated, until it is not.
    if (!record.isWanted) return undefined;
    return state === "yes" ? "isolated" : state === "failed" ? "failed" : "pending";
  }

  #dryRun(incident: Incident, device: Device): void {
    // Also what was isolated before the mode was set back keeps its own word.
    if (incident.response.state !== "none" || this.#caseOf(incident.id).response !== "") return;
    this.#options.hooks.info(dryRun(device, this.#options.backends));
    this.#tell(incident.id, { wanted: "isolate", state: "dry_run" });
  }

  #askPerson(incident: Incident, device: Device): void {
    const known = this.#caseOf(incident.id);
    // What was answered once is not asked again, over a restart neither; a dry run was no question.
    const { wanted, state } = incident.response;
    if (known.hasAsked || (wanted === "isolate" && state !== "dry_run")) return;
    known.hasAsked = true;
    this.#tell(incident.id, { wanted: "isolate", state: "none" });
    this.#options.hooks.asks(incident, device);
  }

  async #act(incident: Incident, device: Device, forSeconds: number | undefined, because: string): Promise<void> {
    const known = this.#caseOf(incident.id);
    if (known.isAsking || isUnderWay(incident)) return;
    known.isAsking = true;
    try {
      const answer = await this.#options.isolate(device, incident, forSeconds, `${incident.title} (${because})`);
      if (answer.accepted) known.refusal = undefined;
      else this.#refused(incident, device, known, answer.code, answer.detail);
    } catch (error) {
      this.#options.hooks.warn(`${device.name} is not isolated: ${(error as Error).message}`);
    } finally {
      known.isAsking = false;
    }
  }

  #refused(incident: Incident, device: Device, known: Case, code: Refusal, detail: string): void {
    if (known.refusal === code) return;
    known.refusal = code;
    this.#options.hooks.info(`Not isolated by itself: ${detail}`);
    if (!OPEN_REFUSALS.has(code)) return;
    this.#tell(incident.id, { wanted: "isolate", state: "failed" });
    if (known.hasAsked) return;
    known.hasAsked = true;
    this.#options.hooks.asks(incident, device);
  }

  #tell(incidentId: string, response: Response): void {
    const known = this.#caseOf(incidentId);
    const text = `${response.wanted} ${response.state}`;
    if (known.response === text) return;
    known.response = text;
    this.#options.hooks.response(incidentId, response);
  }

  #caseOf(incidentId: string): Case {
    const known = this.#cases.get(incidentId);
    if (known !== undefined) return known;
    const fresh: Case = { response: "", hasAsked: false, isAsking: false, refusal: undefined };
    this.#cases.set(incidentId, fresh);
    const oldest = this.#cases.keys().next().value;
    if (this.#cases.size > MAX_KNOWN && oldest !== undefined) this.#cases.delete(oldest);
    return fresh;
  }
}

/** It is isolated already, or about to be. */
const isUnderWay = ({ response }: Incident): boolean => response.state === "pending" || response.state === "isolated";
