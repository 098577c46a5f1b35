import { u8 } from "./bytes.ts";

/** Longest string taken from the wire, characters. DNS names need 253; longer values are cut and end in "…". */
export const MAX_TEXT = 256;

/** Makes a string of octets without looking at them; works on every Uint8Array. */
const latin1Slice = Buffer.prototype.latin1Slice as (this: Uint8Array, start: number, end: number) => string;
const decoder = new TextDecoder("utf-8", { fatal: false });
// Control characters, bidirectional overrides, zero-width marks and line separators: they fake or break what a person reads.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** Makes a string from the wire safe for logs, JSON and pages: no controls, no direction tricks, at most `max` characters. */
export function sanitizeText(text: string, max: number = MAX_TEXT): string {
  if (text.length <= max && isPlainText(text)) return text;
  const clean = text.replace(UNSAFE, "").toWellFormed();
  return clean.length > max ? `${clean.slice(0, max - 1).toWellFormed()}…` : clean;
}

/** Decodes octets [off, end) as UTF-8 (bad sequences become U+FFFD) and sanitizes them. Called once an event, never per packet. */
export function sanitizeOctets(buf: Uint8Array, off: number, end: number, max: number = MAX_TEXT): string {
  const limit = Math.min(end, off + max * 4);
  if (limit <= off) return "";
  // Nearly all that is read: then the octets are the characters, and there is nothing to take out.
  if (limit - off <= max && isPlain(buf, off, limit)) return latin1Slice.call(buf, off, limit);
  return sanitizeText(decoder.decode(buf.subarray(off, limit)), max);
}

/** Printable ASCII alone. */
function isPlain(buf: Uint8Array, off: number, end: number): boolean {
  for (let i = off; i < end; i++) if (u8(buf, i) < 0x20 || u8(buf, i) > 0x7e) return false;
  return true;
}

function isPlainText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}
