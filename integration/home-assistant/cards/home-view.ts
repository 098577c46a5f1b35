import { type RiskLevel, riskLevel } from "@lanwarden/contract/device";
import { HOME_RISKS, type HomeRisk } from "@lanwarden/contract/home-risks";
import { GUARD_MODES, type GuardMode, SEVERITIES, type Severity } from "@lanwarden/contract/kinds";
import { topicId } from "@lanwarden/contract/topics";
import { type DeviceView, deviceView } from "./device-view.ts";
import { type EntityIndex, findWatched, type Hub } from "./find.ts";
import type { EntityState, Hass } from "./hass.ts";

/** An open incident as the hub's attributes tell it. */
export interface IncidentView {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly severity: Severity;
  /** Topic id of the device concerned. */
  readonly topicId: string | undefined;
  readonly firstSeen: string;
  /** The device is attacked: to shut it off is no answer. */
  readonly isVictim: boolean;
}

/** The home as a card shows it. */
export interface HomeView {
  readonly hub: Hub;
  /** Lanwarden is connected: the broker has not announced its end. */
  readonly isOnline: boolean;
  readonly sentence: string | undefined;
  readonly risk: { readonly score: number; readonly level: RiskLevel } | undefined;
  /** Worst severity of what is open. */
  readonly threat: "none" | Severity;
  readonly openCount: number;
  readonly incidents: readonly IncidentView[];
  /** Undefined where the agent does not tell. */
  readonly homeRisks: Readonly<Record<HomeRisk, number>> | undefined;
  readonly tap: "on" | "off" | undefined;
  readonly tapReason: string | undefined;
  readonly mode: GuardMode | undefined;
  readonly devices: readonly DeviceView[];
}

const GONE: readonly string[] = ["unavailable", "unknown", ""];
/** State of an entity that has one. */
export const known = (entity: EntityState | undefined): string | undefined =>
  entity === undefined || GONE.includes(entity.state) ? undefined : entity.state;

const asNumber = (text: string | undefined): number | undefined => {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};
const oneOf = <T extends string>(list: readonly T[], value: unknown): T | undefined =>
  list.find((one) => one === value);

/** Everything that is known of one agent's home. */
export function homeView(hass: Hass, hub: Hub, index: EntityIndex): HomeView {
  const of = (key: string): EntityState | undefined => index.state(hass, hub.agent, key);
  const summary = of("summary");
  const open = of("open_incidents");
  const score = asNumber(known(of("risk")));
  const level = known(of("threat_level"));
  const reason = of("tap")?.attributes.reason ?? of("tap")?.attributes.tap_reason;
  return {
    hub,
    isOnline: summary !== undefined && summary.state !== "unavailable",
    sentence: known(summary),
    risk: score === undefined ? undefined : { score, level: riskLevel(score) },
    threat: oneOf(SEVERITIES, level) ?? "none",
    openCount: asNumber(known(open)) ?? 0,
    incidents: incidentViews(open?.attributes.incidents),
    homeRisks: homeRiskCounts(open?.attributes.home_risks),
    tap: oneOf(["on", "off"] as const, known(of("tap"))),
    tapReason: typeof reason === "string" && reason !== "" ? reason : undefined,
    mode: oneOf(GUARD_MODES, known(of("guard_mode"))),
    devices: findWatched(hub, hass).map((watched) => deviceView(hass, watched, index)),
  };
}

/** An id becomes a part of a topic: nothing in it may have a meaning there. */
const TOPIC_SAFE = /^[A-Za-z0-9_-]{1,64}$/;

function incidentViews(told: unknown): IncidentView[] {
  if (!Array.isArray(told)) return [];
  return told.flatMap((one: unknown) => {
    if (typeof one !== "object" || one === null) return [];
    const { id, kind, title, severity, device, part, first_seen: firstSeen } = one as Record<string, unknown>;
    const known = oneOf(SEVERITIES, severity);
    if (typeof id !== "string" || !TOPIC_SAFE.test(id) || typeof title !== "string" || known === undefined) return [];
    return [
      {
        id,
        kind: String(kind ?? ""),
        title,
        severity: known,
        topicId: typeof device === "string" ? topicId(device) : undefined,
        firstSeen: String(firstSeen ?? ""),
        isVictim: part === "victim",
      },
    ];
  });
}

function homeRiskCounts(told: unknown): Record<HomeRisk, number> | undefined {
  if (typeof told !== "object" || told === null) return undefined;
  const counts = told as Record<string, unknown>;
  const count = (risk: HomeRisk): number => Number(counts[risk]);
  const all = { exposure: count("exposure"), credentials: count("credentials"), firmware: count("firmware") };
  return HOME_RISKS.every((risk) => Number.isFinite(all[risk])) ? all : undefined;
}
