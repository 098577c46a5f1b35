import { describe, expect, it } from "vitest";
import {
  basicRefused,
  browsing,
  digest,
  form,
  json,
  pipelined,
  samples,
  sloppy,
  tunnel,
  upgrade,
} from "../../../test/props/samples/http.ts";
import {
  dialogue,
  drive,
  expectNoiseHarmless,
  expectSplitsAlike,
  latin1,
  type Message,
} from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode } from "../define.ts";
import { http } from "./http.ts";

const over = (messages: readonly Message[]) =>
  drive(http, messages).events.filter((event) => event.phase === "transaction");
const eves = (messages: readonly Message[]) =>
  over(messages).map((event) => (http.eve!(event) as unknown as { http: Record<string, unknown> }).http);
const probe = (text: string): ProbeCode => {
  const buf = latin1(text);
  return http.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 40000, serverPort: 80 });
};

describe("http", () => {
  it("raises the request at once, the answer with the request, and one record at the end", () => {
    const told = drive(http, browsing);
    expect(told.events.map((event) => event.phase)).toEqual([
      "request",
      "response",
      "transaction",
      "request",
      "response",
      "transaction",
    ]);
    expect(told.events[1]).toMatchObject({ method: "GET", host: "nas.example.org", hostPort: 5000, status: 200 });
    expect(told.labels[0]).toEqual({ hostname: "nas.example.org" });
    expect(eves(browsing)).toEqual([
      {
        hostname: "nas.example.org",
        http_port: 5000,
        url: "/index.html",
        http_user_agent: "Mozilla/5.0",
        http_content_type: "text/html",
        http_method: "GET",
        protocol: "HTTP/1.1",
        status: 200,
        length: 11,
      },
      expect.objectContaining({ url: "/logo.png", http_content_type: "image/png", length: 15 }),
    ]);
  });

  it("pairs pipelined requests; HEAD and 304 have no body", () => {
    expect(over(pipelined).map((event) => [event.url, event.status, event.responseBodyLength])).toEqual([
      ["/a", 200, 0],
      ["/b", 304, 0],
      ["/c", 404, 2],
    ]);
  });

  it("tells Basic log-ins with their outcome and never the password", () => {
    const told = drive(http, basicRefused);
    expect(told.logins).toEqual([
      { service: "http-basic", user: "admin", outcome: "failure", isDefault: true, isEmpty: false, isClearText: true },
      { service: "http-basic", user: "admin", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.events[1]).toMatchObject({ authenticateScheme: "basic", authenticateRealm: "TP-LINK Router" });
    expect(JSON.stringify(told)).not.toContain("s3cret");
  });

  it("tells a success with the same user once a connection", () => {
    const twice = [...basicRefused.slice(2), ...basicRefused.slice(2)];
    expect(drive(http, twice).logins).toHaveLength(1);
  });

  it("tells the user of a Digest log-in", () => {
    expect(drive(http, digest).logins).toEqual([
      {
        service: "http-digest",
        user: "viewer",
        outcome: "success",
        isDefault: false,
        isEmpty: false,
        isClearText: false,
      },
    ]);
  });

  it("tells form and JSON log-ins, also across 100 Continue", () => {
    expect(drive(http, form).logins).toMatchObject([{ service: "http-form", user: "root", outcome: "success" }]);
    expect(drive(http, json).logins).toMatchObject([{ service: "http-form", user: "admin", outcome: "failure" }]);
    expect(JSON.stringify(drive(http, json))).not.toContain("hunter2");
  });

  it.each([
    ["302 Found\r\nLocation: /login.html?e=1\r\nContent-Length: 0\r\n\r\n", "failure"],
    ["302 Found\r\nLocation: http://r/check\r\nContent-Length: 0\r\n\r\n", "failure"],
    ["303 See Other\r\nLocation: /status\r\nContent-Length: 0\r\n\r\n", "success"],
    ["200 OK\r\nContent-Length: 2\r\n\r\nok", "unknown"],
    ["200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\nok", "success"],
    ["500 Oops\r\nContent-Length: 0\r\n\r\n", "unknown"],
  ])("judges a form by %j: %s", (answer, outcome) => {
    const messages = dialogue(
      "> POST /check HTTP/1.1\r\nHost: r\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 18\r\n\r\nuser=admin&pwd=123",
      `< HTTP/1.1 ${answer}`,
    );
    expect(drive(http, messages).logins).toMatchObject([{ user: "admin", outcome }]);
  });

  it("takes passwords out of URLs", () => {
    const messages = dialogue(
      "> GET http://me:topsecret@cam/cgi?loginuse=admin&loginpas=topsecret&next=1#f HTTP/1.1\r\nReferer: http://cam/?password=topsecret\r\n\r\n",
    );
    const told = drive(http, messages);
    expect(JSON.stringify(told)).not.toContain("topsecret");
    expect(told.events[0]).toMatchObject({
      host: "cam",
      url: "http://***@cam/cgi?loginuse=admin&loginpas=***&next=1#f",
    });
    expect(told.logins).toMatchObject([{ service: "http-form", user: "admin", outcome: "unknown" }]);
  });

  it("bears LF, folded headers, blanks before the colon and bodies without length", () => {
    const told = drive(http, sloppy);
    expect(told.anomalies).toEqual(["space-before-colon"]);
    expect(over(sloppy)).toMatchObject([{ host: "box", userAgent: "thing", server: "tiny", responseBodyLength: 12 }]);
  });

  it("names what smuggles requests", () => {
    const twice = "> POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect(drive(http, dialogue(twice)).anomalies).toEqual(["ambiguous-framing"]);
    const bad = "> POST / HTTP/1.1\r\nContent-Length: +4\r\n\r\n";
    expect(drive(http, dialogue(bad)).anomalies).toEqual(["bad-content-length"]);
  });

  it("hands a tunnel on to TLS, and to WebSocket at an upgrade", () => {
    expect(drive(http, tunnel)).toMatchObject({ became: "tls" });
    expect(over(tunnel)).toMatchObject([
      { method: "CONNECT", host: "mail.example.org", hostPort: 443, upgrade: "connect" },
    ]);
    expect(drive(http, upgrade)).toMatchObject({ became: "websocket" });
    expect(over(upgrade)).toMatchObject([{ status: 101, upgrade: "websocket" }]);
  });

  it("skips long bodies and counts them", () => {
    const rest: Message = { toServer: false, octets: new Uint8Array(69_997) };
    const told = drive(http, [...samples.at(-1)!, rest, ...browsing]);
    expect(told.events.filter((event) => event.phase === "transaction").map((e) => e.responseBodyLength)).toEqual([
      70_000, 11, 15,
    ]);
  });

  it("finds out who asks when the flow was caught late", () => {
    const turned = browsing.map(({ toServer, octets }) => ({ toServer: !toServer, octets }));
    expect(over([turned[1]!, ...turned])).toMatchObject([{ method: "" }, { url: "/index.html" }, { url: "/logo.png" }]);
  });

  it("records requests that were never answered, and bounds them", () => {
    const many = dialogue(`> ${"GET /x HTTP/1.1\r\nHost: h\r\n\r\n".repeat(100)}`);
    expect(over(many)).toHaveLength(100);
    expect(over(many).every((event) => event.status === 0)).toBe(true);
  });

  it("knows its own and leaves RTSP and SIP", () => {
    expect(probe("GET / HTTP/1.1\r\n")).toBe(PROBE_YES);
    expect(probe("HTTP/1.1 200 OK")).toBe(PROBE_YES);
    expect(probe("POS")).toBe(PROBE_MORE);
    expect(probe("OPTIONS * HTTP/1.1\r\n")).toBe(PROBE_YES);
    expect(probe("CONNECT host:443 HTTP/1.1\r\n")).toBe(PROBE_YES);
    expect(probe("OPTIONS rtsp://cam/ RTSP/1.0\r\n")).toBe(PROBE_NO);
    expect(probe("NOTIFY sip:a@b SIP/2.0\r\n")).toBe(PROBE_NO);
    expect(probe("PING :server\r\n")).toBe(PROBE_NO);
  });

  it("gives the same however the stream is cut", () => expectSplitsAlike(http, samples));

  it("takes noise in good part", () =>
    expectNoiseHarmless(http, samples, [
      "HTTP/1.1 200 OK\r\n",
      "Content-Length: 5\r\n",
      "\r\n\r\n",
      "GET / HTTP/1.1\r\n",
      "0\r\n",
    ]));

  it("says what a WebSocket is to carry, and hands HTTP/2 on", () => {
    const answer = (headers: string) => `< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${headers}\r\n`;
    const ask = "> GET /mqtt HTTP/1.1\r\nHost: broker\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    const chosen =
      "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n";
    const told = drive(http, dialogue(ask, answer(`Upgrade: websocket\r\n${chosen}`)));
    expect(told.became).toBe("websocket");
    expect(told.events.at(-1)).toMatchObject({ upgrade: "websocket", subprotocol: "mqtt", isPacked: true });
    expect(http.eve!(told.events.at(-1)!)).toMatchObject({
      http: { status: 101 },
      lw: { websocket: { subprotocol: "mqtt", permessage_deflate: true } },
    });
    expect(drive(http, dialogue(ask, answer("Upgrade: h2c\r\n"))).became).toBe("http2");
    expect(drive(http, dialogue(ask, answer("Upgrade: else\r\n"))).isDone).toBe(true);
  });

  it("recognises DNS over HTTP and gRPC-Web by media type", () => {
    const asks = (header: string) =>
      drive(http, dialogue(`> GET /dns-query?dns=AAABAAAB HTTP/1.1\r\nHost: h\r\n${header}\r\n\r\n`)).labels;
    expect(asks("Accept: application/dns-message")).toContainEqual({ app: "DoH_DoT" });
    expect(asks("Content-Type: application/grpc-web+proto")).toContainEqual({ app: "gRPC" });
    expect(asks("Accept: */*")).toEqual([{ hostname: "h" }]);
  });
});
