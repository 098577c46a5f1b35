import { timingSafeEqual } from "node:crypto";
import { createServer, type Server } from "node:net";
import { Aedes } from "aedes";
import { AgentError } from "../core/errors.ts";

export interface BrokerOptions {
  host: string;
  port: number;
  username?: string;
  password?: string;
}

/** The embedded MQTT broker, for the demo and for homes without one. */
export interface Broker {
  close(): Promise<void>;
}

/**
 * Starts the broker. Without a password it listens on this machine only.
 * Throws ERR_PORT_IN_USE, ERR_LISTEN, or ERR_BROKER_OPEN when it would be open to the home without a password.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, port, username, password } = options;
  const isLoopback = host === "localhost" || host === "::1" || host.startsWith("127.");
  if (!isLoopback && (username === undefined || password === undefined)) {
    throw new AgentError(
      "ERR_BROKER_OPEN",
      `mqtt.listen: ${host} is open to others, which needs mqtt.username and mqtt.password; or listen on 127.0.0.1`,
    );
  }
  const aedes = await Aedes.createBroker();
  if (username !== undefined && password !== undefined) {
    aedes.authenticate = (_client, name, secret, done) =>
      done(null, same(name ?? "", username) && same(secret?.toString() ?? "", password));
  }
  const server = createServer(aedes.handle);
  try {
    await listen(server, host, port);
  } catch (error) {
    aedes.close();
    throw error;
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close();
        aedes.close(() => resolve());
      }),
  };
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const place = `${host}:${port}`;
      reject(
        error.code === "EADDRINUSE"
          ? new AgentError(
              "ERR_PORT_IN_USE",
              `${place}: another MQTT broker or program listens there; use it with "mqtt.url: mqtt://${place}", or choose another "mqtt.listen" (demo: --mqtt)`,
            )
          : new AgentError(
              "ERR_LISTEN",
              `${place}: the MQTT broker cannot listen there (${error.code ?? "unknown reason"})`,
            ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
