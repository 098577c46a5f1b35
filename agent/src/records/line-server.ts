import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AllowList } from "./allow-list.ts";
import { LineSplitter } from "./line-splitter.ts";
import { type ListenAddress, listenText } from "./listen-address.ts";
import { listenError, receiveDatagrams } from "./udp-port.ts";

/** Senders at a time: a home has one or two sensors. */
const MAX_CONNECTIONS = 16;

export interface LineServerHooks {
  line(text: string): void;
  /** Lines left out for their length. */
  tooLong(count: number): void;
  warn(message: string): void;
}

/** Waits for lines at a UDP port, a TCP port or a Unix socket until `signal` aborts. A datagram holds whole lines. */
export async function serveLines(
  address: ListenAddress,
  allow: AllowList,
  hooks: LineServerHooks,
  signal: AbortSignal,
): Promise<void> {
  const place = listenText(address);
  if (address.kind === "udp") {
    const splitter = new LineSplitter(hooks.line);
    await receiveDatagrams(
      address,
      (octets, from) => {
        if (!allow.allows(from.address, place, hooks.warn)) return;
        splitter.push(octets);
        splitter.finish();
        told(splitter, hooks);
      },
      signal,
    );
    return;
  }
  if (address.kind === "unix") await removeStale(address.path);
  await serveStreams(address, place, allow, hooks, signal);
}

function serveStreams(
  address: ListenAddress,
  place: string,
  allow: AllowList,
  hooks: LineServerHooks,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      const isAllowed = address.kind === "unix" || allow.allows(socket.remoteAddress ?? "", place, hooks.warn);
      if (!isAllowed || sockets.size >= MAX_CONNECTIONS) {
        socket.destroy();
        return;
      }
      sockets.add(socket);
      const splitter = new LineSplitter(hooks.line);
      socket.on("data", (octets) => {
        splitter.push(octets);
        told(splitter, hooks);
      });
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        splitter.finish();
        sockets.delete(socket);
      });
    });
    const stop = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    };
    server.once("error", (error) => {
      signal.removeEventListener("abort", stop);
      reject(listenError(place, error));
    });
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener("abort", stop, { once: true });
    if (address.kind === "unix") {
      const { path } = address;
      // The sensor's user must be able to write, other users of the machine must not.
      server.listen(path, () => chmodSync(path, 0o660));
    } else server.listen(address.port, address.host);
  });
}

function told(splitter: LineSplitter, hooks: LineServerHooks): void {
  if (splitter.tooLong === 0) return;
  hooks.tooLong(splitter.tooLong);
  splitter.tooLong = 0;
}

/** A socket that an agent left behind when it was killed: nobody answers there any more. */
async function removeStale(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSocket() !== true) return;
  const isAlive = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
  if (!isAlive) unlinkSync(path);
}
