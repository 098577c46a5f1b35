import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { API_BASE, type Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { BackendInfo, IsolationRow } from "@lanwarden/contract/isolation";

/** An agent's API, reached through the Unix socket of a tunnel into its network namespace. */
export class AgentApi {
  readonly #socket: string;
  readonly #data: string;

  constructor(socket: string, dataFolder: string) {
    this.#socket = socket;
    this.#data = dataFolder;
  }

  call<Answer>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
    const token = readFileSync(join(this.#data, "admin-token"), "utf8").trim();
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        host: "127.0.0.1",
        ...(body ? { "content-type": "application/json" } : {}),
      };
      const asked = request(
        { socketPath: this.#socket, method, path: path.startsWith("/readyz") ? path : API_BASE + path, headers },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => {
            text += part;
          });
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 0, body: (text === "" ? undefined : JSON.parse(text)) as Answer }),
          );
        },
      );
      asked.setTimeout(5000, () => asked.destroy(new Error(`${method} ${path}: no answer`)));
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async get<Answer>(path: string): Promise<Answer> {
    const { status, body } = await this.call<Answer>("GET", path);
    if (status >= 400) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  isReady = async (): Promise<boolean> => {
    try {
      return (await this.call("GET", "/readyz")).status === 200;
    } catch {
      return false;
    }
  };
  device = (id: string): Promise<Device> => this.get(`/devices/${encodeURIComponent(id)}`);
  incidents = async (): Promise<Incident[]> => (await this.get<Page<Incident>>("/incidents?limit=200")).items;
  isolations = async (): Promise<IsolationRow[]> => (await this.get<Page<IsolationRow>>("/isolations")).items;
  backends = async (): Promise<BackendInfo[]> => (await this.get<Page<BackendInfo>>("/backends")).items;
}

/** Waits until an asynchronous look finds something. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined | false>,
  limitMs = 15_000,
): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
