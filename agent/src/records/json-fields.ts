import { formatIpv6, parseIpv4, parseIpv6 } from "../core/ip.ts";
import { sanitizeText } from "../core/sanitize.ts";

/** A JSON object from outside. Read it by the functions here only: they look at own keys, check the type and cap what they give. */
export type Fields = Readonly<Record<string, unknown>>;

/** Deepest nesting of a line that is read: EVE and Zeek need four. JSON.parse itself is bounded by the line's length. */
const MAX_LIST = 64;

/** A line as an object; undefined when it is no JSON object. What stands before the first brace (a syslog header) is passed over. */
export function parseFields(line: string): Fields | undefined {
  const start = line.indexOf("{");
  if (start < 0) return undefined;
  try {
    return asFields(JSON.parse(start === 0 ? line : line.slice(start)));
  } catch {
    return undefined;
  }
}

const asFields = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** Own properties only: `__proto__`, `constructor` and their like in a line are nothing but keys that nobody asks for. */
const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

export const objectIn = (fields: Fields, key: string): Fields | undefined => asFields(own(fields, key));

/** Sanitized text of at most `max` characters; undefined when the key is absent, empty or of another type. */
export function textIn(fields: Fields, key: string, max?: number): string | undefined {
  const value = own(fields, key);
  if (typeof value !== "string" || value === "") return undefined;
  return sanitizeText(value, max) || undefined;
}

/** A finite number in [least, most], else undefined. */
export function numberIn(fields: Fields, key: string, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = own(fields, key);
  return typeof value === "number" && value >= least && value <= most ? value : undefined;
}

/** A whole number in [0, most], else undefined. */
export function integerIn(fields: Fields, key: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = numberIn(fields, key, 0, most);
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

export const flagIn = (fields: Fields, key: string): boolean | undefined => {
  const value = own(fields, key);
  return typeof value === "boolean" ? value : undefined;
};

export const portIn = (fields: Fields, key: string): number => integerIn(fields, key, 65_535) ?? 0;

/** An address in the one form that is used inside; undefined for what is none. A zone ("%eth0") is cut off. */
export function addressIn(fields: Fields, key: string): string | undefined {
  const value = own(fields, key);
  return typeof value === "string" ? readAddress(value) : undefined;
}

export function readAddress(text: string): string | undefined {
  if (text.length > 64) return undefined;
  if (parseIpv4(text) !== undefined) return text;
  const words = text.includes(":") ? parseIpv6(text.split("%", 1)[0] ?? "") : undefined;
  return words && formatIpv6(...words);
}

/** A MAC in lower case with colons; undefined for what is none. */
export function macIn(fields: Fields, key: string): string | undefined {
  const value = own(fields, key);
  return typeof value === "string" ? readMac(value) : undefined;
}

export const readMac = (text: string): string | undefined =>
  /^[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}$/.test(text) ? text.toLowerCase().replaceAll("-", ":") : undefined;

/** The members of a list, at most 64; empty when there is none. */
export function listIn(fields: Fields, key: string): readonly unknown[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value.slice(0, MAX_LIST) : [];
}

/** Texts of a list; one that stands alone counts as a list of one. */
export function textsIn(fields: Fields, key: string): string[] {
  const value = own(fields, key);
  const list = typeof value === "string" ? [value] : listIn(fields, key);
  return list.filter((item): item is string => typeof item === "string").map((item) => sanitizeText(item));
}

export const objectsIn = (fields: Fields, key: string): Fields[] =>
  listIn(fields, key)
    .map(asFields)
    .filter((item): item is Fields => item !== undefined);
