import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { API_BASE, type NormalRule, type Scope } from "../src/api.ts";
import type { Device } from "../src/device.ts";
import type { Incident } from "../src/incident.ts";
import type { BackendInfo, IsolationRequest, Refusal } from "../src/isolation.ts";
import { GUARD_MODES, type GuardMode, severityRank } from "../src/kinds.ts";
import type { MatterState } from "../src/matter.ts";
import type { HubState } from "../src/status.ts";
import { answer, page, problem, readBody } from "./fake-http.ts";
import { FakeStream, tellOne } from "./fake-stream.ts";
import { makeHub } from "./samples.ts";

export interface FakeAgentOptions {
  /** 0 = any free port. */
  port?: number;
  host?: string;
  /** Tokens by scope. */
  tokens?: Partial<Record<Scope, string>>;
  /** How long an isolation stays pending before it is in force, ms. */
  verifyMs?: number;
}

/**
 * An agent for tests of what speaks to one (Matter bridge, Node-RED nodes, cards): the HTTP API and event stream of CONTRACT §6 over state that the
 * test sets. `agent/test/api/double.test.ts` holds it to what the real API answers.
 */
export class FakeAgent {
  readonly devices = new Map<string, Device>();
  readonly incidents = new Map<string, Incident>();
  readonly backends: BackendInfo[] = [];
  /** Devices that the guard refuses, and why. */
  readonly refusals = new Map<string, Refusal>();
  /** Every request with a body or an effect: "PUT /devices/…/isolation {…}". */
  readonly calls: { method: string; path: string; body: unknown }[] = [];
  mode: GuardMode = "ask";
  matter: MatterState = {
    enabled: false,
    state: "off",
    detail: null,
    qr: null,
    manual: null,
    port: 0,
    fabrics: [],
    endpoints: [],
  };
  readonly #options: Required<Omit<FakeAgentOptions, "port">> & { port: number };
  /** Kept over {@link stop} and {@link start}: as the real one keeps it on disk. */
  readonly #stream = new FakeStream();
  #server: Server | undefined;
  #timers = new Set<NodeJS.Timeout>();

