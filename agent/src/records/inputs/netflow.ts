import { type CaptureCounters, newCounters } from "../../capture/define.ts";
import { badSourceValue, checkSourceKeys, sourceInteger } from "../../capture/source-keys.ts";
import { wallClock } from "../../core/clock.ts";
import type { Network } from "../../core/ip.ts";
import { AllowList, parseAllow, plainAddress } from "../allow-list.ts";
import { defineRecordSource, type RecordContext, type RecordSink, type RecordSource } from "../define.ts";
import { ExporterNotes } from "../exporter-notes.ts";
import { FlowPairs } from "../flow-pairs.ts";
import { parseHostPort } from "../listen-address.ts";
import { NetflowDecoder } from "../netflow-decoder.ts";
import { receiveDatagrams } from "../udp-port.ts";

export interface NetflowConfig {
  readonly host: string;
  readonly port: number;
  readonly allow: readonly Network[];
  /** One packet of so many is looked at, as the user says; 0 = as the exporter says. */
  readonly sampling: number;
}

const TYPE = "netflow";
/** NetFlow's usual port; IPFIX has 4739 (RFC 7011 §10.3.4), which works as well. */
const LISTEN = "0.0.0.0:2055";
/** How often it is looked whether a flow has waited long enough for its other direction. */
const ADVANCE_MS = 500;

/** Flow records of routers: NetFlow 5 and 9, IPFIX. */
export const netflow = defineRecordSource<NetflowConfig>({
  type: TYPE,
  label: "a router's flow records (NetFlow, IPFIX)",
  events: ["flow"],
  limits: {
    "scan.port": { works: "partly", why: "where the router tells both directions of each connection" },
    "scan.network": {
      works: "partly",
      why: "on ports that worms try; for others look-ups of names would have to be seen",
    },
    "scan.host-sweep": { works: "partly", why: "pings only, no search by ARP" },
    "exposure.service": {
      works: "partly",
      why: "where TCP flags and the side that began are told; the service is named by its port",
    },
    "spoof.ip": {
      works: "no",
      why: "beside an address that is not of the home stands the MAC of the provider's router",
    },
    "mining.pool": { works: "partly", why: "only where another source shows look-ups of names" },
    "mining.crypto-p2p": { works: "no", why: "a port alone proves nothing without the content" },
    "login.brute-force": { works: "no", why: "log-ins are not in flow records" },
  },
  parse(config) {
    checkSourceKeys(config, TYPE, ["listen", "allow", "sampling"]);
    const wanted = "ADDRESS:PORT, as in 0.0.0.0:2055";
    const { listen = LISTEN } = config;
    if (typeof listen !== "string") throw badSourceValue(TYPE, "listen", listen, wanted);
    return {
      ...parseHostPort(TYPE, "listen", listen.replace(/^udp:\/\//, ""), wanted),
      allow: parseAllow(TYPE, config.allow, true),
      sampling: sourceInteger(config, TYPE, "sampling", { least: 0, most: 1_000_000, otherwise: 0 }),
    };
  },
  open: (config, context) => new NetflowSource(config, context),
});

class NetflowSource implements RecordSource {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: NetflowConfig;
  readonly #context: RecordContext;
  readonly #decoder = new NetflowDecoder();
  readonly #pairs: FlowPairs;
  readonly #notes: ExporterNotes;

  constructor(config: NetflowConfig, context: RecordContext) {
    this.#config = config;
    this.#context = context;
    this.#pairs = new FlowPairs(context);
    this.#notes = new ExporterNotes(config.sampling, (message) => context.warn(message));
  }

  async run(sink: RecordSink, signal: AbortSignal): Promise<void> {
    const allow = new AllowList(this.#config.allow);
    const warn = (message: string): void => this.#context.warn(message);
    const place = `${this.#config.host}:${this.#config.port}`;
    const tell = (): void => {
      const events = this.#pairs.takeEvents();
      if (events.length > 0) sink.take(events);
    };
    const timer = setInterval(() => {
      this.#pairs.advance(wallClock.nowUs());
      tell();
    }, ADVANCE_MS);
    try {
      await receiveDatagrams(
        this.#config,
        (octets, from) => {
          if (!allow.allows(from.address, place, warn)) return;
          this.#take(octets, plainAddress(from.address), wallClock.nowUs());
          tell();
        },
        signal,
      );
    } finally {
      clearInterval(timer);
      this.#pairs.finish();
      tell();
    }
  }

  #take(octets: Uint8Array, exporter: string, nowUs: number): void {
    const datagram = this.#decoder.decode(octets, exporter);
    this.counters.packets += datagram.flows.length;
    this.counters.kernelDrops += datagram.lost;
    if (datagram.fault !== undefined) this.counters.invalid++;
    const sampling = this.#notes.note(exporter, datagram);
    for (const flow of datagram.flows) {
      this.#pairs.add(flow, exporter, this.#config.sampling || flow.sampling || sampling, nowUs);
    }
    const complaint = this.#pairs.complaint(exporter);
    if (complaint !== undefined) this.#context.warn(complaint);
  }
}
