import type { Device } from "@lanwarden/contract/device";
import { countHomeRisks } from "@lanwarden/contract/home-risks";
import type { Incident } from "@lanwarden/contract/incident";
import type { GuardMode, IncidentKind } from "@lanwarden/contract/kinds";
import { severityRank } from "@lanwarden/contract/kinds";
import { partOf } from "@lanwarden/contract/part";
import type { HubState, OpenIncident, TapProblem } from "@lanwarden/contract/status";
import { sanitizeText } from "../core/sanitize.ts";
import { isoTime } from "../core/time-text.ts";
import { isThreat } from "./home.ts";
import { OVERLOAD_TEXTS } from "./overload.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { hubSentence, type TapView } from "./sentence.ts";
import { version } from "./version.ts";

/** What the hub's state is made of beside the home itself. */
export interface HubInputs {
  agent: string;
  demo: boolean;
  startedUs: number;
  mode: GuardMode;
  tap: TapView & { readonly reason: string | undefined; readonly problems?: readonly TapProblem[] };
  /** Kinds of incident that the sources cannot show. */
  blindTo?: readonly IncidentKind[];
  telemetry: SensorTelemetry;
  packetsPerSecond: number;
  bitsPerSecond: number;
  cpuPercent: number;
  rssBytes: number;
}

/** What is asked of the home. */
export interface HubHome {
  devices(): Device[];
  incidents(): Incident[];
  homeRisk(): Device["risk"];
}

const MAX_POOLS = 5;
const MAX_TOLD = 5;
/** Octets of all incidents told: attributes of Home Assistant stay small. */
const MAX_TOLD_OCTETS = 2000;
const MAX_TITLE = 120;

/** The home in one object, for the API, MQTT and the page. */
export function hubState(home: HubHome, inputs: HubInputs): HubState {
  const devices = home.devices();
  const incidents = home.incidents().filter((incident) => incident.status !== "resolved" && incident.test !== true);
  const threats = incidents.filter(isThreat);
  const open = incidents.filter(({ status, severity }) => status === "open" && severity !== "info");
  const mining = incidents.filter((incident) => incident.kind === "mining" && incident.severity !== "info");
  const pools = mining.map(({ evidence }) => String(evidence.fields.pool ?? "")).filter(Boolean);
  const { telemetry, tap, blindTo = [] } = inputs;
  const seen = telemetry.packets + telemetry.kernelDrops;
  return {
    agent: inputs.agent,
    version,
    sentence: hubSentence(incidents, devices, tap),
    risk: home.homeRisk(),
    threat: threats.length > 0 ? "ON" : "OFF",
    threat_level: worstLevel(threats),
    open_incidents: open.length,
    incidents: worstIncidents(open, devices),
    home_risks: countHomeRisks(devices),
    devices_seen: devices.length,
    isolated_devices: devices.filter((device) => device.isolated.state === "yes").length,
    max_risk: Math.round(riskiest(devices)?.risk.score ?? 0),
    riskiest_device: riskiest(devices)?.name ?? null,
    mining: mining.length > 0 ? "ON" : "OFF",
    mining_devices: new Set(mining.map(({ device }) => device)).size,
    mining_pools: [...new Set(pools)].slice(0, MAX_POOLS),
    mode: inputs.mode,
    tap: tap.isUp ? "ON" : "OFF",
    ...(tap.reason === undefined ? {} : { tap_reason: tap.reason }),
    ...(tap.problems === undefined || tap.problems.length === 0 ? {} : { tap_problems: [...tap.problems] }),
    ...(blindTo.length === 0 ? {} : { blind_to: [...blindTo] }),
    packets_per_second: inputs.packetsPerSecond,
    bits_per_second: inputs.bitsPerSecond,
    drop_ratio: seen === 0 ? 0 : Number((telemetry.kernelDrops / seen).toFixed(4)),
    ...(telemetry.detail === 0 ? {} : { overload: OVERLOAD_TEXTS[telemetry.detail] }),
    ...(telemetry.duplicates === undefined ? {} : { duplicates: telemetry.duplicates }),
    flows: telemetry.flows,
    last_packet: telemetry.lastPacketUs === 0 ? null : isoTime(telemetry.lastPacketUs),
    started: isoTime(inputs.startedUs),
    cpu_percent: inputs.cpuPercent,
    rss_bytes: inputs.rssBytes,
    demo: inputs.demo,
  };
}

const riskiest = (devices: readonly Device[]): Device | undefined =>
  devices.reduce<Device | undefined>(
    (worst, one) => (worst && worst.risk.score >= one.risk.score ? worst : one),
    undefined,
  );

/** The worst first, the newest of equals; as many as fit. */
export function worstIncidents(open: readonly Incident[], devices: readonly Device[]): OpenIncident[] {
  const told = [...open]
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || (a.first_seen < b.first_seen ? 1 : -1))
    .slice(0, MAX_TOLD)
    .map((incident) => {
      const { id, kind, title, severity, device, first_seen } = incident;
      const known = devices.find((candidate) => candidate.id === device);
      const part = known === undefined ? {} : { part: partOf(incident, known) };
      return { id, kind, title: sanitizeText(title, MAX_TITLE), severity, device, ...part, first_seen };
    });
  while (Buffer.byteLength(JSON.stringify(told)) > MAX_TOLD_OCTETS) told.pop();
  return told;
}

function worstLevel(threats: readonly Incident[]): HubState["threat_level"] {
  let worst: HubState["threat_level"] = "none";
  for (const { severity } of threats) {
    if (severity === "info") continue;
    if (worst === "none" || severityRank(severity) > severityRank(worst)) worst = severity;
  }
  return worst;
}
