import { type CaptureCounters, newCounters } from "../../capture/define.ts";
import { badSourceValue, checkSourceKeys } from "../../capture/source-keys.ts";
import { wallClock } from "../../core/clock.ts";
import type { Network } from "../../core/ip.ts";
import { AllowList, isLoopback, parseAllow } from "../allow-list.ts";
import { defineRecordSource, type RecordContext, type RecordSink, type RecordSource } from "../define.ts";
import { EveReader } from "../eve-reader.ts";
import { FileFollower } from "../follow-file.ts";
import { serveLines } from "../line-server.ts";
import { LineTally } from "../line-tally.ts";
import { type ListenAddress, parseListen } from "../listen-address.ts";
import { pollFiles } from "../poll-files.ts";

export interface EveConfig {
  /** The log to follow; or where its lines are sent to. */
  readonly path: string | undefined;
  readonly listen: ListenAddress | undefined;
  readonly allow: readonly Network[];
  readonly fromStart: boolean;
}

const TYPE = "eve";
const MEND =
  "eve: not one of the lines that came could be read: what is sent must be Suricata's EVE log (JSON, one record a line)";

/** Suricata's EVE log: followed as a file, or sent here line by line. */
export const eve = defineRecordSource<EveConfig>({
  type: TYPE,
  label: "Suricata's EVE log",
  events: ["flow", "dns", "tls", "http", "ssh", "quic", "dhcp", "arp", "login", "anomaly"],
  limits: {
    "login.brute-force": {
      works: "partly",
      why: "FTP, MQTT and VNC only: Suricata does not say how other log-ins ended",
    },
    "login.default-credentials": { works: "partly", why: "FTP and MQTT only" },
    "login.cleartext-credentials": { works: "partly", why: "FTP and MQTT only" },
    "login.no-authentication": { works: "partly", why: "FTP, MQTT and VNC only" },
    "mining.pool": {
      works: "partly",
      why: "by names and length of sessions: the mining protocol itself is not logged",
    },
    "tls.name-mismatch": { works: "partly", why: "from Suricata 8 on, with `subjectaltname` logged" },
    "spoof.ip": { works: "partly", why: "with MAC addresses in the log (`ethernet: yes`)" },
    "spoof.arp": { works: "partly", why: "from Suricata 8 on, with its `arp` log switched on" },
    "scan.host-sweep": { works: "partly", why: "pings; searches by ARP with Suricata 8's `arp` log" },
    "flood.dns-amplification": { works: "partly", why: "forged questions only: the log has no sizes of answers" },
  },
  parse(config) {
    checkSourceKeys(config, TYPE, ["path", "listen", "allow", "from"]);
    const { path, listen, allow, from = "end" } = config;
    if ((path === undefined) === (listen === undefined))
      throw badSourceValue(TYPE, "path", path, "the EVE file; or, instead of it, listen: where its lines are sent to");
    if (path !== undefined && (typeof path !== "string" || path === "" || path === "-"))
      throw badSourceValue(TYPE, "path", path, "the EVE file, as in /var/log/suricata/eve.json");
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
  open: (config, context) => new EveSource(config, context),
});

class EveSource implements RecordSource {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: EveConfig;
  readonly #context: RecordContext;

  constructor(config: EveConfig, context: RecordContext) {
    this.#config = config;
    this.#context = context;
  }

  async run(sink: RecordSink, signal: AbortSignal): Promise<void> {
    const { path, listen, allow, fromStart } = this.#config;
    const warn = (message: string): void => this.#context.warn(message);
    const tally = new LineTally(this.counters, MEND, warn);
    const reader = new EveReader(this.#context);
    const line = (text: string): void =>
      tally.count(reader.line(text, wallClock.nowUs(), (events) => sink.take(events)));
    if (path !== undefined) {
      const follower = new FileFollower(path, line);
      follower.open(fromStart, "Suricata");
      await pollFiles([follower], tally, signal);
    } else if (listen !== undefined) {
      const tooLong = (count: number): void => tally.tooLong(count);
      await serveLines(listen, new AllowList(allow), { line, tooLong, warn }, signal);
    }
  }
}
