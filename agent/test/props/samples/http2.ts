import { be32, join, zeros } from "../../../src/demo/frames/octets.ts";
import { basicAuth } from "../../../src/demo/frames/payloads/http.ts";
import {
  H2_CONTINUATION,
  H2_DATA,
  H2_END_HEADERS,
  H2_END_STREAM,
  H2_HEADERS,
  H2_PADDED,
  H2_PING,
  H2_PRIORITY,
  H2_PUSH_PROMISE,
  H2_RST_STREAM,
  HpackEncoder,
  HTTP2_PREFACE,
  type Http2Field,
  http2Frame,
  http2Message,
  http2Settings,
} from "../../../src/demo/frames/payloads/http2.ts";
import type { Message } from "../stream-drive.ts";

export const up = (...parts: readonly Uint8Array[]): Message => ({ toServer: true, octets: join(...parts) });
export const down = (...parts: readonly Uint8Array[]): Message => ({ toServer: false, octets: join(...parts) });

export const hello = up(HTTP2_PREFACE, http2Settings([[3, 100]]));
export const helloBack = down(http2Settings([[4, 65_535]]), http2Frame(4, 1, 0));

export const request = (method: string, path: string, ...more: readonly Http2Field[]): Http2Field[] => [
  [":method", method],
  [":scheme", "http"],
  [":path", path],
  [":authority", "hub.example.org:8080"],
  ...more,
];
export const OK: Http2Field = [":status", "200"];

/** A page and its picture over two streams at once; the second request refers to fields of the first. */
export function browsing(): Message[] {
  const client = new HpackEncoder();
  const server = new HpackEncoder();
  const agent: Http2Field = ["user-agent", "curl/8.5.0"];
  return [
    hello,
    helloBack,
    up(
      http2Frame(4, 1, 0),
      http2Message(client, { stream: 1, fields: request("GET", "/", agent) }),
      http2Message(client, { stream: 3, fields: request("GET", "/logo.png?token=abc", agent, ["cookie", "sid=1"]) }),
    ),
    down(
      http2Message(server, {
        stream: 3,
        fields: [
          [":status", "404"],
          ["server", "h2o"],
        ],
        body: "none",
      }),
      http2Frame(H2_PING, 0, 0, zeros(8)),
      http2Message(server, {
        stream: 1,
        fields: [OK, ["server", "h2o"], ["content-type", "text/html; charset=utf-8"], ["set-cookie", "sid=1"]],
        body: "hello world",
      }),
    ),
  ];
}

/** A call of gRPC with its status in the trailers (gRPC over HTTP2, "Responses"). */
export function call(): Message[] {
  const client = new HpackEncoder();
  const server = new HpackEncoder();
  return [
    hello,
    helloBack,
    up(
      http2Message(client, {
        stream: 1,
        fields: request(
          "POST",
          "/home.v1.Lights/Switch",
          ["content-type", "application/grpc+proto"],
          ["te", "trailers"],
        ),
        body: join(0, be32(3), "abc"),
      }),
    ),
    down(
      http2Message(server, {
        stream: 1,
        fields: [OK, ["content-type", "application/grpc+proto"]],
        body: join(0, be32(2), "ok"),
        trailers: [
          ["grpc-status", "5"],
          ["grpc-message", "no such light"],
        ],
      }),
    ),
  ];
}

/** A block in three frames, padded, with priority; padded data in two frames; an interim answer; a promise; a stream broken off. */
export function pieces(): Message[] {
  const client = new HpackEncoder();
  const server = new HpackEncoder();
  const block = client.encode(...request("PUT", "/put", ["content-type", "text/plain"]));
  return [
    hello,
    helloBack,
    up(
      http2Frame(H2_HEADERS, H2_PADDED | H2_PRIORITY, 1, join(4, be32(0), 15, block.subarray(0, 9), zeros(4))),
      http2Frame(H2_CONTINUATION, 0, 1, block.subarray(9, 20)),
      http2Frame(H2_CONTINUATION, H2_END_HEADERS, 1, block.subarray(20)),
      http2Frame(H2_DATA, H2_PADDED, 1, join(9, "some text", zeros(9))),
      http2Frame(H2_DATA, H2_END_STREAM | H2_PADDED, 1, join(3, "more", zeros(3))),
    ),
    down(
      http2Frame(H2_HEADERS, H2_END_HEADERS, 1, server.encode([":status", "103"], ["link", "</a.css>"])),
      http2Frame(H2_PUSH_PROMISE, H2_END_HEADERS, 1, join(be32(2), server.encode(...request("GET", "/a.css")))),
      http2Message(server, { stream: 1, fields: [OK], body: "" }),
      http2Message(server, { stream: 2, fields: [OK, ["content-type", "text/css"]], body: "a{}" }),
    ),
    up(
      http2Frame(0x10, 0, 0, join(be32(1), "u=1")),
      http2Message(client, { stream: 3, fields: request("GET", "/slow") }),
      http2Frame(H2_RST_STREAM, 0, 3, be32(8)),
    ),
  ];
}

/** Basic log-ins: refused, let in, and the same again by number; then a form. */
export function logins(): Message[] {
  const client = new HpackEncoder();
  const server = new HpackEncoder();
  const good: Http2Field = ["authorization", basicAuth("admin", "admin")];
  const ask = (stream: number, auth: Http2Field): Message =>
    up(http2Message(client, { stream, fields: request("GET", "/admin", auth) }));
  const answer = (stream: number, status: string, ...more: readonly Http2Field[]): Message =>
    down(http2Message(server, { stream, fields: [[":status", status], ...more], body: "x" }));
  return [
    hello,
    helloBack,
    ask(1, ["authorization", basicAuth("admin", "s3cret")]),
    answer(1, "401", ["www-authenticate", 'Basic realm="Hub"']),
    ask(3, good),
    answer(3, "200"),
    ask(5, good),
    answer(5, "200"),
    up(
      http2Message(client, {
        stream: 7,
        fields: request("POST", "/login", ["content-type", "application/x-www-form-urlencoded"]),
        body: "username=root&password=hunter2",
      }),
    ),
    answer(7, "403"),
  ];
}

/** DNS over HTTP (RFC 8484) in clear text, as behind a proxy that ends TLS. */
export function dns(): Message[] {
  const client = new HpackEncoder();
  const server = new HpackEncoder();
  const message: Http2Field = ["content-type", "application/dns-message"];
  return [
    hello,
    helloBack,
    up(http2Message(client, { stream: 1, fields: request("POST", "/dns-query", message), body: zeros(29) })),
    down(http2Message(server, { stream: 1, fields: [OK, message], body: zeros(45) })),
  ];
}

/** Only the server is heard. */
export const half = (): Message[] => browsing().filter(({ toServer }) => !toServer);

export const samples: Message[][] = [browsing(), call(), pieces(), logins(), dns(), half()];
