/**
 * The reader of one capture format: walks the records that lie whole in a buffer and hands their frames to a sink in place.
 *
 * Law   A reader never consumes part of a record. `need` is always more than what it was shown of the record, so a caller that collects
 *       `need` octets and asks again makes progress.
 */
export interface RecordReader {
  /** Octets of the unfinished record that must be there before it is worth asking again. */
  readonly need: number;
  /** Why nothing more can be read, in plain words; empty while all is well. */
  readonly fault: string;
  /**
   * Delivers the frames of all whole records in [off, end).
   * Returns the offset of the first record that is not whole; more than `end` when octets beyond it are of no interest and must be skipped.
   * With `fault` set, the offset of the damaged record.
   */
  walk(buf: Uint8Array, off: number, end: number): number;
}

/** Longest frame taken, octets: libpcap's MAXIMUM_SNAPLEN, beyond which tcpdump and Wireshark call a record damaged too. */
export const MAX_FRAME = 262_144;

/** LINKTYPE_RAW of the file format. Files of some systems carry their own DLT_RAW, 12 (most) or 14 (OpenBSD), instead. */
const LINKTYPE_RAW = 101;

/** One number for raw IP, whichever system wrote the file. */
export function normalLinkType(linkType: number): number {
  return linkType === 12 || linkType === 14 ? LINKTYPE_RAW : linkType;
}
