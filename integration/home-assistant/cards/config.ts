import type { CardConfig } from "./card.ts";
import type { RawConfig } from "./hass.ts";

/** Reads options that users write by hand: says which key is wrong, and what it may be. */
function optional<T>(
  raw: RawConfig,
  key: string,
  isRight: (value: unknown) => value is T,
  allowed: string,
): T | undefined {
  const value = raw[key];
  if (value === undefined || value === null || value === "") return undefined;
  if (!isRight(value)) throw new Error(`${key} must be ${allowed}`);
  return value;
}

const isText = (value: unknown): value is string => typeof value === "string";

export const textOption = (raw: RawConfig, key: string): string | undefined => optional(raw, key, isText, "a text");

export const flagOption = (raw: RawConfig, key: string): boolean | undefined =>
  optional(raw, key, (value): value is boolean => typeof value === "boolean", "true or false");

export const countOption = (raw: RawConfig, key: string, least: number, most: number): number | undefined =>
  optional(
    raw,
    key,
    (value): value is number => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `a whole number from ${least} to ${most}`,
  );

export function choiceOption<T extends string>(raw: RawConfig, key: string, choices: readonly T[]): T | undefined {
  return optional(
    raw,
    key,
    (value): value is T => (choices as readonly unknown[]).includes(value),
    `one of ${choices.join(", ")}`,
  );
}

/** The options that all cards share. */
export function commonConfig(raw: RawConfig): CardConfig {
  const agent = textOption(raw, "agent");
  const title = textOption(raw, "title");
  return {
    type: String(raw.type ?? ""),
    ...(agent === undefined ? {} : { agent }),
    ...(title === undefined ? {} : { title }),
  };
}

/** Home Assistant's visual editor, made from a description of the options. */
export interface ConfigForm {
  readonly schema: readonly Readonly<Record<string, unknown>>[];
  computeLabel(field: { name: string }): string | undefined;
  computeHelper(field: { name: string }): string | undefined;
  /** Throws for what the form cannot show. */
  assertConfig(raw: RawConfig): void;
}

interface Field {
  readonly label: string;
  readonly helper?: string;
  readonly selector: Readonly<Record<string, unknown>>;
}

const COMMON: Readonly<Record<string, Field>> = {
  agent: {
    label: "Lanwarden",
    helper: "Only needed when several Lanwardens report to this Home Assistant.",
    selector: { device: { filter: [{ integration: "mqtt", manufacturer: "Lanwarden", model: "Agent" }] } },
  },
  title: { label: "Title", helper: "Leave empty for the usual one.", selector: { text: {} } },
};

/** `check` throws for options that are wrong. */
export function configForm(own: Readonly<Record<string, Field>>, check: (raw: RawConfig) => unknown): ConfigForm {
  const fields: Readonly<Record<string, Field>> = { ...COMMON, ...own };
  return {
    schema: Object.entries(fields).map(([name, { selector }]) => ({ name, selector })),
    computeLabel: ({ name }) => fields[name]?.label,
    computeHelper: ({ name }) => fields[name]?.helper,
    assertConfig: (raw) => {
      check(raw);
    },
  };
}
