import { type RiskLevel, riskLevel } from "@lanwarden/contract/device";
import { HOME_RISKS, type HomeRisk } from "@lanwarden/contract/home-risks";
import { ISOLATION_LEVELS, type IsolationLevel } from "@lanwarden/contract/isolation";
import { type EntityIndex, nameOf, type Watched } from "./find.ts";
import type { EntityState, Hass } from "./hass.ts";

/** What became of an isolation, as the device's switch and its incident event tell it. */
export interface IsolationView {
  /** The switch. */
  readonly entityId: string;
  readonly state: "no" | "pending" | "yes" | "failed" | "unavailable";
  readonly detail: string | undefined;
  /** RFC 3339. */
  readonly until: string | undefined;
  readonly level: IsolationLevel | undefined;
  /** The tap has seen that it is silent. */
  readonly isProven: boolean;
}

/** The last answer to a command that was not carried out. */
export interface Refusal {
  /** RFC 3339. */
  readonly at: string;
  readonly message: string;
}

/** A watched device as a card shows it. */
export interface DeviceView {
  readonly deviceId: string;
  readonly topicId: string;
  readonly name: string;
  readonly area: string | undefined;
  readonly score: number | undefined;
  readonly level: RiskLevel | undefined;
  readonly reasons: readonly string[];
  readonly homeRisks: readonly HomeRisk[];
  readonly hasThreat: boolean;
  /** Undefined where no back-end can isolate. */
  readonly isolation: IsolationView | undefined;
  readonly refusal: Refusal | undefined;
  readonly isMining: boolean;
  /** RFC 3339: when the mining entity last changed. */
  readonly miningChanged: string | undefined;
  readonly pool: string | undefined;
  readonly coin: string | undefined;
  /** The user allowed it to mine. */
  readonly isAllowedMiner: boolean;
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const capital = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
const isGone = (entity: EntityState): boolean => entity.state === "unavailable" || entity.state === "unknown";

export function deviceView(hass: Hass, { device, topicId }: Watched, index: EntityIndex): DeviceView {
  const of = (key: string): EntityState | undefined => index.state(hass, topicId, key);
  const risk = of("risk");
  const score = risk === undefined || isGone(risk) ? Number.NaN : Number(risk.state);
  const mining = of("mining");
  const pool = of("pool");
  const event = of("incident");
  const told = texts(risk?.attributes.home_risks);
  return {
    deviceId: device.id,
    topicId,
    name: nameOf(device),
    area: device.area_id === null ? undefined : hass.areas[device.area_id]?.name,
    score: Number.isFinite(score) ? score : undefined,
    level: Number.isFinite(score) ? riskLevel(score) : undefined,
    reasons: texts(risk?.attributes.top_reasons),
    homeRisks: HOME_RISKS.filter((one) => told.includes(one)),
    hasThreat: of("threat")?.state === "on",
    isolation: isolationView(of("isolated")),
    refusal: refusalOf(event),
    isMining: mining?.state === "on",
    miningChanged: mining?.last_changed,
    pool: pool === undefined || isGone(pool) ? undefined : text(pool.state),
    coin: capital(text(pool?.attributes.coin)),
    isAllowedMiner: of("profile")?.state === "miner" || risk?.attributes.class === "miner",
  };
}

function isolationView(entity: EntityState | undefined): IsolationView | undefined {
  if (entity === undefined) return undefined;
  const { attributes } = entity;
  const told = text(attributes.isolation);
  return {
    entityId: entity.entity_id,
    state: isolationState(entity.state, told),
    detail: text(attributes.detail),
    until: text(attributes.until),
    level: ISOLATION_LEVELS.find((level) => level === attributes.level),
    isProven: text(attributes.silent_since) !== undefined,
  };
}

/** The switch is on only when isolation is in force, and unknown while that is not yet sure. */
function isolationState(state: string, told: string | undefined): IsolationView["state"] {
  if (state === "unavailable") return "unavailable";
  if (state === "unknown" || told === "pending") return "pending";
  if (state === "on") return "yes";
  return told === "failed" ? "failed" : "no";
}

/** An isolation that was refused or failed is told by the device's incident event. */
function refusalOf(event: EntityState | undefined): Refusal | undefined {
  const type = event?.attributes.event_type;
  if (event === undefined || (type !== "isolation_refused" && type !== "isolation_failed")) return undefined;
  const message = text(event.attributes.message) ?? text(event.attributes.title);
  return message === undefined ? undefined : { at: event.state, message };
}
