import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBroker } from "../../src/sinks/broker.ts";

const MOSQUITTO = "/usr/sbin/mosquitto";
export const hasMosquitto = existsSync(MOSQUITTO);
if (!hasMosquitto)
  process.stderr.write(`skipped: tests against a real broker, because ${MOSQUITTO} is not installed\n`);

/** A broker that can be stopped, killed and started again on the same port. */
export interface TestBroker {
  readonly url: string;
  /** Names and passwords, where it asks for them. */
  readonly usersFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it for good and removes what it kept. */
  remove(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on 127.0.0.1:${port}`);
}

/** A real mosquitto that remembers retained messages over a restart. With `password`, only user "lanwarden" may connect. */
export async function mosquitto(password?: string): Promise<TestBroker> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-mosquitto-"));
  const users = join(folder, "users");
  const config = join(folder, "mosquitto.conf");
  const access = password === undefined ? "allow_anonymous true" : `allow_anonymous false\npassword_file ${users}`;
  if (password !== undefined) {
    spawnSync("mosquitto_passwd", ["-b", "-c", users, "lanwarden", password]);
    spawnSync("chmod", ["0644", users]);
  }
  writeFileSync(
    config,
    `user root\nlistener ${port} 127.0.0.1\n${access}\npersistence true\npersistence_location ${folder}/\nmax_queued_messages 10000\nlog_dest none\n`,
  );
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child?.once("exit", resolve));
    child.kill(signal);
    await gone;
  };
  const broker: TestBroker = {
    url: `mqtt://127.0.0.1:${port}`,
    usersFile: users,
    async start() {
      child = spawn(MOSQUITTO, ["-c", config], { stdio: "ignore" });
      await untilListening(port);
    },
    stop: () => end("SIGTERM"),
    async remove() {
      await end("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await broker.start();
  return broker;
}

/** The agent's own broker. */
export async function embedded(): Promise<TestBroker> {
  const port = await freePort();
  let broker: Awaited<ReturnType<typeof startBroker>> | undefined;
  const made: TestBroker = {
    url: `mqtt://127.0.0.1:${port}`,
    usersFile: "",
    async start() {
      broker = await startBroker({ host: "127.0.0.1", port });
    },
    async stop() {
      await broker?.close();
      broker = undefined;
    },
    remove: () => made.stop(),
  };
  await made.start();
  return made;
}
