import { RecentMap } from "./recent-map.ts";

interface Stream {
  /** Number that the next datagram should bear. */
  expected: number;
  /** Records of the last datagram. */
  records: number;
  /** What the numbers count; NetFlow 9 counts datagrams, and some exporters records all the same. */
  unit: "records" | "datagrams" | "unknown";
  /** Records and datagrams so far: a lost datagram is taken as a mean one. */
  allRecords: number;
  allDatagrams: number;
}

const MAX_STREAMS = 1024;
/** A jump farther than this is a restart of the exporter: nobody loses so many in one go. */
const MAX_LOST = 100_000;

/** Finds lost records by the sequence numbers of exporters, one count for each stream. */
export class SequenceCounter {
  readonly #streams = new RecentMap<string, Stream>(MAX_STREAMS);

  /** Returns how many records were lost before this datagram; `unit`: what its number counts. */
  lost(key: string, sequence: number, records: number, unit: Stream["unit"]): number {
    const known = this.#streams.get(key);
    if (known === undefined) {
      const expected = (sequence + (unit === "records" ? records : 1)) >>> 0;
      this.#streams.set(key, { expected, records, unit, allRecords: records, allDatagrams: 1 });
      return 0;
    }
    if (known.unit === "unknown") settleUnit(known, sequence);
    const gap = (sequence - known.expected) >>> 0;
    // One that comes late, after its successor: it was counted as lost.
    const isLate = gap > 0xffff_ffff - MAX_LOST;
    known.allRecords += records;
    known.allDatagrams++;
    known.records = records;
    if (isLate) return 0;
    known.expected = (sequence + (known.unit === "records" ? records : 1)) >>> 0;
    if (gap === 0 || gap > MAX_LOST || known.unit === "unknown") return 0;
    return known.unit === "records" ? gap : Math.round((gap * known.allRecords) / known.allDatagrams);
  }

  /** What came next cannot be foretold. */
  forget(key: string): void {
    this.#streams.delete(key);
  }
}

/** The first step from one datagram to the next tells; a step of one record says nothing. */
function settleUnit(stream: Stream, sequence: number): void {
  const step = (sequence - stream.expected + 1) >>> 0;
  if (stream.records === 1) return;
  if (step === 1) stream.unit = "datagrams";
  else if (step === stream.records) {
    stream.unit = "records";
    stream.expected = sequence;
  }
}
