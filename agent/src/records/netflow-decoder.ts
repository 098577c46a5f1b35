import { u8, u16, u32 } from "../core/bytes.ts";
import { LruMap } from "../core/lru-map.ts";
import type { ExportedFlow } from "./exported-flow.ts";
import { NetflowRecord } from "./netflow-record.ts";
import { type Template, Templates, VARIABLE } from "./netflow-templates.ts";
import { SequenceCounter } from "./sequence-counter.ts";

/** What a datagram came to. */
export interface Datagram {
  readonly flows: readonly ExportedFlow[];
  /** Records lost before it, as its sequence number shows. */
  readonly lost: number;
  /** One packet of so many is looked at by the exporter; 0 when not told. */
  readonly sampling: number;
  /** Sets whose template has not come yet. */
  readonly unknownSets: number;
  /** What is wrong with it; undefined when it could be read whole. */
  readonly fault: string | undefined;
}

const V5_HEADER = 24;
const V5_RECORD = 48;
const V5_MOST = 30;
const V9_HEADER = 20;
const IPFIX_HEADER = 16;
/** Records read of one datagram: 64 KiB hold no more that are of use. */
const MAX_RECORDS = 4096;

const MAX_STARTED = 256;

/** State while one datagram is read. */
class Reading implements Datagram {
  readonly flows: ExportedFlow[] = [];
  lost = 0;
  sampling = 0;
  unknownSets = 0;
  fault: string | undefined = undefined;
  /** Data records, options included. */
  records = 0;
  /** When the exporter was started, milliseconds since 1970; NaN when it did not tell. */
  initMs = Number.NaN;
}

/** Reads datagrams of NetFlow 5 and 9 (RFC 3954) and IPFIX (RFC 7011). Keeps the templates and sequence numbers of exporters. */
export class NetflowDecoder {
  readonly #templates = new Templates();
  readonly #sequences = new SequenceCounter();
  /** When exporters were started: IPFIX has no uptime in its header, and softflowd tells it in options. */
  readonly #started = new LruMap<string, number>(MAX_STARTED);

  /** Never throws. `exporter`: its address. */
  decode(buf: Uint8Array, exporter: string): Datagram {
    const reading = new Reading();
    const version = buf.length >= 2 ? u16(buf, 0) : -1;
    if (version === 5) this.#v5(buf, exporter, reading);
    else if (version === 9) this.#v9(buf, exporter, reading);
    else if (version === 10) this.#ipfix(buf, exporter, reading);
    else reading.fault = otherFormat(buf, version);
    return reading;
  }

  #v5(buf: Uint8Array, exporter: string, reading: Reading): void {
    const count = buf.length >= V5_HEADER ? u16(buf, 2) : 0;
    if (count < 1 || count > V5_MOST || V5_HEADER + count * V5_RECORD > buf.length) {
      reading.fault = "a cut datagram of NetFlow 5";
      return;
    }
    const uptimeMs = u32(buf, 4);
    const sampling = u16(buf, 22);
    reading.sampling = sampling >>> 14 === 0 ? 0 : sampling & 0x3fff;
    reading.records = count;
    for (let i = 0; i < count; i++) {
      const flow = v5Record(buf, V5_HEADER + i * V5_RECORD, u32(buf, 8), uptimeMs).flow();
      if (flow !== undefined) reading.flows.push(flow);
    }
    reading.lost = this.#sequences.lost(`${exporter} 5 ${u16(buf, 20)}`, u32(buf, 16), count, "records");
  }

  #v9(buf: Uint8Array, exporter: string, reading: Reading): void {
    if (buf.length < V9_HEADER) {
      reading.fault = "a cut datagram of NetFlow 9";
      return;
    }
    const scope = `${exporter} 9 ${u32(buf, 16)}`;
    this.#sets(buf, V9_HEADER, buf.length, scope, 0, u32(buf, 8), u32(buf, 4), reading);
    reading.lost = this.#sequences.lost(scope, u32(buf, 12), reading.records, "unknown");
  }

  #ipfix(buf: Uint8Array, exporter: string, reading: Reading): void {
    const length = buf.length >= IPFIX_HEADER ? u16(buf, 2) : 0;
    if (length < IPFIX_HEADER || length > buf.length) {
      reading.fault = "a cut message of IPFIX";
      return;
    }
    const scope = `${exporter} 10 ${u32(buf, 12)}`;
    reading.initMs = this.#started.get(scope) ?? Number.NaN;
    this.#sets(buf, IPFIX_HEADER, length, scope, 2, u32(buf, 4), Number.NaN, reading);
    if (!Number.isNaN(reading.initMs)) this.#started.set(scope, reading.initMs);
    // RFC 7011 §3.1: the number of data records before this message. Of unknown sets the number cannot be told.
    if (reading.unknownSets > 0) this.#sequences.forget(scope);
    else reading.lost = this.#sequences.lost(scope, u32(buf, 8), reading.records, "records");
  }

  /** `templateSet`: 0 in NetFlow 9, 2 in IPFIX; options templates come after it. */
  #sets(
    buf: Uint8Array,
    off: number,
    end: number,
    scope: string,
    templateSet: number,
    exportSeconds: number,
    uptimeMs: number,
    reading: Reading,
  ): void {
    let at = off;
    while (at + 4 <= end) {
      const id = u16(buf, at);
      const length = u16(buf, at + 2);
      const setEnd = at + length;
      if (length < 4 || setEnd > end) {
        reading.fault = "a set that passes the end of its datagram";
        return;
      }
      if (id === templateSet || id === templateSet + 1) {
        const isOptions = id === templateSet + 1;
        const count =
          templateSet === 0
            ? this.#templates.readV9(scope, buf, at + 4, setEnd, isOptions)
            : this.#templates.readIpfix(scope, buf, at + 4, setEnd, isOptions);
        if (count < 0) reading.fault = "a damaged template";
      } else if (id >= 256) {
        const template = this.#templates.get(scope, id);
        if (template === undefined) reading.unknownSets++;
        else readData(buf, at + 4, setEnd, template, exportSeconds, uptimeMs, reading);
      }
      at = setEnd;
    }
  }
}

