/** Longest string taken from the wire, characters. DNS names need 253; longer values are cut and end in "…". */
export const MAX_TEXT = 256;

const decoder = new TextDecoder("utf-8", { fatal: false });
// Control characters, bidirectional overrides, zero-width marks and line separators: they fake or break what a person reads.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** Makes a string from the wire safe for logs, JSON and pages: no controls, no direction tricks, at most `max` characters. */
export function sanitizeText(text: string, max: number = MAX_TEXT): string {
  const clean = text.replace(UNSAFE, "").toWellFormed();
  return clean.length > max ? `${clean.slice(0, max - 1).toWellFormed()}…` : clean;
}

/** Decodes octets [off, end) as UTF-8 (bad sequences become U+FFFD) and sanitizes them. Called once an event, never per packet. */
export function sanitizeOctets(buf: Uint8Array, off: number, end: number, max: number = MAX_TEXT): string {
  const limit = Math.min(end, off + max * 4);
  if (limit <= off) return "";
  return sanitizeText(decoder.decode(buf.subarray(off, limit)), max);
}
