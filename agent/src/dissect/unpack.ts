import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from "node:zlib";

/** Content codings of RFC 9110 §8.4.1, RFC 7932 (br) and RFC 8878 (zstd); "raw" is deflate without a wrapper, as WebSockets have it (RFC 7692). */
export type Coding = "gzip" | "deflate" | "br" | "zstd" | "raw";

/** Most octets that one call of the library may make. */
const MOST_OUT = 65_536;
/**
 * Of packed octets that make more than MOST_OUT, half as many are tried again, down to so few: a bomb. Text packs ten to one, pages of blanks fifty to
 * one; here it is more than 200 to one (deflate ends at 1,032).
 */
const BOMB_IN = MOST_OUT / 200;
/** So few octets of deflate cannot make more than MOST_OUT. */
const LEAST_IN = 32;

export interface Unpacked {
  /** What the octets make, as far as they are whole and MOST_OUT allows: maybe none. */
  readonly octets: Uint8Array;
  readonly isBomb: boolean;
  /** They are not of that coding. */
  readonly isBad: boolean;
}

const NO_OCTETS = new Uint8Array(0);

/**
 * Unpacks the beginning of packed data, which may be cut anywhere. Makes at most 64 KiB a try and tries at most ten times, whatever the data; so
 * one call is bounded in memory and time (about a millisecond for 8 KiB of text).
 */
export function unpack(coding: Coding, packed: Uint8Array): Unpacked {
  for (let length = packed.length; ; length = Math.max(LEAST_IN, length >>> 1)) {
    try {
      const octets = call(coding, packed.subarray(0, length));
      return { octets, isBomb: length < packed.length && length <= BOMB_IN, isBad: false };
    } catch (error) {
      if (!(error instanceof RangeError)) return { octets: NO_OCTETS, isBomb: false, isBad: true };
      if (length <= LEAST_IN) return { octets: NO_OCTETS, isBomb: true, isBad: false };
    }
  }
}

function call(coding: Coding, packed: Uint8Array): Uint8Array {
  switch (coding) {
    case "gzip":
      return gunzipSync(packed, CUT);
    case "deflate":
      // RFC 9110 §8.4.1.2: zlib's wrapper is meant, some send without.
      return isZlib(packed) ? inflateSync(packed, CUT) : inflateRawSync(packed, CUT);
    case "br":
      return brotliDecompressSync(packed, {
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength: MOST_OUT,
      });
    case "zstd":
      return zstdDecompressSync(packed, { finishFlush: constants.ZSTD_e_flush, maxOutputLength: MOST_OUT });
    default:
      return inflateRawSync(packed, CUT);
  }
}

/** The data may end anywhere. */
const CUT: ZlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_OUT };

/** RFC 1950 §2.2: method 8, and the two octets a multiple of 31. */
const isZlib = (octets: Uint8Array): boolean => {
  const [first = 0, second = 0] = octets;
  return (first & 15) === 8 && (first * 256 + second) % 31 === 0;
};

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "br"],
  ["zstd", "zstd"],
]);
/** Codings one upon the other that are taken off: one is usual, and more than two are meant to hide or to wear out. */
const MOST_LAYERS = 2;

/** Takes the codings of a Content-Encoding off the beginning of a body, last one first. A coding that is not known leaves it as it is. */
export function unpackContent(contentEncoding: string, body: Uint8Array): Unpacked {
  const names = contentEncoding.toLowerCase().split(",", MOST_LAYERS + 1);
  let result: Unpacked = { octets: body, isBomb: false, isBad: names.length > MOST_LAYERS };
  if (result.isBad) return result;
  for (const name of names.reverse()) {
    const coding = CODINGS.get(name.trim());
    if (coding === undefined) return result;
    const { isBomb } = result;
    result = unpack(coding, result.octets);
    if (result.isBad) return result;
    if (isBomb && !result.isBomb) result = { ...result, isBomb };
  }
  return result;
}
