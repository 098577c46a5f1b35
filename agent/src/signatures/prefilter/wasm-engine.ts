import { i32At, u8 } from "../../core/bytes.ts";
import type { Hits } from "./hits.ts";
import { WORK_FLOOR, WORK_PER_OCTET } from "./layout.ts";
import type { Prefilter } from "./prefilter.ts";
import type { TypescriptEngine } from "./typescript-engine.ts";

/** prefilter.wat: tables, window, number of the scan, work, place for hits, how many fit. */
export type ScanFunction = (
  base: number,
  off: number,
  end: number,
  stamp: number,
  work: number,
  hits: number,
  capacity: number,
) => number;

/** Where the parts of a prefilter lie in the memory that its module uses, in octets. */
export interface WasmPlaces {
  readonly tables: number;
  readonly hits: number;
  readonly staging: number;
  readonly stagingOctets: number;
}

/** Below so many octets a loop is faster than the call. */
const SHORT_COPY = 64;
/** Windows below so many octets are scanned in TypeScript: entering WebAssembly and leaving it costs more. */
const SHORT_WINDOW = 16;
const MAX_STAMP = 0x7fff_ffff;

/** The engine in WebAssembly. Octets that lie in its memory are scanned there; others are copied into it first. */
export class WasmEngine implements Prefilter {
  readonly engine = "wasm";
  readonly #scan: ScanFunction;
  readonly #memory: ArrayBuffer;
  readonly #octets: Uint8Array;
  readonly #found: Int32Array;
  readonly #stamps: Int32Array;
  readonly #places: WasmPlaces;
  readonly #patterns: number;
  readonly #twin: TypescriptEngine;
  #stamp = 0;

  /** `stamps` are those of the tables; `twin` works on the same tables, with stamps of its own. */
  constructor(
    scan: ScanFunction,
    memory: ArrayBuffer,
    places: WasmPlaces,
    stamps: Int32Array,
    patterns: number,
    twin: TypescriptEngine,
  ) {
    this.#scan = scan;
    this.#memory = memory;
    this.#octets = new Uint8Array(memory);
    this.#found = new Int32Array(memory, places.hits, 2 + 2 * patterns);
    this.#stamps = stamps;
    this.#places = places;
    this.#patterns = patterns;
    this.#twin = twin;
  }

  scan(buf: Uint8Array, off: number, end: number, hits: Hits): boolean {
    const length = end - off;
    const isHere = buf.buffer === this.#memory;
    if (length < SHORT_WINDOW || (length > this.#places.stagingOctets && !isHere))
      return this.#twin.scan(buf, off, end, hits);
    const place = isHere ? buf.byteOffset + off : this.#places.staging;
    if (!isHere) copyOctets(buf, off, end, this.#octets, place);
    if (this.#stamp === MAX_STAMP) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    const work = WORK_FLOOR + length * WORK_PER_OCTET;
    const result = this.#scan(
      this.#places.tables,
      place,
      place + length,
      ++this.#stamp,
      work,
      this.#places.hits,
      Math.min(hits.pairs.length >> 1, this.#patterns),
    );
    hits.count = result < 0 ? -1 - result : result;
    hits.work = i32At(this.#found, 0);
    const { pairs } = hits;
    for (let i = 0; i < hits.count * 2; i += 2) {
      pairs[i] = i32At(this.#found, i + 2);
      pairs[i + 1] = i32At(this.#found, i + 3) + off;
    }
    return result >= 0;
  }
}

/** Without a view of the part, which would be an object for each packet: Buffer's `copy` takes any Uint8Array. */
function copyOctets(from: Uint8Array, off: number, end: number, to: Uint8Array, place: number): void {
  if (end - off >= SHORT_COPY) Buffer.prototype.copy.call(from, to, place, off, end);
  else for (let i = off; i < end; i++) to[place + i - off] = u8(from, i);
}