function readData(
  buf: Uint8Array,
  off: number,
  end: number,
  template: Template,
  exportSeconds: number,
  uptimeMs: number,
  reading: Reading,
): void {
  let at = off;
  // What is shorter than any record is padding (RFC 7011 §3.3.1).
  while (at + template.leastOctets <= end && reading.records < MAX_RECORDS) {
    const record = new NetflowRecord(exportSeconds, uptimeMs, reading.initMs);
    const next = readRecord(buf, at, end, template, record);
    if (next < 0) {
      reading.fault = "a record that passes the end of its set";
      return;
    }
    at = next;
    reading.records++;
    if (template.isOptions) {
      reading.sampling = record.sampling.rate || reading.sampling;
      reading.initMs = record.initMs;
    } else {
      const flow = record.flow();
      if (flow !== undefined) reading.flows.push(flow);
    }
  }
}

/** Reads one record; returns where the next begins, -1 when it passes the end. */
function readRecord(buf: Uint8Array, off: number, end: number, { fields }: Template, record: NetflowRecord): number {
  let at = off;
  for (const { id, isReverse, length: told } of fields) {
    let length = told;
    if (told === VARIABLE) {
      if (at + 1 > end) return -1;
      length = u8(buf, at++);
      if (length === 255) {
        if (at + 2 > end) return -1;
        length = u16(buf, at);
        at += 2;
      }
    }
    if (at + length > end) return -1;
    if (id !== 0) record.take(id, isReverse, buf, at, length);
    at += length;
  }
  return at;
}

/** The fixed record of NetFlow 5, as the elements that it consists of: [element, offset, octets]. */
const V5_FIELDS: readonly (readonly [number, number, number])[] = [
  [8, 0, 4],
  [12, 4, 4],
  [2, 16, 4],
  [1, 20, 4],
  [22, 24, 4],
  [21, 28, 4],
  [7, 32, 2],
  [11, 34, 2],
  [6, 37, 1],
  [4, 38, 1],
];

function v5Record(buf: Uint8Array, off: number, exportSeconds: number, uptimeMs: number): NetflowRecord {
  const record = new NetflowRecord(exportSeconds, uptimeMs);
  for (const [id, at, length] of V5_FIELDS) record.take(id, false, buf, off + at, length);
  return record;
}

/** Names what else routers export. */
function otherFormat(buf: Uint8Array, version: number): string {
  if (version === 0 && buf.length >= 28 && u32(buf, 0) === 5)
    return "sFlow, which is not read: choose NetFlow 9 or IPFIX";
  if (version === 1 || version === 7 || version === 8)
    return `NetFlow version ${version}, which is not read: choose version 9, 5 or IPFIX`;
  return "no NetFlow and no IPFIX";
}
