import { u8 } from "../core/bytes.ts";

/** A JSON object of an untrusted line. Values are looked at through the readers below, which take any shape. */
export type JsonObject = { readonly [key: string]: unknown };

const decoder = new TextDecoder("utf-8", { fatal: false });

/** Parses octets [start, end) as one JSON object; undefined for anything else. The caller has bounded the length. Never throws. */
export function readJsonObject(buf: Uint8Array, start: number, end: number): JsonObject | undefined {
  if (end - start < 2) return undefined;
  try {
    return asObject(JSON.parse(decoder.decode(buf.subarray(start, end))));
  } catch {
    return undefined;
  }
}

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
export const asArray = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
export const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
export const asNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** True if the ASCII text `needle` stands somewhere in [off, end). */
export function containsAscii(buf: Uint8Array, off: number, end: number, needle: string): boolean {
  const first = needle.charCodeAt(0);
  const last = end - needle.length;
  for (let at = off; at <= last; at++) {
    if (u8(buf, at) !== first) continue;
    let i = 1;
    while (i < needle.length && u8(buf, at + i) === needle.charCodeAt(i)) i++;
    if (i === needle.length) return true;
  }
  return false;
}
