import { AgentError } from "../core/errors.ts";

type Given = Readonly<Record<string, unknown>>;

/** Refuses keys that a kind of source does not know. */
export function checkSourceKeys(config: Given, type: string, known: readonly string[]): void {
  for (const key of Object.keys(config)) {
    if (key === "type" || known.includes(key)) continue;
    throw new AgentError(
      "ERR_SOURCE_KEY",
      `sources: type ${type}: ${key}: unknown key; allowed: ${["type", ...known].join(", ")}`,
    );
  }
}

/** The error of a value that a source cannot use. */
export function badSourceValue(type: string, key: string, value: unknown, allowed: string): AgentError {
  const said = value === undefined ? "is missing" : `${(JSON.stringify(value) ?? "?").slice(0, 80)} is not allowed`;
  return new AgentError("ERR_SOURCE_VALUE", `sources: type ${type}: ${key}: ${said}; expected ${allowed}`);
}

/** A whole number in [least, most], or the default when the key is absent. */
export function sourceInteger(
  config: Given,
  type: string,
  key: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const value = config[key] ?? otherwise;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw badSourceValue(type, key, value, `a whole number from ${least} to ${most}`);
}
