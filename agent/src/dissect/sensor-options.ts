import type { DecodeCounters } from "../decode/counters.ts";
import type { ReassemblyCounters } from "../flow/reassembly.ts";
import type { FlowTimeouts } from "../flow/timeouts.ts";
import type { AnyDissector } from "./dispatch.ts";
import type { EngineCounters } from "./engine.ts";

export interface SensorOptions {
  /** Seed of the flow hash and of `flow_id`, 32 bits: fixed for files (default), random for a live link. */
  readonly seed?: number;
  /** Most flows held at a time (default 262,144; about 230 octets each, taken as needed). */
  readonly maxFlows?: number;
  /** Look into connections whose beginning was not seen (default true: a tap starts in the middle). */
  readonly midstream?: boolean;
  /** Seconds between `update` events of a flow (default 10). */
  readonly updateSeconds?: number;
  /** Leave out packets whose IPv4, TCP or UDP checksum is wrong (default false: offload makes the sender's own look wrong). */
  readonly verifyChecksums?: boolean;
  /** `start` events in one second of packet time (default 20,000); of more new flows only the count is kept. */
  readonly startsPerSecond?: number;
  readonly timeouts?: Partial<FlowTimeouts>;
  /** Dissectors to run (default: the registry). */
  readonly dissectors?: readonly AnyDissector[];
}

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
  };
  readonly fragments: FragmentCounters;
  readonly reassembly: Readonly<ReassemblyCounters>;
  readonly dissect: Readonly<EngineCounters> & { readonly heldOctets: number; readonly anomaliesSuppressed: number };
  readonly decode: Readonly<DecodeCounters>;
}

export interface FragmentCounters {
  readonly fragments: number;
}
