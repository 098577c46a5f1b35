/** What `lanwarden doctor` can find. The ids are stable: scripts may rely on them, and each has its section in the doctor's guide. */
export const TAP_FINDINGS = [
  "no_packets",
  "only_broadcast",
  "own_traffic_only",
  "wan_side",
  "one_direction",
  "asymmetric_tcp",
  "duplicate_frames",
  "kernel_drops",
  "mirror_loss",
  "silent_devices",
  "offload_merging",
  "snaplen_cut",
  "vlan_tags_stripped",
  "vlan_tags_double",
  "clock_jumps",
  "too_short",
  "checksum_offload",
] as const;
export type TapFindingId = (typeof TAP_FINDINGS)[number];

/** One thing that is wrong with a tap (`problem`), or only good to know (`notice`). */
export interface TapFinding {
  id: TapFindingId;
  level: "problem" | "notice";
  /** Plain words. */
  title: string;
  /** Sentences: what was counted, against what. */
  evidence: string[];
  /** The figures of `evidence`, for machines. Shares are 0 to 1. */
  numbers: Record<string, number>;
  /** Steps for a person, commands included. */
  fix: string[];
}

/** What a tap showed. */
export interface TapSeen {
  packets: number;
  /** Octets on the wire. */
  bytes: number;
  /** From the first packet to the last. */
  seconds: number;
  /** Packets from one machine to one other, of all. */
  unicast_share: number;
  /** Packets that this machine sent or received itself, of all; 0 for captures, where nobody knows. */
  own_share: number;
  /** Machines of the home that said something. */
  devices: number;
  /** Those of them whose packets are seen both ways. */
  devices_both_ways: number;
  /** TCP connections of which both sides are seen. */
  tcp_both_ways: number;
  /** TCP connections of which one side is seen and the other, which must have been there, is not. */
  tcp_one_way: number;
  kernel_drops: number;
  /** VLAN numbers of tagged packets, at most 16. */
  vlans: number[];
}

/**
 * `healthy`: the tap shows the home. `findings`: at least one problem. `unsure`: nothing wrong so far, but too little was seen to call it good.
 * `failed`: it could not be looked at.
 */
export type TapVerdict = "healthy" | "findings" | "unsure" | "failed";

/** One tap, or one capture. */
export interface TapReport {
  /** "interface:eth1", "file:home.pcapng", or another type of the configuration. */
  source: string;
  kind: "live" | "capture";
  verdict: TapVerdict;
  /** One sentence. */
  summary: string;
  findings: TapFinding[];
  seen: TapSeen;
}

/** Output of `lanwarden doctor --json`. `verdict` is the worst of the taps. */
export interface DoctorReport {
  version: 1;
  verdict: TapVerdict;
  taps: TapReport[];
}
