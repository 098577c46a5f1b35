import { get, type IncomingMessage } from "node:http";
import { API_BASE } from "@lanwarden/contract/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ApiApp } from "../../src/api/define.ts";
import { buildApi } from "../../src/api/server.ts";
import { fakeContext, sampleHub, TOKENS } from "./fake-context.ts";

let fake: ReturnType<typeof fakeContext>;
let app: ApiApp;
let port: number;
const open: Listener[] = [];

beforeEach(async () => {
  fake = fakeContext();
  app = await buildApi(fake.context, {
    host: "127.0.0.1",
    port: 0,
    hosts: [],
    page: undefined,
    version: "1.2.3",
    demo: false,
    onError: () => undefined,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  port = (app.server.address() as { port: number }).port;
});
afterEach(async () => {
  vi.useRealTimers();
  for (const listener of open.splice(0)) listener.close();
  await app.close();
});

interface Frame {
  id?: string;
  event?: string;
  data?: unknown;
  comment?: string;
}

/** A client as plain as the specification allows: frames in the order in which they came. */
class Listener {
  readonly frames: Frame[] = [];
  status = 0;
  headers: IncomingMessage["headers"] = {};
  isClosed = false;
  #text = "";
  #response: IncomingMessage | undefined;
  readonly #request;

  constructor(lastId?: string, query = "", token = TOKENS.read) {
    this.#request = get(
      {
        port,
        host: "127.0.0.1",
        path: `${API_BASE}/events${query}`,
        agent: false,
        headers: { authorization: `Bearer ${token}`, ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
      },
      (response) => {
        this.#response = response;
        this.status = response.statusCode ?? 0;
        this.headers = response.headers;
        response.on("data", (chunk: Buffer) => this.#take(chunk.toString()));
        response.on("close", () => (this.isClosed = true));
        response.on("error", () => undefined);
      },
    );
    this.#request.on("error", () => (this.isClosed = true));
    open.push(this);
  }

  #take(chunk: string): void {
    this.#text += chunk;
    for (let end = this.#text.indexOf("\n\n"); end >= 0; end = this.#text.indexOf("\n\n")) {
      const frame: Frame = {};
      for (const line of this.#text.slice(0, end).split("\n")) {
        if (line.startsWith(":")) frame.comment = line.slice(1).trim();
        const [, name, value] = /^(id|event|data): (.*)$/.exec(line) ?? [];
        if (name === "data") frame.data = JSON.parse(value!);
        else if (name === "id" || name === "event") frame[name] = value!;
      }
      this.#text = this.#text.slice(end + 2);
      if (Object.keys(frame).length > 0) this.frames.push(frame);
    }
  }

  get ids(): number[] {
    return this.frames.filter(({ id }) => id !== undefined).map(({ id }) => Number(id));
  }

  async until(isDone: () => boolean): Promise<void> {
    const end = performance.now() + 8000;
    while (!isDone()) {
      if (performance.now() > end) throw new Error(`not reached; frames: ${JSON.stringify(this.frames).slice(0, 500)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  close(): void {
    this.#request.destroy();
  }
}

describe("the event stream", () => {
  test("begins with the status and goes on with what happens", async () => {
    const listener = new Listener();
    await listener.until(() => fake.listeners.size === 1 && listener.frames.length > 0);
    expect(listener.headers["content-type"]).toBe("text/event-stream");
    expect(listener.headers["cache-control"]).toBe("no-store");
    expect(listener.headers["content-security-policy"]).toContain("default-src 'none'");
    fake.happen("device", { name: "a\nb" });
    fake.happen("traffic", { packets: 3 }, false);
    await listener.until(() => listener.frames.length === 3);
    expect(listener.frames).toEqual([
      { event: "status", data: sampleHub() },
      { id: "1", event: "device", data: { name: "a\nb" } },
      { event: "traffic", data: { packets: 3 } },
    ]);
    listener.close();
    await listener.until(() => fake.listeners.size === 0);
  });

  test("tells who comes back all that was missed, once, also what happens meanwhile", async () => {
    for (let i = 1; i <= 1000; i++) fake.happen("device", { i });
    // Each page is read while events go on, and one happens at the very moment of the last page.
    const after = fake.context.streamAfter;
    fake.context.streamAfter = (id) => {
      const page = after(id);
      if (fake.stream.length < 1010) fake.happen("incident", { during: id });
      return page;
    };
    const listener = new Listener("200");
    await listener.until(() => fake.listeners.size === 1);
    fake.happen("device", { last: true });
    await listener.until(
      () => listener.frames.at(-1)?.data !== undefined && listener.ids.at(-1) === fake.stream.length,
    );
    const expected = Array.from({ length: fake.stream.length - 200 }, (_, i) => 201 + i);
    expect(listener.ids).toEqual(expected);
    expect(listener.frames[0]!.event).toBe("status");
  });

  test("reads the number from the address too, the header first; nonsense counts as new", async () => {
    for (let i = 1; i <= 5; i++) fake.happen("device", { i });
    const cases: [string | undefined, string, number[]][] = [
      [undefined, "?last_event_id=3", [4, 5]],
      ["4", "?last_event_id=1", [5]],
      ["5", "", []],
      ["-1", "", []],
      ["1; DROP", "", []],
    ];
    for (const [header, query, ids] of cases) {
      const before = fake.listeners.size;
      const listener = new Listener(header, query);
      await listener.until(() => fake.listeners.size === before + 1 && listener.ids.length >= ids.length);
      expect(listener.ids, `${header} ${query}`).toEqual(ids);
    }
    const bad = new Listener(undefined, "?last_event_id=x");
    await bad.until(() => bad.status !== 0);
    expect(bad.status).toBe(400);
  });

  test("a number that is gone, or of another database, gets everything that is", async () => {
    for (let i = 1; i <= 5; i++) fake.happen("device", { i });
    fake.state.goneUpTo = 3;
    for (const lastId of ["2", "999"]) {
      const before = fake.listeners.size;
      const listener = new Listener(lastId);
      await listener.until(() => fake.listeners.size === before + 1);
      await listener.until(() => listener.ids.includes(5));
      expect(listener.frames.map(({ event }) => event)).toEqual(["status", "device", "incident", undefined, "status"]);
      expect(listener.frames[2]!.data).toMatchObject({ change: "updated", incident: { id: "i-1" } });
      listener.close();
      await listener.until(() => fake.listeners.size === before);
    }
  });

  test("a client that is slow to catch up is waited for; it loses nothing", async () => {
    const filling = "x".repeat(50_000);
    for (let i = 1; i <= 200; i++) fake.happen("device", { i, filling });
    fake.state.pageSize = 10;
    const listener = new Listener("0");
    await listener.until(() => listener.status === 200);
    listener.pause();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(fake.listeners.size).toBe(0);
    fake.happen("device", { i: 201 });
    listener.resume();
    await listener.until(() => listener.ids.length === 201);
    expect(listener.ids).toEqual(Array.from({ length: 201 }, (_, i) => i + 1));
  });

  test("a client that does not read what is live is cut off", async () => {
    const listener = new Listener();
    await listener.until(() => fake.listeners.size === 1 && listener.status === 200);
    listener.pause();
    const filling = "x".repeat(100_000);
    for (let i = 0; i < 200 && fake.listeners.size > 0; i++) {
      fake.happen("device", { filling });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await listener.until(() => fake.listeners.size === 0);
  });

  test("has room for 64; the next is told so, and a place that is left is free again", async () => {
    const listeners = Array.from({ length: 64 }, () => new Listener());
    await listeners[0]!.until(() => fake.listeners.size === 64);
    const over = new Listener();
    await over.until(() => over.status !== 0);
    expect(over.status).toBe(503);
    listeners[0]!.close();
    await over.until(() => fake.listeners.size === 63);
    const next = new Listener();
    await next.until(() => fake.listeners.size === 64);
    expect(next.status).toBe(200);
  });

  test("pings, and ends when its token is revoked", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const listener = new Listener();
    await listener.until(() => fake.listeners.size === 1);
    vi.advanceTimersByTime(15_000);
    await listener.until(() => listener.frames.some(({ comment }) => comment === "ping"));
    fake.context.tokens.revoke("read");
    vi.advanceTimersByTime(15_000);
    await listener.until(() => listener.isClosed && fake.listeners.size === 0);
  });

  test("does not keep the server from stopping", async () => {
    const listener = new Listener();
    await listener.until(() => fake.listeners.size === 1);
    await app.close();
    await listener.until(() => listener.isClosed);
  });
});
