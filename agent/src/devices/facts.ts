import { sanitizeText } from "../core/sanitize.ts";
import type { FlowRef } from "../dissect/event.ts";
import type { Observation, ObserveContext } from "./define.ts";

/** What a piece of evidence can say of a device. */
export type Facts = Pick<Observation, "vendor" | "model" | "type" | "os" | "firmware">;

/** A text that gives a device away. In `facts`, "$1" … "$9" stand for the groups of `pattern`, "$&" for all that it matched. */
export interface TextRule {
  readonly pattern: RegExp;
  /** How sure the facts are when the pattern fits, 0 to 1. */
  readonly weight: number;
  readonly facts: Facts;
}

export interface TextMatch {
  readonly weight: number;
  readonly facts: Facts;
}

/** Facts of the first rule that fits `text` (at most 256 characters, sanitized). */
export function readFacts(rules: readonly TextRule[], text: string): TextMatch | undefined {
  for (const { pattern, weight, facts } of rules) {
    const match = pattern.exec(text);
    if (match !== null) return { weight, facts: fill(facts, match) };
  }
  return undefined;
}

function fill(facts: Facts, match: RegExpExecArray): Facts {
  const filled: { -readonly [K in keyof Facts]: Facts[K] } = { ...facts };
  for (const key of ["vendor", "model", "os", "firmware"] as const) {
    const value = facts[key];
    if (value === undefined || !value.includes("$")) continue;
    const text = value
      .replace(/\$([\d&])/g, (_, group: string) => match[group === "&" ? 0 : Number(group)] ?? "")
      .trim();
    if (text === "") delete filled[key];
    else filled[key] = text;
  }
  return filled;
}

/** Who sent the packet behind an event: address, and link-layer address where the frame had one. */
export function senderOf(event: { readonly flow: FlowRef; readonly toServer: boolean }): { ip: string; mac?: string } {
  const { flow, toServer } = event;
  const mac = toServer ? flow.clientMac : flow.serverMac;
  return { ip: toServer ? flow.clientIp : flow.serverIp, ...(mac !== undefined && isHostMac(mac) && { mac }) };
}

/** True for the address of one station: not a group's, not all zeros. */
export const isHostMac = (mac: string): boolean =>
  (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== "00:00:00:00:00:00";

/** First label of a host name: "Living-Room.local" → "Living-Room". */
export const hostLabel = (name: string): string =>
  name.replace(/\.(?:local|lan|home|localdomain|fritz\.box|home\.arpa)\.?$/i, "");

/** Names that devices send when nobody gave them one. */
export const isNoName = (name: string): boolean =>
  /^(?:localhost|unknown|none|null|\(none\)|android|host|default|\*|-)?$/i.test(name);

/** Evidence is read by people, and kept for every device. */
const MAX_EVIDENCE = 160;

/** "iot" is what any plug, lamp or sensor is as well: several such hints together must not outvote one that names the kind. */
const GENERIC_TYPE_WEIGHT = 0.25;

/** Observes what a text gave away. */
export function observeFacts(
  context: ObserveContext,
  who: { readonly mac?: string; readonly ip?: string },
  match: TextMatch | undefined,
  why: string,
  source: string,
): void {
  if (match === undefined) return;
  const evidence = sanitizeText(why, MAX_EVIDENCE);
  const { type, ...rest } = match.facts;
  if (type !== "iot") {
    if (Object.keys(match.facts).length > 0) {
      context.observe({ ...who, ...match.facts, weight: match.weight, evidence, source });
    }
    return;
  }
  const weight = Math.min(match.weight, GENERIC_TYPE_WEIGHT);
  context.observe({ ...who, type, weight, evidence, source: `${source}.kind` });
  if (Object.keys(rest).length > 0) context.observe({ ...who, ...rest, weight: match.weight, evidence, source });
}
