import { connect, createServer } from "node:http2";
import { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { runFrames, tcpTalk, testEnds, turned } from "../../../test/props/frames.ts";
import {
  browsing,
  call,
  dns,
  down,
  hello,
  helloBack,
  logins,
  OK,
  pieces,
  request,
  samples,
  up,
} from "../../../test/props/samples/http2.ts";
import {
  dialogue,
  drive,
  expectNoiseHarmless,
  expectSplitsAlike,
  type Message,
} from "../../../test/props/stream-drive.ts";
import { be32, join, zeros } from "../../demo/frames/octets.ts";
import {
  H2_CONTINUATION,
  H2_DATA,
  H2_END_HEADERS,
  H2_HEADERS,
  H2_RST_STREAM,
  HpackEncoder,
  HTTP2_PREFACE,
  http2Frame,
  http2Message,
  http2Settings,
} from "../../demo/frames/payloads/http2.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { http2 } from "./http2.ts";

describe("http2", () => {
  it("tells requests, answers and exchanges of streams at once", () => {
    const told = drive(http2, browsing());
    expect(told.anomalies).toEqual([]);
    expect(told.events.map(({ phase, streamId, status }) => [phase, streamId, status])).toEqual([
      ["request", 1, 0],
      ["request", 3, 0],
      ["response", 3, 404],
      ["transaction", 3, 404],
      ["response", 1, 200],
      ["transaction", 1, 200],
    ]);
    expect(told.events[5]).toMatchObject({
      method: "GET",
      host: "hub.example.org",
      hostPort: 8080,
      url: "/",
      protocol: "HTTP/2",
      userAgent: "curl/8.5.0",
      server: "h2o",
      contentType: "text/html",
      responseBodyLength: 11,
      setsCookie: true,
    });
    expect(told.events[1]).toMatchObject({ url: "/logo.png?token=***", userAgent: "curl/8.5.0" });
    expect(told.labels).toContainEqual({ hostname: "hub.example.org" });
    expect(JSON.stringify(told)).not.toMatch(/sid=1/);
    expect(http2.eve?.(told.events[0]!)).toBeNull();
    expect(http2.eve?.(told.events[3]!)).toEqual({
      event_type: "http",
      http: {
        version: "2",
        hostname: "hub.example.org",
        http_port: 8080,
        url: "/logo.png?token=***",
        http_user_agent: "curl/8.5.0",
        http_method: "GET",
        status: 404,
        length: 4,
        http2: { stream_id: 3, request: {}, response: {} },
      },
    });
  });

  it("names calls of gRPC and their status", () => {
    const told = drive(http2, call());
    expect(told.labels).toContainEqual({ app: "gRPC" });
    const last = told.events.at(-1)!;
    expect(last).toMatchObject({
      phase: "transaction",
      requestContentType: "application/grpc+proto",
      requestBodyLength: 8,
      responseBodyLength: 7,
      grpc: { service: "home.v1.Lights", method: "Switch", status: 5 },
    });
    expect(http2.eve?.(last)).toMatchObject({
      event_type: "http",
      lw: { grpc: { service: "home.v1.Lights", method: "Switch", status: 5 } },
    });
  });

  it("reads blocks and data in pieces, interim answers, promises and streams broken off", () => {
    const told = drive(http2, pieces());
    expect(told.anomalies).toEqual([]);
    const over = told.events.filter(({ phase }) => phase === "transaction");
    expect(over).toMatchObject([
      { streamId: 1, method: "PUT", url: "/put", status: 200, requestBodyLength: 13, responseBodyLength: 0 },
      { streamId: 2, method: "GET", url: "/a.css", status: 200, contentType: "text/css", responseBodyLength: 3 },
      { streamId: 3, method: "GET", url: "/slow", status: 0, reset: { byClient: true, code: 8 } },
    ]);
    expect(http2.eve?.(over[2]!)).toMatchObject({ http: { http2: { request: { error_code: "CANCEL" } } } });
  });

  it("judges log-ins as in HTTP/1, and those sent again by number once", () => {
    const told = drive(http2, logins());
    expect(told.logins).toMatchObject([
      { service: "http-basic", user: "admin", outcome: "failure", isDefault: false },
      { service: "http-basic", user: "admin", outcome: "success", isDefault: true },
      { service: "http-form", user: "root", outcome: "failure" },
    ]);
    expect(told.events.filter(({ phase }) => phase === "transaction")).toMatchObject([
      { authorization: "basic", authenticateRealm: "Hub", status: 401 },
      { authorization: "basic", status: 200 },
      { authorization: "basic", status: 200 },
      { status: 403 },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/s3cret|hunter2|YWRt/);
  });

  it("recognises DNS over HTTP", () => {
    expect(drive(http2, dns()).labels).toContainEqual({ app: "DoH_DoT" });
  });

  it("goes on after an Upgrade from HTTP/1", () => {
    const server = new HpackEncoder();
    const talk: Message[] = [
      ...dialogue(
        "> GET /status HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
        "< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
      ),
      down(http2Settings(), http2Message(server, { stream: 1, fields: [OK], body: "fine" })),
      hello,
    ];
    const { sink } = runFrames(tcpTalk(talk, testEnds));
    const told = sink.events.filter(({ name }) => name === "http" || name === "http2");
    expect(told.map((event) => [event.name, (event.data as { phase: string }).phase])).toEqual([
      ["http", "request"],
      ["http", "response"],
      ["http", "transaction"],
      ["http2", "response"],
      ["http2", "transaction"],
    ]);
    expect(told[2]?.data).toMatchObject({ url: "/status", upgrade: "h2c" });
    expect(sink.flows("end")[0]?.data).toMatchObject({ appProto: "http2", proto: "HTTP2", hostname: "hub" });
  });

  it("finds the client by its preface, and is recognised by the server's half alone", () => {
    const turnedTalk = browsing().map(({ toServer, octets }) => ({ toServer: !toServer, octets }));
    expect(drive(http2, turnedTalk).events).toEqual(drive(http2, browsing()).events);
    const serverFirst = [helloBack, hello, ...browsing().slice(2)];
    expect(drive(http2, serverFirst).events).toEqual(drive(http2, browsing()).events);
    const half = tcpTalk(
      browsing().filter(({ toServer }) => !toServer),
      turned(testEnds),
    );
    expect(runFrames(half).sink.flows("end")[0]?.data.appProto).toBe("http2");
  });

  it("tells the floods that HTTP/2 made possible", () => {
    const client = new HpackEncoder();
    const block = client.encode(...request("GET", "/"));
    const start = http2Frame(H2_HEADERS, 0, 1, block);
    const more = http2Frame(H2_CONTINUATION, 0, 1, "");
    const flood = [hello, up(start, ...Array<Uint8Array>(40).fill(more))];
    expect(drive(http2, flood).anomalies).toEqual(["continuation-flood"]);
    expect(drive(http2, [hello, up(start, http2Frame(H2_DATA, 0, 1, "x"))]).anomalies).toEqual(["broken-header-block"]);

    const resets = (count: number): Message[] =>
      Array.from({ length: count }, (_, i) =>
        up(
          http2Frame(H2_HEADERS, H2_END_HEADERS, 2 * i + 1, Uint8Array.of(0x82, 0x84)),
          http2Frame(H2_RST_STREAM, 0, 2 * i + 1, be32(8)),
        ),
      );
    expect(drive(http2, [hello, ...resets(99)]).anomalies).toEqual([]);
    expect(drive(http2, [hello, ...resets(300)]).anomalies).toEqual(["rapid-reset"]);
  });

  it("stops counting a header list that unpacks to megabytes", () => {
    // One field of 4,000 octets in the table, then 1,000 octets that each stand for it (CVE-2016-1544 and its kin).
    const bomb = join(0x40, 1, "x", 0x7f, 0xa1, 0x1e, "v".repeat(4000), new Uint8Array(1000).fill(0xbe));
    const told = drive(http2, [hello, up(http2Frame(H2_HEADERS, H2_END_HEADERS, 1, join(0x82, 0x84, bomb)))]);
    expect(told.anomalies).toEqual(["many-headers", "large-header-list"]);
    expect(told.events[0]).toMatchObject({ phase: "request", method: "GET" });
  });

  it("keeps no more than 256 streams", () => {
    const open = Array.from({ length: 300 }, (_, i) =>
      up(http2Frame(H2_HEADERS, H2_END_HEADERS, 2 * i + 1, Uint8Array.of(0x82, 0x84))),
    );
    const told = drive(http2, [hello, ...open]);
    expect(told.anomalies[0]).toBe("many-streams");
    expect(told.events.filter(({ phase }) => phase === "transaction")).toHaveLength(300);
  });

  it("goes on over octets lost from a body, and ends when they may have been of a block", () => {
    const client = new HpackEncoder();
    const state = http2.open({} as never);
    const said: string[] = [];
    const out = {
      event: ({ phase, requestBodyLength }: { phase: string; requestBodyLength: number }) =>
        void said.push(`${phase} ${requestBodyLength}`),
      login: () => {},
      anomaly: (name: string) => void said.push(name),
      skip: () => {},
      become: () => {},
      label: () => {},
    };
    const octets = join(
      HTTP2_PREFACE,
      http2Settings(),
      http2Message(client, { stream: 1, fields: request("PUT", "/"), body: zeros(100) }).subarray(0, -60),
    );
    const slice = { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 };
    expect(http2.parse(state, slice, out)).toBe(0);
    expect(http2.gap?.(state, true, 50, out)).toBe(0);
    expect(http2.gap?.(state, true, 5000, out)).toBe(-1);
    expect(said).toEqual(["request 0", "transaction 90"]);
  });

  it("reads what another implementation sends", async () => {
    const { messages, done } = watch();
    await done;
    const told = drive(http2, messages);
    expect(told.anomalies).toEqual([]);
    const over = told.events.filter(({ phase }) => phase === "transaction");
    expect(over).toHaveLength(20);
    for (const { streamId, ...event } of over)
      expect(event).toMatchObject({
        method: "POST",
        url: `/item/${(streamId - 1) / 2}`,
        host: "node.example.org",
        userAgent: "Mozilla/5.0 (a test; rv:1.0)",
        status: 201,
        server: "node",
        requestBodyLength: 5,
        responseBodyLength: 30_000,
      });
  });

  it("knows its own and leaves others", () => {
    const probe = (octets: Uint8Array) =>
      http2.probe(
        { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 2 },
      );
    expect(probe(HTTP2_PREFACE)).toBe(PROBE_YES);
    expect(probe(http2Settings([[3, 100]]))).toBe(PROBE_YES);
    expect(probe(http2Settings())).toBe(PROBE_NO);
    expect(probe(zeros(40))).toBe(PROBE_NO);
    // Cut anywhere, it is waited for.
    const settings = http2Settings([[1, 4096]]);
    for (let length = 1; length < settings.length; length++)
      expect(probe(settings.subarray(0, length))).toBe(PROBE_MORE);
  });

  it("says the same however the stream is cut, and takes noise in good part", () => {
    expectSplitsAlike(http2, samples);
    expectNoiseHarmless(http2, samples);
  });
});

/** Twenty requests between the client and the server of Node.js, over a pair of streams in memory. */
function watch(): { readonly messages: Message[]; readonly done: Promise<void> } {
  const messages: Message[] = [];
  const ends: Duplex[] = [];
  const end = (toServer: boolean): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _coding, next) {
        messages.push({ toServer, octets: Uint8Array.from(chunk) });
        ends[toServer ? 1 : 0]?.push(chunk);
        next();
      },
    });
  ends.push(end(true), end(false));
  const server = createServer((asked, answer) => {
    asked.resume();
    asked.on("end", () => {
      answer.writeHead(201, { server: "node", "x-number": asked.url.length });
      answer.end("y".repeat(30_000));
    });
  });
  server.emit("connection", ends[1]);
  const client = connect("http://node.example.org", { createConnection: () => ends[0]! });
  const one = (number: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const stream = client.request({
        ":method": "POST",
        ":path": `/item/${number}`,
        "user-agent": "Mozilla/5.0 (a test; rv:1.0)",
        cookie: "a=1; b=2",
      });
      stream.on("error", reject).on("close", resolve).resume();
      stream.end("hello");
    });
  const done = Promise.all(Array.from({ length: 20 }, (_, number) => one(number))).then(() => {
    client.destroy();
  });
  return { messages, done };
}