  constructor(options: FakeAgentOptions = {}) {
    const { tokens = { read: "lw_read", act: "lw_act", admin: "lw_admin" } } = options;
    this.#options = {
      port: options.port ?? 0,
      host: options.host ?? "127.0.0.1",
      tokens,
      verifyMs: options.verifyMs ?? 50,
    };
  }

  /** Listens; again on the same port after {@link stop}. Returns the address without path. */
  async start(): Promise<string> {
    const server = createServer((request, response) => void this.#serve(request, response));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#options.port, this.#options.host, resolve);
    });
    this.#options.port = (server.address() as AddressInfo).port;
    return this.url;
  }

  get url(): string {
    return `http://${this.#options.host}:${this.#options.port}`;
  }

  /** Cuts every connection, as a killed agent does. Its state stays. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#stream.drop();
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  get listeners(): number {
    return this.#stream.listeners;
  }

  hub(): HubState {
    const open = [...this.incidents.values()].filter(({ status, test }) => status === "open" && test !== true);
    const threats = open.filter(({ severity }) => severityRank(severity) >= severityRank("medium"));
    const worst = threats.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity))[0]?.severity;
    const mining = open.filter(({ kind }) => kind === "mining");
    const devices = [...this.devices.values()].toSorted((a, b) => b.risk.score - a.risk.score);
    return makeHub({
      sentence: threats[0] ? `${threats[0].title}.` : `All quiet. ${devices.length} devices, nothing to do.`,
      threat: threats.length > 0 ? "ON" : "OFF",
      threat_level: worst === undefined || worst === "info" ? "none" : worst,
      open_incidents: open.length,
      devices_seen: devices.length,
      isolated_devices: devices.filter(({ isolated }) => isolated.state === "yes").length,
      max_risk: Math.round(devices[0]?.risk.score ?? 0),
      riskiest_device: devices[0]?.name ?? null,
      mining: mining.length > 0 ? "ON" : "OFF",
      mining_devices: new Set(mining.map(({ device }) => device)).size,
      mode: this.mode,
    });
  }

  /** A device is new or changed. */
  setDevice(device: Device): void {
    this.devices.set(device.id, device);
    this.#stream.keep("device", device);
    this.#tellStatus();
  }

  removeDevice(id: string): void {
    this.devices.delete(id);
    this.#tellStatus();
  }

  /** An incident is opened or changes. */
  setIncident(change: string, incident: Incident): void {
    this.incidents.set(incident.id, incident);
    this.#stream.keep("incident", { change, incident });
    this.#tellStatus();
  }

  setMode(mode: GuardMode): void {
    this.mode = mode;
    this.#tellStatus();
  }

  /** What was kept for replay is lost: who comes back is told everything anew. */
  forgetStream(): void {
    this.#stream.forget();
  }

  #tellStatus(): void {
    this.#stream.tell("status", this.hub());
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", this.url);
    if (url.pathname === "/healthz") return answer(response, 200, { status: "ok" });
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const scope = (Object.keys(this.#options.tokens) as Scope[]).find((name) => this.#options.tokens[name] === token);
    if (scope === undefined) return problem(response, 401, "A token is needed.");
    if (method !== "GET" && scope === "read") return problem(response, 403, "The token may only read.");
    if (!url.pathname.startsWith(API_BASE)) return problem(response, 404, "Nothing here.");
    const path = decodeURIComponent(url.pathname.slice(API_BASE.length));
    if (method === "GET" && path === "/events") return this.#serveEvents(request, response, url);
    const body = await readBody(request);
    if (method !== "GET") this.calls.push({ method, path, body });
    return this.#route(method, path, body, url, response);
  }

  #route(method: string, path: string, body: unknown, url: URL, response: ServerResponse): ServerResponse {
    const [, resource = "", id = "", action = ""] = path.split("/");
    switch (`${method} /${resource}${id === "" ? "" : "/:id"}${action === "" ? "" : `/${action}`}`) {
      case "GET /status":
        return answer(response, 200, this.hub());
      case "GET /devices":
        return answer(response, 200, page([...this.devices.values()].toSorted((a, b) => b.risk.score - a.risk.score)));
      case "GET /devices/:id":
        return this.#found(response, this.devices.get(id), `No device "${id}".`);
      case "PATCH /devices/:id":
        return this.#patch(response, id, body as Partial<Device>);
      case "GET /incidents":
        return answer(response, 200, page(this.#incidentsFor(url)));
      case "GET /incidents/:id":
        return this.#found(response, this.incidents.get(id), `No incident "${id}".`);
      case "POST /incidents/:id/acknowledge":
        return this.#changeIncident(response, id, "acknowledged");
      case "POST /incidents/:id/normal":
        return this.#markNormal(response, id);
      case "PUT /devices/:id/isolation":
        return this.#isolate(response, id, (body ?? {}) as IsolationRequest);
      case "DELETE /devices/:id/isolation":
        return this.#release(response, id);
      case "DELETE /isolations":
        for (const device of this.devices.values())
          if (device.isolated.state !== "no") this.#setIsolation(device, "no");
        return answer(response, 200, this.hub());
      case "PUT /mode":
        return this.#setModeFrom(response, body);
      case "GET /backends":
        return answer(response, 200, page(this.backends));
      case "GET /isolations":
      case "GET /flows":
      case "GET /applications":
        return answer(response, 200, page([]));
      case "GET /mining":
        return answer(response, 200, page(this.#mining()));
      case "GET /matter":
        return answer(response, 200, this.matter);
      case "POST /drills":
        return this.#drill(response, body as { kind: Incident["kind"]; device: string });
      default:
        return problem(response, 404, `No ${method} ${path}.`);
    }
  }

  #found(response: ServerResponse, item: unknown, none: string): ServerResponse {
    return item === undefined ? problem(response, 404, none) : answer(response, 200, item);
  }

  #incidentsFor(url: URL): Incident[] {
    const filter = url.searchParams;
    const least = filter.get("severity");
    return [...this.incidents.values()]
      .filter(
        (incident) =>
          (filter.get("status") ?? incident.status) === incident.status &&
          (filter.get("kind") ?? incident.kind) === incident.kind &&
          (filter.get("device") ?? incident.device) === incident.device &&
          (least === null || severityRank(incident.severity) >= severityRank(least as Incident["severity"])),
      )
      .reverse()
      .slice(0, Number(filter.get("limit") ?? 100));
  }

  #mining(): object[] {
    return [...this.incidents.values()]
      .filter(({ kind }) => kind === "mining")
      .map((incident) => ({
        device: incident.device,
        name: this.devices.get(incident.device ?? "")?.name ?? incident.device,
        incident: incident.id,
        coin: incident.evidence.fields.coin ?? null,
        pool: incident.evidence.fields.pool ?? null,
        since: incident.first_seen,
        last_seen: incident.last_seen,
        active: incident.status !== "resolved",
        evidence: incident.why,
      }));
  }

  #patch(response: ServerResponse, id: string, patch: Partial<Device>): ServerResponse {
    const device = this.devices.get(id);
    if (!device) return problem(response, 404, `No device "${id}".`);
    const changed = { ...device, ...patch };
    this.setDevice(changed);
    return answer(response, 200, changed);
  }

  #changeIncident(response: ServerResponse, id: string, status: Incident["status"]): ServerResponse {
    const incident = this.incidents.get(id);
    if (!incident) return problem(response, 404, `No incident "${id}".`);
    const changed = { ...incident, status };
    this.setIncident(status, changed);
    return answer(response, 200, changed);
  }

  #markNormal(response: ServerResponse, id: string): ServerResponse {
    const incident = this.incidents.get(id);
    if (!incident) return problem(response, 404, `No incident "${id}".`);
    this.setIncident("resolved", { ...incident, status: "resolved" });
    const { kind, device, first_seen: created } = incident;
    const rule: NormalRule = { id: `rule-${id}`, device, kind, peer: null, created };
    return answer(response, 200, rule);
  }

  #isolate(response: ServerResponse, id: string, request: IsolationRequest): ServerResponse {
    const device = this.devices.get(id);
    if (!device) return problem(response, 404, `No device "${id}".`);
    const code = this.refusals.get(id) ?? (this.mode === "monitor" ? "monitor_mode" : undefined);
    if (code !== undefined) return problem(response, 409, `${device.name} is not isolated: ${code}.`, code);
    const pending = this.#setIsolation(device, "pending", request);
    this.#later(() => {
      const now = this.devices.get(id);
      if (now?.isolated.state === "pending") this.#setIsolation(now, "yes", request);
    });
    return answer(response, 202, pending);
  }

  #release(response: ServerResponse, id: string): ServerResponse {
    const device = this.devices.get(id);
    if (!device) return problem(response, 404, `No device "${id}".`);
    return answer(response, 202, this.#setIsolation(device, "no"));
  }

  #setIsolation(device: Device, state: Device["isolated"]["state"], request: IsolationRequest = {}): Device {
    const isOn = state !== "no";
    const at = new Date().toISOString();
    const seconds = request.for_seconds === undefined ? 14_400 : request.for_seconds;
    const changed: Device = {
      ...device,
      isolated: {
        state,
        backend: isOn ? "nftables inet" : null,
        level: isOn ? "wan" : null,
        since: isOn ? at : null,
        until: isOn && seconds !== null ? new Date(Date.now() + seconds * 1000).toISOString() : null,
        silent_since: state === "yes" ? at : null,
        proof: state === "yes" ? "tap" : "none",
        by: isOn ? (request.by ?? "api") : null,
        detail: null,
      },
    };
    this.setDevice(changed);
    return changed;
  }

  #setModeFrom(response: ServerResponse, body: unknown): ServerResponse {
    const wanted = (body as { mode?: unknown } | undefined)?.mode;
    const mode = GUARD_MODES.find((candidate) => candidate === wanted);
    if (mode === undefined) return problem(response, 400, `mode must be one of ${GUARD_MODES.join(", ")}.`);
    this.setMode(mode);
    return answer(response, 200, this.hub());
  }

  #drill(response: ServerResponse, { kind, device }: { kind: Incident["kind"]; device: string }): ServerResponse {
    const known = this.devices.get(device);
    if (!known) return problem(response, 404, `No device "${device}".`);
    const at = new Date().toISOString();
    const incident: Incident = {
      id: `drill-${this.incidents.size + 1}`,
      kind,
      detection: "drill",
      title: `Drill: pretended ${kind.replaceAll("_", " ")} on ${known.name}`,
      severity: "medium",
      confidence: 1,
      direction: "lateral",
      attacker: null,
      victim: null,
      device,
      first_seen: at,
      last_seen: at,
      count: 1,
      status: "open",
      why: ["This is a test that a person started. Nothing was seen."],
      advice: [],
      attack: [],
      evidence: { flow_ids: [], fields: {} },
      response: { wanted: "none", state: "none" },
      test: true,
    };
    this.setIncident("opened", incident);
    return answer(response, 201, incident);
  }

  #later(act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, this.#options.verifyMs);
    this.#timers.add(timer);
  }

  #serveEvents(request: IncomingMessage, response: ServerResponse, url: URL): ServerResponse {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 200\n\n");
    tellOne(response, "status", this.hub());
    const said = request.headers["last-event-id"] ?? url.searchParams.get("last_event_id") ?? undefined;
    if (typeof said === "string" && !this.#stream.catchUp(response, Number(said))) this.#sendEverything(response);
    this.#stream.listen(response);
    return response;
  }

  #sendEverything(response: ServerResponse): void {
    for (const device of this.devices.values()) tellOne(response, "device", device);
    for (const incident of this.incidents.values()) tellOne(response, "incident", { change: "updated", incident });
    response.write(`id: ${this.#stream.lastId}\n\n`);
  }
}
