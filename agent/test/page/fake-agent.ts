import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { NormalRule, Scope, StreamEvents } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import type { TrafficSample } from "@lanwarden/contract/status";
import { FakeResponder } from "./fake-responder.ts";
import { isoAgo, makeIncident, type SampleHome, type Scenario, sampleHome } from "./sample-home.ts";

const PAGE = fileURLToPath(new URL("../../dashboard/dist/page", import.meta.url));
export const TOKEN = "sample-token";
const CSRF = "sample-csrf";

/** The policy that the real server sends; the test compares the two. */
export const POLICY =
  "default-src 'none';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'self'";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
  txt: "text/plain; charset=utf-8",
};

export interface SeenRequest {
  method: string;
  path: string;
  csrf: string | undefined;
  body: string;
}

/** Answers as the agent does, from a sample home, optionally under a path prefix as behind Home Assistant. For the page's tests and for looking at it. */
export class FakeAgent {
  readonly home: SampleHome;
  readonly seen: SeenRequest[] = [];
  readonly responder: FakeResponder;
  /** True: every call fails, as while the agent starts. */
  isRefusing = false;
  /** Of the session. */
  scope: Scope = "admin";
  readonly #prefix: string;
  readonly #pastSeconds: number;
  readonly #server: Server;
  readonly #streams = new Set<ServerResponse>();
  #rules: NormalRule[] = [];
  #isLoggedIn: boolean;
  #eventId = 100;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    options: { scenario?: Scenario; isLoggedIn?: boolean; demo?: boolean; prefix?: string; pastSeconds?: number } = {},
  ) {
    this.home = sampleHome(options.scenario ?? "busy");
    this.home.status.demo = options.demo ?? false;
    this.responder = new FakeResponder(this.home, {
      device: (device) => this.push("device", device),
      status: () => this.push("status", this.home.status),
    });
    this.#isLoggedIn = options.isLoggedIn ?? true;
    this.#prefix = options.prefix ?? "";
    this.#pastSeconds = options.pastSeconds ?? 0;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Address of the page, with a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#prefix}/`;
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    this.#timer = setInterval(() => this.push("traffic", this.sample()), 1000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Breaks all event streams, as a restart does. */
  dropStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  endSessions(): void {
    this.#isLoggedIn = false;
  }

  push<Name extends keyof StreamEvents>(event: Name, data: StreamEvents[Name]): void {
    const id = event === "traffic" ? "" : `id: ${++this.#eventId}\n`;
    for (const stream of this.#streams) stream.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  pushIncident(incident: Incident, change = "opened"): void {
    this.home.incidents = [incident, ...this.home.incidents.filter(({ id }) => id !== incident.id)];
    this.push("incident", { change, incident });
  }

  sample(atMs = Date.now()): TrafficSample {
    const wave = (period: number): number => 1 + Math.sin((atMs / 1000 / period) * 2 * Math.PI);
    const isAlive = this.home.devices.length > 0;
    return {
      at: new Date(atMs).toISOString(),
      bits_in: isAlive ? Math.round(2_400_000 * wave(47) + 900_000 * wave(7)) : 0,
      bits_out: isAlive ? Math.round(500_000 * wave(31)) : 0,
      bits_lan: isAlive ? Math.round(1_200_000 * wave(90)) : 0,
      packets: isAlive ? 812 : 0,
      top: this.home.devices.slice(0, 6).map(({ id, name }, n) => ({ device: id, name, bits: 2_000_000 / (n + 1) })),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<ServerResponse> {
    response.setHeader("content-security-policy", POLICY);
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith(`${this.#prefix}/`)) return this.#problem(response, 404);
    const path = url.pathname.slice(this.#prefix.length);
    const body = await bodyOf(request);
    const csrf = request.headers["x-lanwarden-csrf"];
    const method = request.method ?? "GET";
    this.seen.push({ method, path: path + url.search, csrf: typeof csrf === "string" ? csrf : undefined, body });
    if (this.isRefusing) return this.#problem(response, 503);
    if (!path.startsWith("/api/v1/")) return this.#file(path, response);
    const route = path.slice("/api/v1/".length);
    if (route === "session") return this.#session(method, body, response);
    if (!this.#isLoggedIn) return this.#problem(response, 401);
    if (method !== "GET" && csrf !== CSRF) return this.#problem(response, 403);
    if (route === "events") return this.#events(response);
    return this.#resource(method, route, body, response);
  }

  #session(method: string, body: string, response: ServerResponse): ServerResponse {
    if (method === "POST") this.#isLoggedIn = (JSON.parse(body) as { token: string }).token === TOKEN;
    if (method === "DELETE") this.#isLoggedIn = false;
    if (!this.#isLoggedIn) return this.#problem(response, 401, "This token is unknown or revoked.");
    return this.#json(response, { scope: this.scope, csrf: CSRF });
  }

  #events(response: ServerResponse): ServerResponse {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 300\n\n");
    response.write(`event: status\ndata: ${JSON.stringify(this.home.status)}\n\n`);
    for (let second = this.#pastSeconds; second > 0; second--) {
      const sample = this.sample(Date.now() - second * 1000);
      response.write(`event: traffic\ndata: ${JSON.stringify(sample)}\n\n`);
    }
    this.#streams.add(response);
    return response.on("close", () => this.#streams.delete(response));
  }

  #resource(method: string, route: string, body: string, response: ServerResponse): ServerResponse {
    const [collection = "", id = "", verb = ""] = route.split("/").map(decodeURIComponent);
    const list = (items: unknown[]): ServerResponse => this.#json(response, { items, next: null });
    const answer = this.responder.answer(method, collection, id, verb, body);
    if (answer !== undefined) return this.#json(response, answer.body, answer.status);
    if (method === "POST" && collection === "incidents") return this.#decide(id, verb, response);
    if (method === "POST" && collection === "drills") return this.#drill(body, response);
    if (method === "DELETE" && collection === "normal") {
      this.#rules = this.#rules.filter((rule) => rule.id !== id);
      return response.writeHead(204).end();
    }
    if (method === "PATCH") {
      const device = this.home.devices.find((known) => known.id === id);
      if (!device) return this.#problem(response, 404);
      Object.assign(device, JSON.parse(body));
      return this.#json(response, device);
    }
    const one = collection === "incidents" ? this.home.incidents.find((incident) => incident.id === id) : undefined;
    if (id !== "") return one ? this.#json(response, one) : this.#problem(response, 404);
    switch (collection) {
      case "status":
        return this.#json(response, this.home.status);
      case "devices":
        return list(this.home.devices);
      case "incidents":
        return list(this.home.incidents);
      case "normal":
        return list(this.#rules);
      case "history":
        return list(this.home.history);
      case "applications":
        return list(this.home.applications);
      case "flows":
        return list(this.home.flows);
      default:
        return this.#problem(response, 404);
    }
  }

  #decide(id: string, verb: string, response: ServerResponse): ServerResponse {
    const incident = this.home.incidents.find((known) => known.id === id);
    if (!incident) return this.#problem(response, 404);
    const changed: Incident = { ...incident, status: verb === "normal" ? "resolved" : "acknowledged" };
    this.pushIncident(changed, changed.status);
    if (verb === "acknowledge") return this.#json(response, changed);
    const rule = {
      id: `rule-${id}`,
      device: incident.device,
      kind: incident.kind,
      peer: "203.0.113.0/24",
      created: isoAgo(0),
    };
    this.#rules = [rule, ...this.#rules];
    return this.#json(response, rule);
  }

  #drill(body: string, response: ServerResponse): ServerResponse {
    const { kind, device } = JSON.parse(body) as Pick<Incident, "kind"> & { device: string };
    const incident = makeIncident("drill1", {
      kind,
      device,
      severity: "medium",
      test: true,
      title: "Drill: pretended trouble",
    });
    this.pushIncident(incident);
    return this.#json(response, incident, 201);
  }

  #file(path: string, response: ServerResponse): ServerResponse {
    const file = normalize(join(PAGE, path === "/" ? "index.html" : path));
    try {
      const content = readFileSync(file);
      response.writeHead(200, { "content-type": TYPES[file.split(".").at(-1) ?? ""] ?? "application/octet-stream" });
      return response.end(content);
    } catch {
      return this.#problem(response, 404);
    }
  }

  #json(response: ServerResponse, value: unknown, status = 200): ServerResponse {
    const type = status < 400 ? "application/json" : "application/problem+json";
    return response.writeHead(status, { "content-type": type }).end(JSON.stringify(value));
  }

  #problem(response: ServerResponse, status: number, detail = `Problem ${status}.`): ServerResponse {
    response.writeHead(status, { "content-type": "application/problem+json" });
    return response.end(JSON.stringify({ type: "about:blank", title: "Problem", status, detail }));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
