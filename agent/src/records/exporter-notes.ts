import { LruMap } from "../core/lru-map.ts";
import type { Datagram } from "./netflow-decoder.ts";

interface Note {
  sampling: number;
  unknownSets: number;
  lost: number;
  readonly told: Set<string>;
}

const MAX_EXPORTERS = 256;
/** Different complaints about one exporter. */
const MAX_TOLD = 8;
/** Templates are sent again every minute to every half hour; by this many sets without one they should have come. */
const UNKNOWN_SETS = 100;
/** Lost records after which it is said once; the share stands in the status all the time. */
const MANY_LOST = 100;

/** What is to be remembered of exporters, and said of them once. */
export class ExporterNotes {
  readonly #notes = new LruMap<string, Note>(MAX_EXPORTERS);
  readonly #given: number;
  readonly #warn: (message: string) => void;

  /** `given`: the sampling that the user says; 0 = none. */
  constructor(given: number, warn: (message: string) => void) {
    this.#given = given;
    this.#warn = warn;
  }

  /** Takes what a datagram says of its exporter; returns the sampling that the exporter told last, 0 when none. */
  note(exporter: string, { fault, lost, sampling, unknownSets }: Datagram): number {
    const note = this.#of(exporter);
    if (sampling > 0) note.sampling = sampling;
    const rate = this.#given || note.sampling;
    if (rate > 1)
      this.#tell(
        note,
        `${exporter} looks at one packet of ${rate} only: short connections are missed, and searches for open doors cannot be seen`,
      );
    if (fault !== undefined) this.#tell(note, `${exporter} sends ${fault}`);
    note.unknownSets = unknownSets === 0 ? 0 : note.unknownSets + unknownSets;
    if (note.unknownSets >= UNKNOWN_SETS)
      this.#tell(
        note,
        `${exporter} sends records but not their description (template): let it send templates every minute`,
      );
    note.lost += lost;
    if (note.lost >= MANY_LOST)
      this.#tell(
        note,
        `${note.lost} flow records of ${exporter} were lost on the way here, as its numbers show`,
        "lost",
      );
    return note.sampling;
  }

  #tell(note: Note, message: string, key = message): void {
    if (note.told.has(key) || note.told.size >= MAX_TOLD) return;
    note.told.add(key);
    this.#warn(message);
  }

  #of(exporter: string): Note {
    let note = this.#notes.get(exporter);
    if (note === undefined) {
      note = { sampling: 0, unknownSets: 0, lost: 0, told: new Set() };
      this.#notes.set(exporter, note);
    }
    return note;
  }
}
