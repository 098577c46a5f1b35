import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

type Json = Record<string, unknown>;

/** A companion app's answer and the like: what Home Assistant sends for a subscription. */
interface Subscription {
  client: Client;
  id: number;
  event: string | undefined;
  entities: readonly string[] | undefined;
}

interface Client {
  socket: Socket;
  send(message: unknown): void;
  /** Sends a text frame as it is. */
  sendText(text: string): void;
}

export interface FakeState {
  state: string;
  attributes: Json;
}

/**
 * A Home Assistant as far as the link sees it: logging in, registries, states, actions and events over a WebSocket, with the faults of a real
 * one. `version`: what it says of itself.
 */
export class FakeHomeAssistant {
  readonly token = "right-token";
  version: string;
  devices: Json[] = [];
  areas: Json[] = [];
  entities: Json[] = [];
  readonly states = new Map<string, FakeState>();
  /** Names of actions of the domain notify. */
  notify: string[] = ["mobile_app_phone"];
  /** All actions called, with the time of arrival, ms. */
  readonly calls: { action: string; data: Json; target: Json | undefined; atMs: number }[] = [];
  /** Action → error that answers it. */
  readonly refusals = new Map<string, { code: string; message: string }>();
  /** Message types that a user without rights may not send. */
  readonly forbidden = new Set<string>();
  /** Everything that arrived: "get_config", "subscribe_events area_registry_updated". */
  readonly asked: string[] = [];
  timeZone = "UTC";
  logins = 0;
  /** Takes messages and says nothing: a machine that went to sleep. */
  isDeaf = false;
  /** Answers nothing but the log-in. */
  isBusy = false;
  #server: Server | undefined;
  #port = 0;
  readonly #clients = new Set<Client>();
  #subscriptions: Subscription[] = [];

