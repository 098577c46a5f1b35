import { createSocket, type RemoteInfo } from "node:dgram";
import { AgentError } from "../core/errors.ts";

/** Memory of the kernel for datagrams that wait. An exporter sends a burst when it turns its table over: 4 MiB hold three thousand. */
const RECEIVE_BUFFER = 4 * 1_048_576;

/** Takes datagrams until `signal` aborts. Rejects with ERR_RECORDS_LISTEN when the port cannot be had. */
export function receiveDatagrams(
  { host, port }: { readonly host: string; readonly port: number },
  take: (octets: Uint8Array, from: RemoteInfo) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4", recvBufferSize: RECEIVE_BUFFER });
    const stop = (): void => {
      socket.close();
      resolve();
    };
    socket.on("message", take);
    socket.once("error", (error) => {
      signal.removeEventListener("abort", stop);
      socket.close();
      reject(listenError(`udp port ${host}:${port}`, error));
    });
    if (signal.aborted) stop();
    else {
      signal.addEventListener("abort", stop, { once: true });
      socket.bind(port, host);
    }
  });
}

/** What is wrong with a socket, and the mend. */
export function listenError(place: string, error: unknown): AgentError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  const mend =
    code === "EADDRINUSE"
      ? "another program waits for records there; stop it, or choose another port"
      : code === "EADDRNOTAVAIL"
        ? "this machine has no such address; 0.0.0.0 stands for all that it has"
        : code === "EACCES"
          ? "not allowed; ports below 1024 and folders of others belong to root"
          : `cannot wait for records there (${code})`;
  return new AgentError("ERR_RECORDS_LISTEN", `${place}: ${mend}`);
}
