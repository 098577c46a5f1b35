import { LruMap } from "../core/lru-map.ts";

interface Stream {
  /** Number of the last datagram, and its records. */
  sequence: number;
  records: number;
  /** What the numbers count; NetFlow 9 counts datagrams, and some exporters records all the same. */
  unit: "records" | "datagrams" | "unknown";
  /** How often a number fitted if it counts the records before its datagram, and if it counts its own too (softflowd). */
  before: number;
  including: number;
  /** Records and datagrams so far: a lost datagram is taken as a mean one. */
  allRecords: number;
  allDatagrams: number;
}

const MAX_STREAMS = 1024;
/** A jump farther than this is a restart of the exporter: nobody loses so many in one go. */
const MAX_LOST = 100_000;

/** Finds lost records by the sequence numbers of exporters, one count for each stream. */
export class SequenceCounter {
  readonly #streams = new LruMap<string, Stream>(MAX_STREAMS);

  /** Returns how many records were lost before this datagram; `unit`: what its number counts. */
  lost(key: string, sequence: number, records: number, unit: Stream["unit"]): number {
    const stream = this.#streams.get(key);
    if (stream === undefined) {
      this.#streams.set(key, {
        sequence,
        records,
        unit,
        before: 0,
        including: 0,
        allRecords: records,
        allDatagrams: 1,
      });
      return 0;
    }
    const step = (sequence - stream.sequence) >>> 0;
    stream.allRecords += records;
    stream.allDatagrams++;
    // One that comes late, after its successor: it was counted as lost.
    if (step > 0xffff_ffff - MAX_LOST) return 0;
    const gap = gapOf(stream, step, records);
    stream.sequence = sequence;
    stream.records = records;
    if (gap <= 0 || gap > MAX_LOST) return 0;
    return stream.unit === "datagrams" ? Math.round((gap * stream.allRecords) / stream.allDatagrams) : gap;
  }

  /** What came next cannot be foretold. */
  forget(key: string): void {
    this.#streams.delete(key);
  }
}

/** How much farther the number went than it should have; learns meanwhile what it counts. */
function gapOf(stream: Stream, step: number, records: number): number {
  if (stream.unit === "unknown") {
    // A step of one record says nothing.
    if (step === 1 && stream.records > 1) stream.unit = "datagrams";
    else if (step === stream.records && step > 1) stream.unit = "records";
    return 0;
  }
  if (stream.unit === "datagrams") return step - 1;
  const [before, including] = [step - stream.records, step - records];
  if (before === 0) stream.before++;
  if (including === 0) stream.including++;
  if (before === 0 || including === 0) return 0;
  return stream.including > stream.before ? including : before;
}
