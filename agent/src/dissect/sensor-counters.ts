import type { DecodeCounters } from "../decode/counters.ts";
import type { FlowExpiry } from "../flow/expiry.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import type { FragmentCounters, Fragments } from "../flow/fragments.ts";
import type { ReassemblyCounters } from "../flow/reassembly.ts";
import type { Detail } from "./detail.ts";
import type { Engine } from "./engine.ts";
import type { EngineCounters } from "./session-runner.ts";

/** What the sensor counted up to now. Plain data. */
export interface SensorCounters {
  readonly packets: number;
  readonly bytes: number;
  /** Packets that belong to a flow; ARP packets; packets left out because no flow could be made or read. */
  readonly flowPackets: number;
  readonly arpPackets: number;
  readonly otherPackets: number;
  readonly badChecksums: number;
  readonly flows: {
    readonly live: number;
    readonly created: number;
    readonly ended: number;
    /** Evicted because the table was full. */
    readonly forced: number;
    readonly emergencies: number;
    readonly isEmergency: boolean;
    /** Packets left without a flow in emergency. */
    readonly refusedPackets: number;
    /** `start` events not told because there were too many. */
    readonly startsThinned: number;
    /** Under overload: flows whose payload was given up because it was large, and new ones whose payload was not looked at. */
    readonly elephantsCut: number;
    readonly flowsThinned: number;
  };
  readonly fragments: Readonly<FragmentCounters>;
  readonly reassembly: Readonly<ReassemblyCounters>;
  readonly dissect: Readonly<EngineCounters> & { readonly heldOctets: number; readonly anomaliesSuppressed: number };
  readonly decode: Readonly<DecodeCounters>;
}

/** What the sensor counts by itself. */
export class SensorTally {
  flowPackets = 0;
  arpPackets = 0;
  otherPackets = 0;
  badChecksums = 0;
  created = 0;
  ended = 0;
  refusedPackets = 0;
  startsThinned = 0;
}

export function collectCounters(
  tally: SensorTally,
  detail: Detail,
  decode: DecodeCounters,
  table: FlowTable,
  expiry: FlowExpiry,
  fragments: Fragments,
  engine: Engine,
): SensorCounters {
  return {
    packets: decode.pkts,
    bytes: decode.bytes,
    flowPackets: tally.flowPackets,
    arpPackets: tally.arpPackets,
    otherPackets: tally.otherPackets,
    badChecksums: tally.badChecksums,
    flows: {
      live: table.live,
      created: tally.created,
      ended: tally.ended,
      forced: expiry.forced,
      emergencies: expiry.emergencies,
      isEmergency: expiry.isEmergency,
      refusedPackets: tally.refusedPackets,
      startsThinned: tally.startsThinned,
      elephantsCut: detail.elephantsCut,
      flowsThinned: detail.flowsThinned,
    },
    fragments: { ...fragments.counters },
    reassembly: { ...engine.reassembly.counters },
    dissect: {
      ...engine.counters,
      throws: engine.throws,
      heldOctets: engine.heldOctets,
      anomaliesSuppressed: engine.output.suppressed,
    },
    decode: { ...decode },
  };
}
