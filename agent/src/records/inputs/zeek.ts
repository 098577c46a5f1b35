import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CaptureCounters, newCounters } from "../../capture/define.ts";
import { badSourceValue, checkSourceKeys } from "../../capture/source-keys.ts";
import { wallClock } from "../../core/clock.ts";
import { AgentError } from "../../core/errors.ts";
import type { Network } from "../../core/ip.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { AllowList, isLoopback, parseAllow } from "../allow-list.ts";
import { defineRecordSource, type RecordContext, type RecordSink, type RecordSource } from "../define.ts";
import { FileFollower, statsOf } from "../follow-file.ts";
import { serveLines } from "../line-server.ts";
import { LineTally } from "../line-tally.ts";
import { type ListenAddress, parseListen } from "../listen-address.ts";
import { pollFiles } from "../poll-files.ts";
import { ZEEK_LOGS, ZeekReader } from "../zeek-reader.ts";

export interface ZeekConfig {
  /** The folder of current logs; or where lines with `_path` are sent to. */
  readonly path: string | undefined;
  readonly listen: ListenAddress | undefined;
  readonly allow: readonly Network[];
  readonly fromStart: boolean;
}

const TYPE = "zeek";
const MEND =
  'zeek: not one of the lines that came could be read: Zeek must write JSON; add "@load policy/tuning/json-logs" to its local.zeek and run "zeekctl deploy"';
/** How often it is looked for logs that were not there before: Zeek begins one with its first record. */
const LOOK_MS = 2000;

/** Zeek's JSON logs: a folder whose files are followed, or lines that are sent here. */
export const zeek = defineRecordSource<ZeekConfig>({
  type: TYPE,
  label: "Zeek's logs",
  events: ["flow", "dns", "tls", "http", "ssh", "quic", "dhcp", "login", "anomaly"],
  limits: {
    "login.brute-force": { works: "partly", why: "SSH, and web pages with basic authentication" },
    "login.default-credentials": { works: "no", why: "the logs hold no passwords" },
    "login.cleartext-credentials": { works: "partly", why: "web pages with basic authentication only" },
    "login.no-authentication": { works: "no", why: "the logs do not say whether a password was asked" },
    "mining.pool": {
      works: "partly",
      why: "by names and length of sessions: the mining protocol itself is not logged",
    },
    "scan.host-sweep": { works: "partly", why: "pings only, no search by ARP" },
    "spoof.ip": { works: "partly", why: "with MAC addresses in conn.log (`@load policy/protocols/conn/mac-logging`)" },
    "spoof.rogue-dhcp": {
      works: "partly",
      why: "dhcp.log names the server that gave the address, not all that offered one",
    },
    "flood.dns-amplification": { works: "partly", why: "forged questions only: the logs have no sizes of answers" },
  },
  parse(config) {
    checkSourceKeys(config, TYPE, ["path", "listen", "allow", "from"]);
    const { path, listen, allow, from = "end" } = config;
    if ((path === undefined) === (listen === undefined))
      throw badSourceValue(
        TYPE,
        "path",
        path,
        "the folder of Zeek's current logs; or, instead of it, listen: where lines are sent to",
      );
    if (path !== undefined && (typeof path !== "string" || path === "" || path === "-"))
      throw badSourceValue(TYPE, "path", path, "the folder of Zeek's current logs, as in /opt/zeek/logs/current");
    if (from !== "end" && from !== "start") throw badSourceValue(TYPE, "from", from, "end or start");
    const address = listen === undefined ? undefined : parseListen(TYPE, listen);
    const isOpen = address !== undefined && address.kind !== "unix" && !isLoopback(address.host);
    return {
      path: path as string | undefined,
      listen: address,
      allow: parseAllow(TYPE, allow, isOpen),
      fromStart: from === "start",
    };
  },
  open: (config, context) => new ZeekSource(config, context),
});

class ZeekSource implements RecordSource {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: ZeekConfig;
  readonly #context: RecordContext;
  readonly #reader: ZeekReader;
  readonly #tally: LineTally;
  readonly #files: FileFollower[] = [];

  constructor(config: ZeekConfig, context: RecordContext) {
    this.#config = config;
    this.#context = context;
    this.#reader = new ZeekReader(context);
    this.#tally = new LineTally(this.counters, MEND, (message) => context.warn(message));
  }

  async run(sink: RecordSink, signal: AbortSignal): Promise<void> {
    const { path, listen, allow } = this.#config;
    const take = (events: readonly SensorEvent[]): void => sink.take(events);
    const line = (log: string) => (text: string) =>
      this.#tally.count(this.#reader.line(text, log, wallClock.nowUs(), take));
    const advance = (): void => this.#reader.advance(wallClock.nowUs(), take);
    if (path !== undefined) await this.#follow(path, line, advance, signal);
    else if (listen !== undefined) {
      const timer = setInterval(advance, LOOK_MS);
      const warn = (message: string): void => this.#context.warn(message);
      const tooLong = (count: number): void => this.#tally.tooLong(count);
      try {
        await serveLines(listen, new AllowList(allow), { line: line(""), tooLong, warn }, signal);
      } finally {
        clearInterval(timer);
      }
    }
  }

  async #follow(
    folder: string,
    line: (log: string) => (text: string) => void,
    advance: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    if (!statsOf(folder, "Zeek").isDirectory())
      throw new AgentError("ERR_LOG_FILE", `${folder}: is not a folder; name the folder of Zeek's current logs`);
    this.#look(folder, line, this.#config.fromStart);
    let lookMs = Date.now() + LOOK_MS;
    await pollFiles(this.#files, this.#tally, signal, () => {
      advance();
      if (Date.now() < lookMs) return;
      lookMs = Date.now() + LOOK_MS;
      this.#look(folder, line, true);
    });
  }

  /** Begins with logs that have appeared. Names: `conn.log`, and those of Zeek's package for streaming JSON beside the usual logs. */
  #look(folder: string, line: (log: string) => (text: string) => void, fromStart: boolean): void {
    for (const log of ZEEK_LOGS) {
      for (const name of [`json_streaming_${log}.log`, `${log}.log`]) {
        const path = join(folder, name);
        // Both kinds hold the same records: the streamed ones are JSON for sure.
        if (this.#files.some((file) => file.path === path || file.path.endsWith(`_${log}.log`))) continue;
        // Zeek begins a log with its first record.
        if (!existsSync(path)) continue;
        const file = new FileFollower(path, line(log));
        file.open(fromStart, "Zeek");
        this.#files.push(file);
      }
    }
  }
}
