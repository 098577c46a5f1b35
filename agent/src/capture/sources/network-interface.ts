import { readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { AgentError } from "../../core/errors.ts";
import { runPacketRing } from "../af-packet.ts";
import { ADDON_PATH } from "../af-packet-addon.ts";
import { BusyLink } from "../busy-link.ts";
import type { CaptureOrder, CaptureProgramName, CaptureWay, ProgramEnd } from "../capture-order.ts";
import { captureArguments, defaultSearchPath, runCaptureProgram } from "../capture-program.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { complaint, explainFailure, interfaceMissing, programsMissing } from "../program-output.ts";
import { MAX_FRAME } from "../record-reader.ts";
import { pause } from "../replay.ts";
import { badSourceValue, checkSourceKeys, sourceInteger } from "../source-keys.ts";

export interface InterfaceConfig extends CaptureOrder {
  /** Who captures. `auto`: the packet ring where it is built and allowed, else dumpcap, else tcpdump. */
  readonly program: CaptureWay | "auto";
}

/** 128 MiB hold about a second of a full gigabit link: longer than any pause of the process that was measured. */
const BUFFER_MIB = 128;
/** Shortest snap length: the headers that decoding needs. */
const LEAST_SNAP = 96;
const LONGEST_FILTER = 4096;
/**
 * dumpcap first: it hands over what it has every 0.1 s, while tcpdump holds the packets of a quiet link for up to a second. On a busy one tcpdump
 * takes over: it takes a third of the time a packet (measured: 0.9 µs, 2.5 µs).
 */
const PROGRAMS: readonly CaptureProgramName[] = ["dumpcap", "tcpdump"];
const WAYS: readonly CaptureWay[] = ["af-packet", ...PROGRAMS];
/** IFNAMSIZ of Linux, less the NUL; no slash and no space (net/core/dev.c); a dash in front would read as an option. */
const INTERFACE_NAME = /^(?!-)[^\s/\0-\x1f\x7f]{1,15}$/;

const TYPE = "interface";

/** Live packets of a network interface, such as the one beside a mirror port. */
export const networkInterface = defineSource<InterfaceConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, ["interface", "filter", "snaplen", "buffer_mib", "program"]);
    return parseInterfaceConfig(config, TYPE);
  },
  open: (config, context) => new InterfaceSource(config, context),
});

/** The keys that all sources have that capture on an interface of this machine. */
export function parseInterfaceConfig(config: Readonly<Record<string, unknown>>, type: string): InterfaceConfig {
  const { interface: name, filter = "", program = "auto" } = config;
  if (typeof name !== "string" || !INTERFACE_NAME.test(name)) {
    throw badSourceValue(type, "interface", name, `the name of a network interface: ${presentInterfaces().join(", ")}`);
  }
  if (typeof filter !== "string" || filter.length > LONGEST_FILTER || filter.includes("\0")) {
    throw badSourceValue(type, "filter", filter, 'a filter as for tcpdump, as in "not port 1883"');
  }
  if (program !== "auto" && !WAYS.some((way) => way === program)) {
    throw badSourceValue(type, "program", program, "auto, af-packet, dumpcap or tcpdump");
  }
  const snapLength = sourceInteger(config, type, "snaplen", { least: 0, most: MAX_FRAME, otherwise: 0 });
  if (snapLength > 0 && snapLength < LEAST_SNAP) {
    throw badSourceValue(type, "snaplen", snapLength, `0 (whole frames) or at least ${LEAST_SNAP}`);
  }
  const bufferMib = sourceInteger(config, type, "buffer_mib", { least: 1, most: 1024, otherwise: BUFFER_MIB });
  return { interface: name, filter: filter.trim(), snapLength, bufferMib, program: program as CaptureWay | "auto" };
}

/**
 * Names of the network interfaces of this machine.
 * The kernel's own list comes first: Node leaves out interfaces without an address, and a mirror port has none.
 */
export function presentInterfaces(): string[] {
  return [...new Set([...kernelInterfaces(), ...Object.keys(networkInterfaces())])].sort();
}

function kernelInterfaces(): string[] {
  try {
    return readdirSync("/sys/class/net").filter((name) => name !== "bonding_masters");
  } catch {
    return [];
  }
}

/** What tests change. */
export interface InterfaceSourceOptions {
  readonly searchPath?: string;
  readonly firstPauseMs?: number;
  readonly addonPath?: string;
  readonly fanout?: number;
  /** Length of the seconds in which packets of a busy link are counted. */
  readonly busySecondMs?: number;
}

