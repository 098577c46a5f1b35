import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { HubState } from "@lanwarden/contract/status";
import { startCli } from "../cli/run-cli.ts";

/** Ports that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export async function until<Value>(
  what: string,
  probe: () => Promise<Value | undefined | false> | Value | undefined | false,
  timeoutMs = 25_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The first answer other than 503; the last one after 20 s. */
export async function notBusy(ask: () => Promise<Response>): Promise<Response> {
  for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const response = await ask();
    if (response.status !== 503 || Date.now() > end) return response;
  }
}

/** A home of its own: a folder with a configuration, on free ports; `lanwarden run` in it can be started and stopped. */
export class TestHome {
  readonly folder = mkdtempSync(join(tmpdir(), "lanwarden-service-"));
  readonly config = join(this.folder, "lanwarden.yaml");
  readonly port: number;
  readonly mqttPort: number;
  process: ReturnType<typeof startCli> | undefined;

  private constructor(port: number, mqttPort: number) {
    this.port = port;
    this.mqttPort = mqttPort;
  }

  static async make(sources: object[], more: object = {}): Promise<TestHome> {
    const [port = 0, mqttPort = 0] = await freePorts(2);
    const home = new TestHome(port, mqttPort);
    home.configure(sources, more);
    return home;
  }

  configure(sources: object[], more: object = {}): void {
    writeFileSync(
      this.config,
      JSON.stringify({
        data: "./data",
        home: { networks: ["192.168.178.0/24", "fd00::/8", "fe80::/10"] },
        sources,
        http: { listen: `127.0.0.1:${this.port}` },
        mqtt: { url: "embedded", listen: `127.0.0.1:${this.mqttPort}` },
        ...more,
      }),
    );
  }

  start(): void {
    this.process = startCli(["run", "--config", this.config]);
  }

  get output(): string {
    return this.process?.output ?? "";
  }

  async call(path: string, init: RequestInit = {}): Promise<Response> {
    const token = readFileSync(join(this.folder, "data/admin-token"), "utf8").trim();
    return fetch(`http://127.0.0.1:${this.port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
  }

  /** An agent that says "busy, try again" (503) is asked again, as its clients do: on a loaded machine that is no failure. */
  async get<Answer>(path: string): Promise<Answer> {
    const response = await notBusy(() => this.call(`/api/v1${path}`));
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Status and detail of /readyz; undefined while nothing answers. */
  async readiness(): Promise<{ status: number; detail: string } | undefined> {
    try {
      const response = await this.call("/readyz");
      const body = (await response.json()) as { detail?: string };
      return { status: response.status, detail: body.detail ?? "" };
    } catch {
      return undefined;
    }
  }

  async ready(): Promise<void> {
    await until(`/readyz 200; output:\n${this.output}`, async () => {
      if (this.process?.child.exitCode !== null) throw new Error(`ended:\n${this.output}`);
      return (await this.readiness())?.status === 200;
    });
  }

  hub = (): Promise<HubState> => this.get<HubState>("/status");
  devices = async (): Promise<Device[]> => (await this.get<Page<Device>>("/devices")).items;
  incidents = async (query = "?limit=500"): Promise<Incident[]> =>
    (await this.get<Page<Incident>>(`/incidents${query}`)).items;

  /** Waits until a capture has been read to its end and what it showed is told. */
  async over(): Promise<void> {
    await until("the end of the capture", async () => (await this.hub()).tap_reason === "the capture has ended");
  }

  async stop(): Promise<number | null> {
    return (await this.process?.stop()) ?? null;
  }

  async remove(): Promise<void> {
    if (this.process?.child.exitCode === null) this.process.child.kill("SIGKILL");
    await this.process?.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
