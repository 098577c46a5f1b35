import type { IsolationRequest } from "@lanwarden/contract/isolation";
import { sanitizeText } from "../core/sanitize.ts";

/** Longest isolation that may be asked for with an end: thirty days. */
const MAX_SECONDS = 30 * 86_400;

interface IsolateCommand {
  isOn: boolean;
  request: IsolationRequest & { by: string };
}

/**
 * Reads `…/isolate/set`: "ON", "OFF", or `{ "state", "for_seconds", "reason", "by", "incident" }`. Undefined when it is neither; a length that
 * makes no sense is an error and not the configured time, which could be longer than was meant.
 */
export function readIsolateCommand(payload: string): IsolateCommand | undefined {
  const asked = payload === "ON" || payload === "OFF" ? { state: payload } : parseObject(payload);
  const { state, for_seconds: seconds, reason, by, incident } = asked;
  if (state !== "ON" && state !== "OFF") return undefined;
  const isLength = typeof seconds === "number" && Number.isInteger(seconds) && seconds > 0 && seconds <= MAX_SECONDS;
  if (seconds !== undefined && seconds !== null && !isLength) return undefined;
  return {
    isOn: state === "ON",
    request: {
      by: text(by, 40) ?? "mqtt",
      ...(seconds === undefined ? {} : { for_seconds: seconds }),
      ...optional("reason", text(reason, 200)),
      ...optional("incident", text(incident, 64)),
    },
  };
}

const optional = <Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });

function text(value: unknown, max: number): string | undefined {
  const clean = typeof value === "string" ? sanitizeText(value, max).trim() : "";
  return clean === "" ? undefined : clean;
}

/** The JSON object in a text; an empty one for anything else. */
export function parseObject(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
