import type { TapFinding, TapFindingId, TapReport } from "@lanwarden/contract/doctor";
import type { TapProblem } from "@lanwarden/contract/status";
import type { Finding } from "../detect/define.ts";
import type { FindingSource } from "../detect/incident-book.ts";

/**
 * What is told by itself. Not: silence (the state of the tap says that), too little traffic (a home may sleep), devices past the tap and missing tags (a
 * home may be built so), merged or cut packets (of little harm, or wished), steps of the clock (they are over), notices. `lanwarden doctor` tells all of them to who asks.
 */
const TOLD: ReadonlySet<TapFindingId> = new Set<TapFindingId>([
  "only_broadcast",
  "own_traffic_only",
  "wan_side",
  "one_direction",
  "asymmetric_tcp",
  "duplicate_frames",
  "kernel_drops",
  "mirror_loss",
]);
/** Looks in a row that must agree: one may meet an odd minute. */
const LOOKS = 2;
/** A tap that has been healthy has proved itself: then a quiet evening with one device awake is likelier than a mirror that broke. */
const LOOKS_AFTER_HEALTH = 3;
/** Two hourly looks without it. */
const QUIET_SECONDS = 9000;

/** The source of incidents of the kind tap_problem. Low: nobody is in danger, and nobody is woken. */
const tapProblemSource: FindingSource = {
  id: "tap.problem",
  kind: "tap_problem",
  severity: "low",
  attack: [],
  advice: ["Run lanwarden doctor for all that is known of it."],
  quietSeconds: QUIET_SECONDS,
  signatureId: 7_700_900,
};

/** What looks at the tap agree on. Quiet: a home that is fine never hears of it. */
export class TapProblems {
  readonly #streaks = new Map<TapFindingId, number>();
  #wasHealthy = false;
  #sure: readonly TapFinding[] = [];

  /** Takes the outcome of a look; returns the problems that it makes sure, or confirms. */
  take(report: TapReport): readonly TapFinding[] {
    // Too little traffic to judge says nothing, for or against: what was sure stays so.
    if (report.verdict === "unsure" || report.seen.packets === 0) return [];
    if (report.verdict === "healthy") this.#wasHealthy = true;
    const found = report.findings.filter(({ id }) => TOLD.has(id));
    for (const id of this.#streaks.keys()) if (!found.some((finding) => finding.id === id)) this.#streaks.delete(id);
    for (const { id } of found) this.#streaks.set(id, (this.#streaks.get(id) ?? 0) + 1);
    const needed = this.#wasHealthy ? LOOKS_AFTER_HEALTH : LOOKS;
    this.#sure = found.filter(({ id }) => (this.#streaks.get(id) ?? 0) >= needed);
    return this.#sure;
  }

  /** Takes the outcome of a look, and opens or confirms the incidents of what is sure. */
  tell(report: TapReport, book: { report(source: FindingSource, finding: Finding): void }, atUs: number): void {
    for (const problem of this.take(report)) book.report(tapProblemSource, tapIncident(problem, report.source, atUs));
  }

  /** For the status. */
  get current(): TapProblem[] {
    return this.#sure.map(({ id, title }) => ({ id, title }));
  }
}

/** A problem as the incident book takes it. */
function tapIncident({ id, title, evidence, numbers, fix }: TapFinding, source: string, atUs: number): Finding {
  return {
    confidence: 1,
    attacker: null,
    victim: null,
    direction: "lateral",
    title: `Network tap: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    why: evidence,
    fields: { tap: source, finding: id, ...numbers },
    group: id,
    advice: [...fix, ...tapProblemSource.advice],
    atUs,
  };
}
