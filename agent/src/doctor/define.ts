import type { TapFindingId } from "@lanwarden/contract/doctor";
import type { TapObservation } from "./observation.ts";

/** What a finding says when it is there. */
export interface Judgement {
  /** Plain words, no full stop. */
  readonly title: string;
  /** Sentences with the counts. */
  readonly evidence: readonly string[];
  readonly numbers: Readonly<Record<string, number>>;
  /** Steps for a person, the most likely first, with commands. */
  readonly fix: readonly string[];
}

/** One thing that can be wrong with a tap. One file in doctor/findings each, and a section in docs/guides/doctor.md. */
export interface FindingUnit {
  readonly id: TapFindingId;
  /** `notice`: good to know, the tap is healthy all the same. */
  readonly level: "problem" | "notice";
  /** Findings that follow from this one: they are left out beside it. */
  readonly hides: readonly TapFindingId[];
  judge(seen: TapObservation): Judgement | undefined;
}

export const defineFinding = (unit: FindingUnit): FindingUnit => unit;
