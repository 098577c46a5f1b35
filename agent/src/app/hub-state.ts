import type { GuardMode } from "@lanwarden/contract/kinds";
import { severityRank } from "@lanwarden/contract/kinds";
import type { HubState } from "@lanwarden/contract/status";
import { isoTime } from "../core/time-text.ts";
import { type Home, isThreat } from "./home.ts";
import type { SensorTelemetry } from "./sensor-message.ts";
import { homeSentence } from "./sentence.ts";
import { version } from "./version.ts";

/** What the hub's state is made of beside the home itself. */
export interface HubInputs {
  agent: string;
  demo: boolean;
  startedUs: number;
  mode: GuardMode;
  tapUp: boolean;
  telemetry: SensorTelemetry;
  packetsPerSecond: number;
  bitsPerSecond: number;
}

/** The home in one object, for the API, MQTT and the page. */
export function hubState(home: Home, inputs: HubInputs): HubState {
  const devices = home.devices();
  const incidents = home.incidents().filter((incident) => incident.status !== "resolved" && incident.test !== true);
  const threats = incidents.filter(isThreat);
  const mining = incidents.filter((incident) => incident.kind === "mining" && incident.severity !== "info");
  const worst = threats.reduce<HubState["threat_level"]>(
    (level, { severity }) =>
      severity !== "info" && (level === "none" || severityRank(severity) > severityRank(level)) ? severity : level,
    "none",
  );
  const { telemetry } = inputs;
  const seen = telemetry.packets + telemetry.kernelDrops;
  return {
    agent: inputs.agent,
    version,
    sentence:
      inputs.tapUp || devices.length > 0
        ? homeSentence(incidents, devices)
        : "The tap is down: nothing of the home can be seen.",
    risk: home.homeRisk(),
    threat: threats.length > 0 ? "ON" : "OFF",
    threat_level: worst,
    open_incidents: incidents.filter((incident) => incident.status === "open" && incident.severity !== "info").length,
    devices_seen: devices.length,
    isolated_devices: devices.filter((device) => device.isolated.state === "yes").length,
    max_risk: Math.round(devices.reduce((max, device) => Math.max(max, device.risk.score), 0)),
    mining: mining.length > 0 ? "ON" : "OFF",
    mining_devices: new Set(mining.map(({ device }) => device)).size,
    mining_pools: [...new Set(mining.map(({ evidence }) => String(evidence.fields.pool ?? "")).filter(Boolean))].slice(
      0,
      5,
    ),
    mode: inputs.mode,
    tap: inputs.tapUp ? "ON" : "OFF",
    packets_per_second: inputs.packetsPerSecond,
    bits_per_second: inputs.bitsPerSecond,
    drop_ratio: seen === 0 ? 0 : Number((telemetry.kernelDrops / seen).toFixed(4)),
    flows: telemetry.flows,
    last_packet: telemetry.lastPacketUs === 0 ? null : isoTime(telemetry.lastPacketUs),
    started: isoTime(inputs.startedUs),
    demo: inputs.demo,
  };
}
