import type { IncidentKind } from "@lanwarden/contract/kinds";
import type { AnyDetection } from "../detect/define.ts";
import { detections } from "../detect/registry.gen.ts";
import type { RecordSourceKind } from "../records/define.ts";
import { isLiveSource, isLiveTap, recordKindOf } from "./sources.ts";
import { TapState } from "./tap-state.ts";

/** How far a detection works on an input, and why no further. */
export interface Coverage {
  readonly detection: string;
  readonly kind: IncidentKind;
  readonly works: "yes" | "partly" | "no";
  readonly why: string;
}

type Entry = Readonly<Record<string, unknown>>;
const GUIDE = "docs/guides/tap-flows.md";

/** What each detection hears of this kind of records: the events that they can make, against those it listens to. */
export function coverageOf(input: Pick<RecordSourceKind<unknown>, "events" | "limits">): Coverage[] {
  const has: ReadonlySet<string> = new Set(input.events);
  return detections.map((detection: AnyDetection): Coverage => {
    const { id, kind, on } = detection;
    // Tries are made of flows.
    const needed = [...Object.keys(on), ...(detection.attempt ? ["flow"] : [])];
    const limit = input.limits[id];
    if (!needed.some((name) => has.has(name)))
      return { detection: id, kind, works: "no", why: `needs ${needed.join(" or ")}, which it does not tell` };
    return { detection: id, kind, works: limit?.works ?? "yes", why: limit?.why ?? "" };
  });
}

/** What the sources of a configuration show together, and what none of them can. */
export class Inputs {
  /** No packets are seen, live or from a file: other programs' records are all. */
  readonly isRecordsOnly: boolean;
  /** Packets are seen live: only then does silence prove that a device is silent. */
  readonly hasLiveTap: boolean;
  /** Kinds of incident that cannot come about; empty where packets are seen. */
  readonly blindTo: readonly IncidentKind[];
  /** One line for each kind of records, for the log. */
  readonly lines: readonly string[];

  readonly #sources: readonly Entry[];

  /** Entries of `sources`; none for the sample home. */
  constructor(sources: readonly Entry[]) {
    this.#sources = sources;
    this.hasLiveTap = sources.some(isLiveTap);
    const kinds = [...new Set(sources.map(recordKindOf))].filter((kind) => kind !== undefined);
    this.isRecordsOnly = sources.length > 0 && sources.every((source) => recordKindOf(source) !== undefined);
    const all = kinds.map(coverageOf);
    this.blindTo = this.isRecordsOnly
      ? detections.filter((_, i) => all.every((rows) => rows[i]?.works === "no")).map(({ kind }) => kind)
      : [];
    this.lines = kinds.map((kind, i) => lineOf(kind, all[i] ?? []));
  }

  newTapState(): TapState {
    return new TapState(this.#sources.length === 0 ? [false] : this.#sources.map(isLiveSource), this.isRecordsOnly);
  }
}

function lineOf({ type, label }: RecordSourceKind<unknown>, rows: readonly Coverage[]): string {
  const of = (works: Coverage["works"]): Coverage[] => rows.filter((row) => row.works === works);
  const names = (list: readonly Coverage[]): string => list.map(({ kind }) => kind).join(", ");
  const [full, part, none] = [of("yes"), of("partly"), of("no")];
  return `source ${type}: ${label} shows less than packets do: ${full.length} of ${rows.length} detections work with it${
    part.length > 0 ? `, in part ${names(part)}` : ""
  }${none.length > 0 ? `, not ${names(none)}` : ""} (${GUIDE} says why)`;
}
