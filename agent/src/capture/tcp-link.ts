import { connect, createServer, type Server, type Socket } from "node:net";
import { AgentError } from "../core/errors.ts";
import { listenFailure } from "./datagram-source.ts";
import { formatHostPort, type HostPort } from "./source-address.ts";

const CONNECT_MS = 10_000;
/** A peer that is gone without a word is noticed after this and some 10 s more: Node asks every second then. */
const KEEPALIVE_MS = 15_000;

/** Connects; undefined when the signal aborted meanwhile. Rejects with ERR_TAP_CONNECT. */
export function connectTcp(peer: HostPort, signal: AbortSignal): Promise<Socket | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket | undefined>();
  const socket = connect({ ...peer, keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS });
  const giveUp = (): void => {
    socket.destroy();
    resolve(undefined);
  };
  const timer = setTimeout(() => fail("ETIMEDOUT"), CONNECT_MS);
  const settle = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
    socket.removeListener("error", onError);
  };
  const fail = (code: string): void => {
    settle();
    socket.on("error", () => undefined);
    socket.destroy();
    reject(connectFailure(formatHostPort(peer), code));
  };
  const onError = (error: NodeJS.ErrnoException): void => fail(error.code ?? "unknown reason");
  socket.once("error", onError);
  socket.once("connect", () => {
    settle();
    resolve(socket);
  });
  socket.once("close", settle);
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  return promise;
}

/** Why another machine cannot be reached, with the mend. */
export function connectFailure(name: string, code: string): AgentError {
  const mend: Record<string, string> = {
    ECONNREFUSED: "nothing listens there: start it, or mend the port",
    ENOTFOUND: "no such name: mend it, or write the address",
    EAI_AGAIN: "the name cannot be looked up now: write the address instead",
    EHOSTUNREACH: "no way there: is it switched on and in this network?",
    ENETUNREACH: "no way there: is this machine in a network?",
    ETIMEDOUT: "no answer: is it switched on, and does its firewall let this machine in?",
  };
  return new AgentError(
    "ERR_TAP_CONNECT",
    `${name}: cannot be reached (${code}): ${mend[code] ?? "check address and port"}`,
  );
}

/** Listens for connections; rejects with ERR_TAP_LISTEN. */
export function listenTcp(type: string, listen: HostPort, accept: (socket: Socket) => void): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS }, accept);
  server.once("error", (error: NodeJS.ErrnoException) => reject(listenFailure(type, listen, error.code)));
  server.listen({ ...listen, exclusive: true }, () => resolve(server));
  return promise;
}
