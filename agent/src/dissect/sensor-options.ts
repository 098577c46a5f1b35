import type { DeviceWatch } from "../flow/device-watch.ts";
import type { DuplicateFilter } from "../flow/duplicate-filter.ts";
import type { FlowTimeouts } from "../flow/timeouts.ts";
import type { AnyDissector } from "./dispatch.ts";

/** What holds where an option is left out. */
export const DEFAULTS = {
  /** A home of 150 devices has some thousands of flows, and home routers themselves keep 16,000 to 65,000; the rest is for scans and floods. */
  maxFlows: 65_536,
  seed: 0x1a4a_7d11,
  updateSeconds: 10,
  startsPerSecond: 20_000,
};

export interface SensorOptions {
  /** Seed of the flow hash and of `flow_id`, 32 bits: fixed for files (default), random for a live link. */
  readonly seed?: number;
  /** Most flows held at a time (default 65,536; about 230 octets each, taken as needed). */
  readonly maxFlows?: number;
  /** Look into connections whose beginning was not seen (default true: a tap starts in the middle). */
  readonly midstream?: boolean;
  /** Seconds between `update` events of a flow (default 10). */
  readonly updateSeconds?: number;
  /** Leave out packets whose IPv4, TCP or UDP checksum is wrong (default false: offload makes the sender's own look wrong). */
  readonly verifyChecksums?: boolean;
  /** `start` events in one second of packet time (default 20,000); of more new flows only the count is kept. */
  readonly startsPerSecond?: number;
  /** Sees whether isolated devices still talk. */
  readonly watch?: DeviceWatch;
  /** Leaves out packets that another tap has delivered already (default: none, all packets count). */
  readonly duplicates?: DuplicateFilter;
  readonly timeouts?: Partial<FlowTimeouts>;
  /** Put into HTTP's `transaction` events how the bodies begin, unpacked (default false: then no octet of them is kept). For who looks into them. */
  readonly httpBodies?: boolean;
  /** Dissectors to run (default: the registry). */
  readonly dissectors?: readonly AnyDissector[];
}
