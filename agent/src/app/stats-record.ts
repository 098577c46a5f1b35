import type { CaptureCounters } from "../capture/define.ts";
import { eveTime } from "../core/time-text.ts";
import type { SensorCounters } from "../dissect/sensor-counters.ts";
import type { SensorTelemetry } from "./sensor-message.ts";

/** The EVE `stats` record: what was read, what was lost, layer by layer. */
export function statsRecord(sensor: SensorCounters, capture: CaptureCounters, atUs: number): object {
  const { pkts: _, ...layers } = sensor.decode;
  return {
    timestamp: eveTime(atUs),
    event_type: "stats",
    stats: {
      capture: {
        kernel_packets: capture.packets + capture.kernelDrops,
        kernel_drops: capture.kernelDrops,
        invalid_records: capture.invalid,
        truncated: capture.truncated,
      },
      decoder: { pkts: capture.packets, ...layers },
      flow: {
        total: sensor.flows.created,
        active: sensor.flows.live,
        forced: sensor.flows.forced,
        emerg_mode_entered: sensor.flows.emergencies,
        refused_packets: sensor.flows.refusedPackets,
        starts_thinned: sensor.flows.startsThinned,
      },
      defrag: sensor.fragments,
      tcp: sensor.reassembly,
      app_layer: sensor.dissect,
      lw: { flow_packets: sensor.flowPackets, arp_packets: sensor.arpPackets, other_packets: sensor.otherPackets },
    },
  };
}

/** The same of a service that runs, as far as its main thread knows: sums since its start. */
export function serviceStatsRecord(telemetry: SensorTelemetry): object {
  const { packets, kernelDrops, duplicates } = telemetry;
  return {
    timestamp: eveTime(telemetry.nowUs),
    event_type: "stats",
    stats: {
      capture: {
        kernel_packets: packets + kernelDrops,
        kernel_drops: kernelDrops,
        ...(duplicates === undefined ? {} : { duplicates }),
      },
      decoder: { pkts: packets, bytes: telemetry.bytes, invalid: telemetry.invalid },
      flow: { active: telemetry.flows },
    },
  };
}
