// Control characters, bidirectional overrides, zero-width marks and line separators: they fake or break what a person reads.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** Text from others made safe for a log line or a notification: no controls, no direction tricks, at most `max` characters. */
export function plain(text: string, max: number): string {
  const clean = text
    .slice(0, max * 4)
    .replace(UNSAFE, " ")
    .replace(/\s+/g, " ")
    .trim()
    .toWellFormed();
  return clean.length > max
    ? `${clean
        .slice(0, max - 1)
        .toWellFormed()
        .trimEnd()}…`
    : clean;
}

/** The same of a value that should be text; undefined when it is none or empty. */
export function plainOr(value: unknown, max: number): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = plain(value, max);
  return text === "" ? undefined : text;
}
