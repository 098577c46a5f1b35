import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type IncidentKind, severityRank } from "@lanwarden/contract/kinds";
import { partOf } from "@lanwarden/contract/part";
import type { PolicyRule } from "./policy-schema.ts";

export interface Decision {
  readonly do: "isolate" | "ask" | "nothing";
  /** How long; undefined = the configured time. */
  readonly forSeconds: number | undefined;
  /** Why, for the journal and for people. */
  readonly because: string;
}

/**
 * What a device does and no healthy one does by itself, so that shutting it off ends the matter. Not among them: what is done *to* a device,
 * how it stands (an open port, an old password), and what a single stale list can claim (`indicator_match`).
 */
const DEFAULT_KINDS: readonly IncidentKind[] = [
  "arp_spoofing",
  "botnet_infection",
  "c2",
  "ddos_outbound",
  "dns_amplification",
  "dns_tunnel",
  "exfiltration",
  "host_sweep",
  "icmp_tunnel",
  "iot_exploit",
  "ip_spoofing",
  "malware_download",
  "mining",
  "network_scan",
  "ntp_amplification",
  "reverse_shell",
  "rogue_dhcp",
  "rogue_router_advertisement",
  "ssdp_amplification",
];
/** From `high` on, a person would pull the plug without thinking; below it costs more to be wrong. */
const DEFAULT_RULE: PolicyRule = { kinds: [...DEFAULT_KINDS], severity: "high", confidence: 0.8, do: "isolate" };

const UNIT_SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const nothing = (because: string): Decision => ({ do: "nothing", forSeconds: undefined, because });

/** What the user allows: decides what is done about an incident, by rules of the configuration and then by our own. */
export class Policy {
  readonly #rules: readonly PolicyRule[];

  constructor(rules: readonly PolicyRule[] = []) {
    this.#rules = rules;
  }

  /** `nowMs`: wall clock; rules with hours read it in local time. */
  decide(incident: Incident, device: Device, nowMs: number): Decision {
    if (incident.test === true) return nothing("a drill never acts");
    if (incident.severity === "info") return nothing("it is context only");
    if (device.policy === "ignored") return nothing(`${device.name} is ignored`);
    const part = partOf(incident, device);
    if (part === "victim") return nothing(`${device.name} is the victim`);
    for (const [i, rule] of this.#rules.entries()) {
      if (!fits(rule, incident, device, nowMs)) continue;
      // Where it is not clear who acts, only a rule that names the kind may: whoever wrote it knows what the kind says.
      if (part === "unclear" && rule.do === "isolate" && rule.kinds === undefined) continue;
      return settle(rule, `rule ${i + 1} of the configuration`);
    }
    if (part !== "offender") return nothing("it is not clear who acts");
    return fits(DEFAULT_RULE, incident, device, nowMs)
      ? settle(DEFAULT_RULE, "the built-in rule")
      : nothing("no rule fits");
  }
}

const settle = (rule: PolicyRule, because: string): Decision => ({
  do: rule.do,
  forSeconds: rule.for === undefined ? undefined : secondsOf(rule.for),
  because,
});

function fits(rule: PolicyRule, incident: Incident, device: Device, nowMs: number): boolean {
  return (
    (rule.kinds === undefined || rule.kinds.includes(incident.kind)) &&
    (rule.severity === undefined || severityRank(incident.severity) >= severityRank(rule.severity)) &&
    (rule.confidence === undefined || incident.confidence >= rule.confidence) &&
    (rule.direction === undefined || incident.direction === rule.direction) &&
    (rule.types === undefined || rule.types.includes(device.type)) &&
    (rule.profiles === undefined || rule.profiles.some((profile) => profile === (device.policy ?? "auto"))) &&
    (rule.devices === undefined || rule.devices.some((text) => isNamed(device, text))) &&
    (rule.hours === undefined || isWithin(rule.hours, nowMs))
  );
}

/** True when the text names the device: its id, MAC, one of its addresses, its name or its host name. */
export function isNamed(device: Device, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return (
    wanted !== "" &&
    (device.id === wanted ||
      device.mac === wanted.replaceAll("-", ":") ||
      device.ips.includes(wanted) ||
      device.name.toLowerCase() === wanted ||
      device.hostname?.toLowerCase() === wanted)
  );
}

function isWithin(hours: string, nowMs: number): boolean {
  const [from = 0, to = 0] = hours.split("-").map((text) => {
    const [hour = 0, minute = 0] = text.split(":").map(Number);
    return hour * 60 + minute;
  });
  const local = new Date(nowMs);
  const minute = local.getHours() * 60 + local.getMinutes();
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function secondsOf(text: string): number {
  const unit = text.at(-1) as keyof typeof UNIT_SECONDS;
  return Number.parseInt(text, 10) * UNIT_SECONDS[unit];
}