/** Pause before a program that ended is started again: doubles to a minute, begins anew after a minute of good running. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const GOOD_RUN_SECONDS = 60;

export class InterfaceSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: InterfaceConfig;
  readonly #context: SourceContext;
  readonly #options: InterfaceSourceOptions;
  #lastWarning = "";
  /** dumpcap was ended for tcpdump, which is cheaper; false again, for good, when tcpdump cannot be used. */
  #isBusy = false;
  #mayChange: boolean;

  constructor(config: InterfaceConfig, context: SourceContext, options: InterfaceSourceOptions = {}) {
    this.#config = config;
    this.#context = context;
    this.#options = options;
    this.#mayChange = config.program === "auto";
  }

  /**
   * Captures until the signal aborts. A capture that cannot begin the first time rejects with an AgentError; one that ends later is started
   * again for ever, since an interface may come back.
   */
  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const present = kernelInterfaces();
    const { interface: name } = this.#config;
    if (present.length > 0 && name !== "any" && !present.includes(name)) throw interfaceMissing(name, present);
    let [way, end] = await this.#begin(sink, signal);
    const firstPause = this.#options.firstPauseMs ?? FIRST_PAUSE_MS;
    let pauseMs = firstPause;
    while (!signal.aborted) {
      if (this.#isBusy) {
        this.#isBusy = false;
        this.#context.warn(
          `${name}: many packets for dumpcap; tcpdump, which takes a third of the time, captures from now on`,
        );
        const next = await this.#once("tcpdump", sink, signal);
        if (next.started) [way, end] = ["tcpdump", next];
        continue;
      }
      if (end.started && end.seconds >= GOOD_RUN_SECONDS) pauseMs = firstPause;
      this.#warnOnce(`${name}: ${way} ended (${complaint(end)}); it is started again`);
      await pause(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      if (!signal.aborted) end = await this.#once(way, sink, signal);
      if (end.started) this.#lastWarning = "";
    }
  }

  /** Finds who can capture here and lets it run to its end. */
  async #begin(sink: FrameSink, signal: AbortSignal): Promise<[CaptureWay, ProgramEnd]> {
    const { program } = this.#config;
    let candidates: readonly CaptureProgramName[] = PROGRAMS;
    if (program === "auto" || program === "af-packet") {
      const end = await this.#once("af-packet", sink, signal);
      if (end.started || signal.aborted) return ["af-packet", end];
      const reason = end.failure?.message ?? end.ended;
      if (program === "af-packet" || !end.isAbsent)
        this.#context.warn(`${reason}; ${PROGRAMS.join(" or ")} captures instead`);
    } else candidates = [program];
    let reason: AgentError | undefined;
    for (const candidate of candidates) {
      const end = await this.#once(candidate, sink, signal);
      if (end.started || signal.aborted) return [candidate, end];
      // That one is not installed says less than why the other failed, and missing rights say less than anything else.
      const isWeak = reason === undefined || reason.code === "ERR_CAPTURE_PERMISSION";
      if (end.spawnError !== "ENOENT" && isWeak) reason = explainFailure(candidate, this.#config, end);
    }
    throw reason ?? programsMissing(candidates);
  }

  async #once(way: CaptureWay, sink: FrameSink, signal: AbortSignal): Promise<ProgramEnd> {
    const enough = new AbortController();
    const run = {
      sink,
      counters: this.counters,
      warn: (message: string) => this.#context.warn(`${this.#config.interface}: ${message}`),
      signal: AbortSignal.any([signal, enough.signal]),
      searchPath: this.#options.searchPath ?? defaultSearchPath(),
    };
    if (way === "af-packet") {
      const { addonPath = ADDON_PATH, fanout = 0 } = this.#options;
      return runPacketRing({ ...run, order: this.#config, addonPath, fanout });
    }
    const busy = way === "dumpcap" && this.#mayChange ? this.#watchLoad(enough) : undefined;
    const args = captureArguments(way, this.#config);
    const end = await runCaptureProgram({ ...run, command: way, args, asksDrops: way === "tcpdump" });
    busy?.stop();
    return end;
  }

  /** Ends the run when the link turns out to be busy, once. */
  #watchLoad(run: AbortController): BusyLink {
    const change = (): void => {
      this.#mayChange = false;
      this.#isBusy = true;
      run.abort();
    };
    return new BusyLink(this.counters, change, this.#options.busySecondMs);
  }

  /** The same trouble every minute is said once. */
  #warnOnce(message: string): void {
    if (message === this.#lastWarning) return;
    this.#lastWarning = message;
    this.#context.warn(message);
  }
}
