import type { NormalRule as SharedRule } from "@lanwarden/contract/api";
import type { IncidentKind } from "@lanwarden/contract/kinds";
import type { Finding } from "./define.ts";

/** "That's normal for this device": findings that match are not told any more. */
export interface NormalRule extends SharedRule {
  /** Device id, or the address where no device is known. */
  device: string;
  /** Peer group: network of the outside host, home host, or what the detection splits by (pool, service). */
  peer: string;
  /** Only findings whose field has this value; absent = all. */
  field?: { name: string; value: string | number | boolean };
  by: string;
  /** Title of the incident it was made from, to show it. */
  title: string;
}

const MAX_RULES = 1000;

/** The user's rules on what is normal, capped: the oldest goes first. */
export class NormalRules {
  readonly #rules = new Map<string, NormalRule>();

  add(rule: NormalRule): void {
    this.#rules.delete(rule.id);
    if (this.#rules.size >= MAX_RULES) {
      const oldest = this.#rules.keys().next();
      if (!oldest.done) this.#rules.delete(oldest.value);
    }
    this.#rules.set(rule.id, rule);
  }

  remove(id: string): boolean {
    return this.#rules.delete(id);
  }

  list(): NormalRule[] {
    return [...this.#rules.values()];
  }

  replace(rules: readonly NormalRule[]): void {
    this.#rules.clear();
    for (const rule of rules) this.add(rule);
  }

  find(device: string, kind: IncidentKind, peer: string, fields: Finding["fields"]): NormalRule | undefined {
    for (const rule of this.#rules.values()) if (ruleMatches(rule, device, kind, peer, fields)) return rule;
    return undefined;
  }
}

export function ruleMatches(
  rule: NormalRule,
  device: string,
  kind: IncidentKind,
  peer: string,
  fields: Finding["fields"] | undefined,
): boolean {
  if (rule.device !== device || rule.kind !== kind || rule.peer !== peer) return false;
  return rule.field === undefined || fields?.[rule.field.name] === rule.field.value;
}
