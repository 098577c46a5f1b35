/** Building blocks of octet strings for the capture builders. Everything big-endian (network order) unless the name says otherwise. */

const encoder = new TextEncoder();

/** What a payload may be given as: octets, or text that is sent as UTF-8. */
export type Data = Uint8Array | string;

export const toOctets = (data: Data): Uint8Array => (typeof data === "string" ? encoder.encode(data) : data);

/** Joins octets, text (UTF-8) and single octets (numbers) in order. */
export function join(...parts: readonly (Data | number)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : toOctets(part)));
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let off = 0;
  for (const piece of pieces) {
    out.set(piece, off);
    off += piece.length;
  }
  return out;
}

/** 16 bits, big-endian. */
export const be16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value);
/** 24 bits, big-endian. */
export const be24 = (value: number): Uint8Array => Uint8Array.of(value >>> 16, value >>> 8, value);
/** 32 bits, big-endian. */
export const be32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** Prefixes the octets with their count in `width` octets. */
export function counted(width: 1 | 2 | 3, ...parts: readonly (Data | number)[]): Uint8Array {
  const body = join(...parts);
  const length = width === 1 ? Uint8Array.of(body.length) : width === 2 ? be16(body.length) : be24(body.length);
  return join(length, body);
}

/** Octets of a string of hexadecimal digits; blanks, colons and dashes are skipped. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/[\s:-]/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export const toHex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");

export const zeros = (count: number): Uint8Array => new Uint8Array(count);

/** Writes 16 bits at `off`. */
export function put16(out: Uint8Array, off: number, value: number): void {
  out[off] = value >>> 8;
  out[off + 1] = value;
}

/** Writes 32 bits at `off`. */
export function put32(out: Uint8Array, off: number, value: number): void {
  put16(out, off, value >>> 16);
  put16(out, off + 2, value);
}
