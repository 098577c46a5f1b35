import type { Server, Socket } from "node:net";
import type { Network } from "../../core/ip.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { readLiveStream } from "../live-stream.ts";
import {
  formatHostPort,
  type HostPort,
  PeerList,
  plainAddress,
  sourceAllow,
  sourceHostPort,
  sourceListen,
} from "../source-address.ts";
import { badSourceValue, checkSourceKeys, sourceInteger } from "../source-keys.ts";
import { connectTcp, listenTcp } from "../tcp-link.ts";

const TYPE = "pcap-over-ip";
/** Nobody has registered a port; 57012 is what most programs for it take. */
const LISTEN = "127.0.0.1:57012";
const MAX_CONNECTIONS = 4;

export type PcapOverIpConfig =
  | { readonly connect: HostPort }
  | { readonly listen: HostPort; readonly allow: readonly Network[]; readonly maxConnections: number };

/** A live pcap or pcapng stream over TCP: fetched from a program that serves it, or received from programs that send it. */
export const pcapOverIp = defineSource<PcapOverIpConfig>({
  type: TYPE,
  parse(config) {
    if (config.connect !== undefined) {
      checkSourceKeys(config, TYPE, ["connect"]);
      return { connect: sourceHostPort(config, TYPE, "connect", undefined) };
    }
    checkSourceKeys(config, TYPE, ["connect", "listen", "allow", "max_connections"]);
    if (config.listen === undefined) {
      throw badSourceValue(
        TYPE,
        "connect",
        undefined,
        "HOST:PORT to fetch the capture from, or listen to have it sent",
      );
    }
    const listen = sourceListen(config, TYPE, LISTEN);
    const allow = sourceAllow(config, TYPE, listen);
    const limits = { least: 1, most: 64, otherwise: MAX_CONNECTIONS };
    return { listen, allow, maxConnections: sourceInteger(config, TYPE, "max_connections", limits) };
  },
  open: (config, context) => ("connect" in config ? new Client(config, context) : new Listener(config, context)),
});

class Client implements Source {
  readonly counters: CaptureCounters = newCounters();
  isConnected = false;
  readonly #peer: HostPort;
  readonly #context: SourceContext;

  constructor(config: { readonly connect: HostPort }, context: SourceContext) {
    this.#peer = config.connect;
    this.#context = context;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const socket = await connectTcp(this.#peer, signal);
    if (!socket) return;
    this.isConnected = true;
    const name = formatHostPort(this.#peer);
    const warn = (message: string): void => this.#context.warn(message);
    const end = await readLiveStream(socket, { name, sink, counters: this.counters, warn }, signal);
    if (end) throw end;
  }
}

class Listener implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: Extract<PcapOverIpConfig, { listen: HostPort }>;
  readonly #context: SourceContext;
  readonly #readers = new Set<Promise<void>>();
  #isFullSaid = false;

  constructor(config: Extract<PcapOverIpConfig, { listen: HostPort }>, context: SourceContext) {
    this.#config = config;
    this.#context = context;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const warn = (message: string): void => this.#context.warn(message);
    const peers = new PeerList(this.#config.allow, (message) => warn(`${TYPE}: ${message}`));
    const server = await listenTcp(TYPE, this.#config.listen, (socket) => {
      socket.on("error", () => undefined);
      if (!peers.has(socket.remoteAddress ?? "") || this.#isFull(socket)) socket.destroy();
      else this.#read(socket, sink, warn, signal);
    });
    await untilAborted(signal);
    await closed(server);
    await Promise.all(this.#readers);
  }

  #read(socket: Socket, sink: FrameSink, warn: (message: string) => void, signal: AbortSignal): void {
    const name = `${TYPE} from ${plainAddress(socket.remoteAddress ?? "?")}`;
    const reader = readLiveStream(socket, { name, sink, counters: this.counters, warn }, signal).then((end) => {
      this.#readers.delete(reader);
      // A sender that comes and goes is no fault; one that sends nonsense is.
      if (end?.code !== "ERR_TAP_STREAM") return;
      this.counters.invalid++;
      warn(end.message);
    });
    this.#readers.add(reader);
  }

  #isFull(socket: Socket): boolean {
    if (this.#readers.size < this.#config.maxConnections) return false;
    if (!this.#isFullSaid) {
      this.#isFullSaid = true;
      this.#context.warn(
        `${TYPE}: ${plainAddress(socket.remoteAddress ?? "?")} is turned away: ${this.#readers.size} send already (max_connections)`,
      );
    }
    return true;
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
