import type { IsolationState } from "@lanwarden/contract/isolation";
import { isoTime } from "../core/time-text.ts";
import { heldBy, type IsolationRecord, levelOf } from "./record.ts";
import type { Verifier } from "./verifier.ts";

export const NOT_ISOLATED: IsolationState = { state: "no", backend: null, level: null, since: null, until: null };

const timeOf = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : isoTime(ms * 1000);

/** The state of a device's isolation as people and machines are told it. `problems`: what goes wrong at each back-end. */
export function stateOf(
  record: IsolationRecord,
  verifier: Verifier,
  problems: readonly string[],
  isTapSilent: boolean,
): IsolationState {
  const held = heldBy(record, "applied");
  const isHeld = held.length > 0;
  const state = !record.isWanted ? "pending" : isHeld ? verifier.state : problems.length > 0 ? "failed" : "pending";
  return {
    state,
    backend: held.length > 0 ? held.join(" + ") : null,
    level: levelOf(record, "applied"),
    since: timeOf(record.sinceMs),
    until: timeOf(record.untilMs),
    silent_since: state === "yes" ? timeOf(verifier.silentSinceMs) : null,
    proof: state === "yes" ? verifier.proof : "none",
    by: record.by,
    detail: detailOf(record, state, verifier, problems, isTapSilent),
  };
}

function detailOf(
  record: IsolationRecord,
  state: IsolationState["state"],
  verifier: Verifier,
  problems: readonly string[],
  isTapSilent: boolean,
): string | null {
  const trouble = problems.length === 0 ? null : sentence(problems.join("; "));
  if (!record.isWanted) return trouble === null ? null : `It cannot be let in again yet. ${trouble}`;
  const isHeld = heldBy(record, "applied").length > 0;
  if (state === "failed" && isHeld) return noEffect(record);
  if (state === "failed") return trouble;
  const proof =
    state === "yes" && verifier.proof === "router" && isTapSilent
      ? "The router says that it is shut off; the tap does not see it now, so it is not proven."
      : null;
  const rest = trouble === null || state === "pending" ? trouble : `Not by all: ${trouble}`;
  return [proof, rest].filter((part) => part !== null).join(" ") || null;
}

/** What is said when packets go on. */
export const noEffect = (record: IsolationRecord): string =>
  `${heldBy(record, "applied").join(" and ")} ${heldBy(record, "applied").length === 1 ? "says" : "say"} that ${record.name} is shut off, but packets still reach it.`;

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