  constructor(version = "2026.11.0") {
    this.version = version;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Again on the same port after {@link stop}. */
  async start(): Promise<void> {
    const server = createServer((_, response) => response.writeHead(404).end());
    server.on("upgrade", (request, socket: Socket) => {
      const key = String(request.headers["sec-websocket-key"]);
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      this.#greet(socket);
    });
    this.#server = server;
    await new Promise<void>((done) => server.listen(this.#port, "127.0.0.1", done));
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((done) => this.#server?.close(done));
  }

  /** Ends all connections without a goodbye. */
  drop(): void {
    for (const { socket } of this.#clients) socket.destroy();
    this.#clients.clear();
    this.#subscriptions = [];
  }

  /** Octets that are no message. */
  babble(text: string): void {
    for (const client of this.#clients) client.sendText(text);
  }

  fire(event: string, data: Json = {}): void {
    for (const { client, id, event: wanted } of this.#subscriptions)
      if (wanted === event) client.send({ id, type: "event", event: { event_type: event, data, origin: "LOCAL" } });
  }

  tap(action: string): void {
    this.fire("mobile_app_notification_action", { action });
  }

  /** Sets or takes away an entity's state and tells it. */
  setState(id: string, state: FakeState | undefined): void {
    const isNew = !this.states.has(id);
    if (state) this.states.set(id, state);
    else this.states.delete(id);
    for (const one of this.#subscriptions)
      if (one.entities?.includes(id))
        one.client.send({
          id: one.id,
          type: "event",
          event: state ? added(id, state, isNew) : { r: [id] },
        });
  }

  #greet(socket: Socket): void {
    const client: Client = {
      socket,
      send: (message) => client.sendText(JSON.stringify(message)),
      sendText: (text) => void socket.write(frame(text)),
    };
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
    socket.on("error", () => undefined);
    let rest: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let read = unframe(rest); read; read = unframe(rest)) {
        rest = rest.subarray(read.length);
        if (read.isClose) socket.end();
        else if (!this.isDeaf) this.#onMessage(client, JSON.parse(read.text) as Json);
      }
    });
    if (!this.isDeaf) client.send({ type: "auth_required", ha_version: this.version });
  }

  #onMessage(client: Client, message: Json): void {
    if (message.type === "auth") {
      this.logins++;
      const isRight = message.access_token === this.token;
      client.send({ type: isRight ? "auth_ok" : "auth_invalid", ha_version: this.version });
      if (!isRight) client.socket.end();
      return;
    }
    const event = message.event_type === undefined ? "" : ` ${String(message.event_type)}`;
    this.asked.push(`${String(message.type)}${event}`);
    if (this.isBusy) return;
    const id = message.id as number;
    const fail = (code: string, text: string) =>
      client.send({ id, type: "result", success: false, error: { code, message: text } });
    if (this.forbidden.has(`${String(message.type)}${event}`)) fail("unauthorized", "Unauthorized");
    else if (message.type === "ping") client.send({ id, type: "pong" });
    else if (message.type === "call_service") this.#onCall(client, message, fail);
    else {
      client.send({ id, type: "result", success: true, result: this.#result(String(message.type)) });
      this.#onSubscribe(client, message);
    }
  }

  #onCall(client: Client, message: Json, fail: (code: string, text: string) => void): void {
    const action = `${String(message.domain)}.${String(message.service)}`;
    const isKnown = message.domain !== "notify" || this.notify.includes(String(message.service));
    const unknown = isKnown ? undefined : { code: "not_found", message: `Service ${action} not found.` };
    const refusal = this.refusals.get(action) ?? unknown;
    if (refusal) {
      fail(refusal.code, refusal.message);
      return;
    }
    const data = message.service_data as Json;
    this.calls.push({ action, data, target: message.target as Json | undefined, atMs: performance.now() });
    client.send({ id: message.id, type: "result", success: true, result: { context: {} } });
  }

  #onSubscribe(client: Client, message: Json): void {
    const id = message.id as number;
    if (message.type === "unsubscribe_events")
      this.#subscriptions = this.#subscriptions.filter(
        (one) => one.client !== client || one.id !== message.subscription,
      );
    if (message.type === "subscribe_events")
      this.#subscriptions.push({ client, id, event: String(message.event_type), entities: undefined });
    if (message.type !== "subscribe_entities") return;
    const entities = message.entity_ids as string[];
    this.#subscriptions.push({ client, id, event: undefined, entities });
    const known = entities.flatMap((entity) => {
      const found = this.states.get(entity);
      return found ? [[entity, { s: found.state, a: found.attributes }]] : [];
    });
    // In a frame with another message, as Home Assistant does when several are due.
    client.send([
      { id, type: "event", event: { a: Object.fromEntries(known) } },
      { id: 0, type: "result", success: true, result: null },
    ]);
  }

  #result(type: string): unknown {
    switch (type) {
      case "config/device_registry/list":
        return this.devices;
      case "config/area_registry/list":
        return this.areas;
      case "config/entity_registry/list_for_display":
        return { entity_categories: {}, entities: this.entities };
      case "get_services":
        return {
          light: { turn_on: {} },
          notify: Object.fromEntries(["notify", ...this.notify].map((name) => [name, {}])),
        };
      case "get_config":
        return { time_zone: this.timeZone, version: this.version };
      default:
        return null;
    }
  }
}

/** What `subscribe_entities` tells of an entity that came or changed. */
function added(id: string, { state, attributes }: FakeState, isNew: boolean): Json {
  const told = { s: state, a: attributes };
  return isNew ? { a: { [id]: told } } : { c: { [id]: { "+": told } } };
}

/** A text frame of a server (RFC 6455 §5.2): unmasked. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (body.length >= 126) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** The first frame of a client: masked. undefined while it is not whole. */
function unframe(octets: Buffer): { text: string; isClose: boolean; length: number } | undefined {
  if (octets.length < 6) return undefined;
  const short = (octets[1] ?? 0) & 0x7f;
  const at = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (octets.length < at + 4) return undefined;
  const size = short < 126 ? short : short === 126 ? octets.readUInt16BE(2) : Number(octets.readBigUInt64BE(2));
  if (octets.length < at + 4 + size) return undefined;
  const body = Buffer.from(octets.subarray(at + 4, at + 4 + size)).map(
    (octet, i) => octet ^ (octets[at + (i & 3)] ?? 0),
  );
  return { text: Buffer.from(body).toString("utf8"), isClose: ((octets[0] ?? 0) & 0x0f) === 8, length: at + 4 + size };
}
