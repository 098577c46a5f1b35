import type { CaptureCounters } from "../capture/define.ts";
import { eveTime } from "../core/time-text.ts";
import type { SensorCounters } from "../dissect/sensor-counters.ts";

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
