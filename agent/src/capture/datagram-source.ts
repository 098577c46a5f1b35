import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { wallClock } from "../core/clock.ts";
import { AgentError } from "../core/errors.ts";
import type { Network } from "../core/ip.ts";
import { type CaptureCounters, type FrameSink, newCounters, type Source, type SourceContext } from "./define.ts";
import { formatHostPort, type HostPort, PeerList, sourceAllow, sourceListen } from "./source-address.ts";
import { sourceInteger } from "./source-keys.ts";
import { udpDrops } from "./udp-drops.ts";

/** Where mirrored packets come in, one frame a datagram. */
export interface DatagramConfig {
  readonly listen: HostPort;
  readonly allow: readonly Network[];
  /** Memory that the kernel is asked for, for datagrams that wait, MiB. */
  readonly bufferMib: number;
}

export const DATAGRAM_KEYS: readonly string[] = ["listen", "allow", "buffer_mib"];

/** 4 MiB hold 30 ms of a full gigabit link; the kernel gives what net.core.rmem_max allows, by default 0.2 MiB. */
const BUFFER_MIB = 4;
const LOOK_MS = 1000;

/** What became of a datagram. */
export const DATAGRAM_FRAME = 1;
/** No frame in it, and none was to be expected: a sign of life. */
export const DATAGRAM_EMPTY = 0;
export const DATAGRAM_BAD = -1;

/** Finds the frame in a datagram of `size` octets and hands it to the sink, at most one; returns one of the codes above. Never throws. */
export type Unwrap = (datagram: Uint8Array, size: number, sink: FrameSink, atUs: number) => number;

export function parseDatagramConfig(
  config: Readonly<Record<string, unknown>>,
  type: string,
  port: number,
): DatagramConfig {
  const listen = sourceListen(config, type, `127.0.0.1:${port}`);
  const bufferMib = sourceInteger(config, type, "buffer_mib", { least: 1, most: 256, otherwise: BUFFER_MIB });
  return { listen, allow: sourceAllow(config, type, listen), bufferMib };
}

/**
 * Listens on a UDP port for mirrored packets.
 *
 * Time     A frame's time is the moment at which its datagram is read: none of these protocols carries a time that can be trusted.
 * Borrow   Each datagram has memory of its own; the sink is flushed when the datagrams of one turn of the event loop are through.
 */
export class DatagramSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #type: string;
  readonly #config: DatagramConfig;
  readonly #context: SourceContext;
  readonly #unwrap: Unwrap;
  #isFlushDue = false;

  constructor(type: string, config: DatagramConfig, context: SourceContext, unwrap: Unwrap) {
    this.#type = type;
    this.#config = config;
    this.#context = context;
    this.#unwrap = unwrap;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const { listen, bufferMib } = this.#config;
    const warn = (message: string): void => this.#context.warn(`${this.#type} ${formatHostPort(listen)}: ${message}`);
    const socket = await this.#bind();
    const peers = new PeerList(this.#config.allow, warn);
    const flush = (): void => {
      this.#isFlushDue = false;
      sink.flush();
    };
    socket.on("message", (datagram: Uint8Array, sender: RemoteInfo) => {
      if (!peers.has(sender.address)) {
        this.counters.invalid++;
        return;
      }
      this.#take(datagram, sink);
      if (this.#isFlushDue) return;
      this.#isFlushDue = true;
      setImmediate(flush);
    });
    askForBuffer(socket, bufferMib);
    const watch = this.#watchDrops(socket, warn);
    const look = setInterval(watch, LOOK_MS);
    try {
      await untilClosed(socket, signal, this.#type);
    } finally {
      clearInterval(look);
      flush();
    }
  }

  #take(datagram: Uint8Array, sink: FrameSink): void {
    const code = this.#unwrap(datagram, datagram.length, sink, wallClock.nowUs());
    if (code === DATAGRAM_FRAME) this.counters.packets++;
    else if (code === DATAGRAM_BAD) this.counters.invalid++;
  }

  #watchDrops(socket: Socket, warn: (message: string) => void): () => void {
    const { listen } = this.#config;
    const before = udpDrops(listen) ?? 0;
    let isSaid = false;
    return () => {
      this.counters.kernelDrops = Math.max(this.counters.kernelDrops, (udpDrops(listen) ?? before) - before);
      if (isSaid || this.counters.kernelDrops === 0) return;
      isSaid = true;
      // Linux tells twice of what was asked: it counts its own bookkeeping.
      const given = socket.getRecvBufferSize() / 2 / 1_048_576;
      warn(
        `the kernel loses packets: its buffer for them is ${given.toFixed(1)} MiB; ${moreRoom(given, this.#config.bufferMib)}`,
      );
    };
  }

  #bind(): Promise<Socket> {
    const { host, port } = this.#config.listen;
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4" });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(listenFailure(this.#type, this.#config.listen, error.code));
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    return promise;
  }
}

/** The kernel's limit comes first: asking for more than that changes nothing. */
const moreRoom = (given: number, asked: number): string =>
  given < asked * 0.99
    ? `allow more with "sudo sysctl -w net.core.rmem_max=${asked * 1_048_576}" and start again`
    : `ask for more with buffer_mib: ${Math.min(asked * 4, 256)}`;

function askForBuffer(socket: Socket, mebibytes: number): void {
  try {
    socket.setRecvBufferSize(mebibytes * 1_048_576);
  } catch {
    // A system that refuses more than its limit, where Linux would give the limit: the default has to do.
  }
}

/** Settles when the signal aborts; a socket that fails on the way rejects. */
function untilClosed(socket: Socket, signal: AbortSignal, type: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const close = (): void => {
    socket.close();
  };
  socket.once("close", () => {
    signal.removeEventListener("abort", close);
    resolve();
  });
  socket.once("error", (error: NodeJS.ErrnoException) => {
    reject(new AgentError("ERR_TAP_LISTEN", `${type}: the socket failed (${error.code ?? "unknown reason"})`));
    close();
  });
  if (signal.aborted) close();
  else signal.addEventListener("abort", close, { once: true });
  return promise;
}

/** Why a source cannot listen, with the mend. */
export function listenFailure(type: string, listen: HostPort, code: string | undefined): AgentError {
  const place = `${type}: ${formatHostPort(listen)}`;
  switch (code) {
    case "EADDRINUSE":
      return new AgentError(
        "ERR_TAP_LISTEN",
        `${place}: another program listens there: stop it, or choose another port in listen and on the router`,
      );
    case "EADDRNOTAVAIL":
      return new AgentError(
        "ERR_TAP_LISTEN",
        `${place}: this machine does not have that address: take one of "ip -brief address", or 0.0.0.0 for all`,
      );
    case "EACCES":
      return new AgentError("ERR_TAP_LISTEN", `${place}: ports below 1024 belong to root: choose a higher one`);
    default:
      return new AgentError("ERR_TAP_LISTEN", `${place}: cannot listen there (${code ?? "unknown reason"})`);
  }
}
