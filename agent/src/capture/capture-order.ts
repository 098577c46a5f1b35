import type { AgentError } from "../core/errors.ts";

export type CaptureProgramName = "dumpcap" | "tcpdump";
/** Who captures: a program that hands over by a pipe, or the kernel's packet ring (af-packet.ts). */
export type CaptureWay = CaptureProgramName | "af-packet";

/** What is captured, and how. */
export interface CaptureOrder {
  readonly interface: string;
  /** libpcap filter; empty = everything. */
  readonly filter: string;
  /** Octets kept of each frame; 0 = all. */
  readonly snapLength: number;
  /** Kernel's ring buffer, MiB. */
  readonly bufferMib: number;
}

/** How one run of a capture program went. */
export interface ProgramEnd {
  /** It delivered octets; false when it could not even begin. */
  readonly started: boolean;
  /** Error code of the operating system when the program could not be run at all ("ENOENT", "EACCES"); else empty. */
  readonly spawnError: string;
  /** What it said, the last lines. */
  readonly lines: readonly string[];
  /** "exit status 1" or "signal SIGKILL". */
  readonly ended: string;
  readonly seconds: number;
  /** What is wrong with the packet ring, with the mend. Programs say it in `lines`. */
  readonly failure?: AgentError;
  /** The packet ring's native part has not been built. */
  readonly isAbsent?: boolean;
}
