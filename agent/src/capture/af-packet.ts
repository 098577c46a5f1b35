import { existsSync } from "node:fs";
import { constants } from "node:os";
import { getSystemErrorName } from "node:util";
import { AgentError } from "../core/errors.ts";
import { loadAddon, type OpenCapture } from "./af-packet-addon.ts";
import { compileFilter } from "./capture-filter.ts";
import type { CaptureOrder, ProgramEnd } from "./capture-order.ts";
import type { CaptureCounters, FrameSink } from "./define.ts";
import { PacketRing } from "./packet-ring.ts";
import { interfaceDown, interfaceMissing } from "./program-output.ts";

/** A quarter of a mebioctet stays in the second-level cache of small boards, and holds the longest frame there is. */
const BLOCK_OCTETS = 262_144;
const MEBI = 1_048_576;
/** A packet on a quiet link is seen after this time; shorter ones wake the processor up more often than 20 times a second. */
const RETIRE_MS = 50;
/** Blocks walked before timers and messages of the thread get their turn: 1 MiB, some 7,000 of the smallest packets. */
const BLOCKS_PER_TURN = 4;
const STATISTICS_MS = 1000;

/** ARPHRD_ number of an interface (net/if_arp.h) → LINKTYPE_ number of its frames, as libpcap has it. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [1, 1], // Ethernet
  [772, 1], // loopback
  [801, 105], // 802.11
  [803, 127], // 802.11 with radiotap
  [519, 101], // raw IP
  [65_534, 101], // no header: tun, WireGuard
]);

export interface RingRun {
  readonly order: CaptureOrder;
  readonly sink: FrameSink;
  readonly counters: CaptureCounters;
  readonly signal: AbortSignal;
  /** Folders searched for tcpdump, which compiles filters. */
  readonly searchPath: string;
  readonly addonPath: string;
  /** Number of a group of sockets, also of other threads, that share the interface's packets by flow; 0 = all packets come here. */
  readonly fanout: number;
}

/** Captures by the kernel's packet ring until the signal aborts or the socket fails. Never rejects. */
export async function runPacketRing(run: RingRun): Promise<ProgramEnd> {
  const begun = performance.now();
  const end = (started: boolean, ended: string, failure?: AgentError): ProgramEnd => ({
    started,
    spawnError: "",
    lines: [],
    ended,
    seconds: (performance.now() - begun) / 1000,
    ...(failure && { failure }),
  });
  const addon = loadAddon(run.addonPath);
  if (typeof addon === "string")
    return { ...end(false, addon, unusable(run.order.interface, addon)), isAbsent: !existsSync(run.addonPath) };
  const filter = await compileFilter(run.order.filter, run.order.snapLength, run.searchPath);
  if ("reason" in filter) return end(false, filter.reason, unusable(run.order.interface, filter.reason));
  if (run.signal.aborted) return end(false, "stopped");
  const { promise, resolve } = Promise.withResolvers<string>();
  let ring: PacketRing | undefined;
  let capture: OpenCapture;
  try {
    capture = addon.open(
      {
        interface: run.order.interface,
        blockOctets: BLOCK_OCTETS,
        blocks: Math.ceil((run.order.bufferMib * MEBI) / BLOCK_OCTETS),
        retireMs: RETIRE_MS,
        filter: filter.instructions,
        fanout: run.fanout,
      },
      (failed) => {
        if (failed !== 0) resolve(socketFailure(failed));
        else if (!run.signal.aborted) ring?.walk(BLOCKS_PER_TURN);
      },
    );
  } catch (error) {
    const failure = openFailure(run.order.interface, error);
    return end(false, failure.message, failure);
  }
  const linkType = LINK_TYPES.get(capture.hardware);
  if (linkType === undefined || (run.order.filter !== "" && linkType !== 1)) {
    addon.close(capture.handle);
    const reason =
      linkType === undefined
        ? `its kind of frames (${capture.hardware}) is not known to it`
        : "a filter needs Ethernet";
    return end(false, reason, unusable(run.order.interface, reason));
  }
  ring = new PacketRing(capture.ring, BLOCK_OCTETS, linkType, run);
  const told = new Uint32Array(3);
  const count = (): void => {
    addon.statistics(capture.handle, told);
    run.counters.kernelDrops += told[1] ?? 0;
  };
  const counting = setInterval(count, STATISTICS_MS);
  const stop = (): void => resolve("stopped");
  if (run.signal.aborted) stop();
  run.signal.addEventListener("abort", stop, { once: true });
  const ended = await promise;
  run.signal.removeEventListener("abort", stop);
  clearInterval(counting);
  count();
  addon.close(capture.handle);
  return end(true, ended);
}

const socketFailure = (errno: number): string =>
  errno === constants.errno.ENETDOWN ? "the interface went down" : `the socket failed: ${getSystemErrorName(-errno)}`;

const unusable = (name: string, reason: string): AgentError =>
  new AgentError("ERR_CAPTURE_RING", `${name}: af-packet cannot be used: ${reason}`);

/** Why the socket could not be opened, with place and mend. The addon's error has the errno's name as code and the system call as message. */
function openFailure(interfaceName: string, error: unknown): AgentError {
  const { code = "unknown reason", message } = error as NodeJS.ErrnoException;
  if (code === "EPERM" || code === "EACCES") {
    return new AgentError(
      "ERR_CAPTURE_PERMISSION",
      `${interfaceName}: no permission to capture: write "AmbientCapabilities=CAP_NET_RAW" into the systemd unit, or run sudo setcap cap_net_raw=ep "${process.execPath}"`,
    );
  }
  if (code === "ENODEV" || code === "ENXIO") return interfaceMissing(interfaceName, []);
  if (code === "ENETDOWN") return interfaceDown(interfaceName);
  if (code === "ENOMEM") return unusable(interfaceName, "there is not enough memory for the ring: lower buffer_mib");
  return unusable(interfaceName, `${message} failed (${code})`);
}
