/**
 * Unchecked reads from octets and typed arrays. The caller has compared lengths once, before; that check is the contract.
 * This is the one file in which `!` after an index is allowed: V8 inlines these, and an out-of-range read would be NaN, never a fault.
 */

/** One octet. */
export const u8 = (buf: Uint8Array, off: number): number => buf[off]!;
/** Big-endian 16 bits. */
export const u16 = (buf: Uint8Array, off: number): number => (buf[off]! << 8) | buf[off + 1]!;
/** Big-endian 24 bits. */
export const u24 = (buf: Uint8Array, off: number): number => (buf[off]! << 16) | (buf[off + 1]! << 8) | buf[off + 2]!;
/** Big-endian 32 bits, unsigned. */
export const u32 = (buf: Uint8Array, off: number): number =>
  ((buf[off]! << 24) | (buf[off + 1]! << 16) | (buf[off + 2]! << 8) | buf[off + 3]!) >>> 0;
/** Big-endian 32 bits, signed: how addresses are kept inside. */
export const i32 = (buf: Uint8Array, off: number): number =>
  (buf[off]! << 24) | (buf[off + 1]! << 16) | (buf[off + 2]! << 8) | buf[off + 3]!;
/** Big-endian 64 bits as a number; exact to 2^53. */
export const u64 = (buf: Uint8Array, off: number): number => u32(buf, off) * 0x1_0000_0000 + u32(buf, off + 4);
/** Little-endian 16 bits. */
export const u16le = (buf: Uint8Array, off: number): number => buf[off]! | (buf[off + 1]! << 8);
/** Little-endian 32 bits, unsigned. */
export const u32le = (buf: Uint8Array, off: number): number =>
  (buf[off]! | (buf[off + 1]! << 8) | (buf[off + 2]! << 16) | (buf[off + 3]! << 24)) >>> 0;

/** Element of a typed array that is known to be in range. */
export const at = (column: Int32Array | Uint32Array | Float64Array | Uint16Array | Uint8Array, index: number): number =>
  column[index]!;

/** Word of an Int32Array that is known to be in range. Apart from {@link at}, so that hot loops see one kind of array here. */
export const i32At = (column: Int32Array, index: number): number => column[index]!;
/** Element of a Float64Array that is known to be in range. */
export const f64At = (column: Float64Array, index: number): number => column[index]!;

/** True if the ASCII `text` stands at `off`; false when it would pass `end`. */
export function startsWithAscii(buf: Uint8Array, off: number, end: number, text: string): boolean {
  if (off + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (buf[off + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Offset of the first `octet` in [off, end), or -1. */
export function indexOfOctet(buf: Uint8Array, off: number, end: number, octet: number): number {
  for (let i = off; i < end; i++) if (buf[i] === octet) return i;
  return -1;
}
