import { sanitizeOctets } from "../core/sanitize.ts";

/** Text of an XML message as far as anybody reads it, controls taken out. Called once an event. */
export const xmlText = (buf: Uint8Array, off: number, end: number): string => sanitizeOctets(buf, off, end, 4096);

/** Content of the first element of that local name, with any prefix; undefined without one. For messages whose elements hold text only. */
export const elementText = (xml: string, name: string): string | undefined =>
  new RegExp(`<(?:[A-Za-z][\\w-]{0,15}:)?${name}(?:\\s[^>]{0,200})?>([^<]{1,512})</`).exec(xml)?.[1]?.trim();
