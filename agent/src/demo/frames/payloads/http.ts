import { type Data, join, toOctets, zeros } from "../octets.ts";

export interface HttpRequest {
  /** Default GET. */
  readonly method?: string;
  /** Default "/". */
  readonly path?: string;
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Data;
  readonly version?: "1.0" | "1.1";
}

const head = (start: string, headers: Readonly<Record<string, string>>): string =>
  `${[start, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`;

/** An HTTP/1 request (RFC 9112 §3). A body brings its Content-Length. */
export function httpRequest(request: HttpRequest): Uint8Array {
  const body = toOctets(request.body ?? "");
  const start = `${request.method ?? "GET"} ${request.path ?? "/"} HTTP/${request.version ?? "1.1"}`;
  const length: Record<string, string> = body.length ? { "Content-Length": String(body.length) } : {};
  return join(head(start, { Host: request.host, ...request.headers, ...length }), body);
}

export interface HttpResponse {
  /** Default 200. */
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Data;
}

const REASONS: Readonly<Record<number, string>> = {
  101: "Switching Protocols",
  200: "OK",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  500: "Internal Server Error",
};

/** An HTTP/1 response (RFC 9112 §4) with its Content-Length. */
export function httpResponse(response: HttpResponse = {}): Uint8Array {
  const body = toOctets(response.body ?? "");
  const status = response.status ?? 200;
  const start = `HTTP/1.1 ${status} ${response.reason ?? REASONS[status] ?? "Unknown"}`;
  const length: Record<string, string> =
    status === 101 || status === 204 ? {} : { "Content-Length": String(body.length) };
  return join(head(start, { ...response.headers, ...length }), body);
}

/** A body cut into chunks (RFC 9112 §7.1), for a response with "Transfer-Encoding: chunked". */
export const chunked = (chunks: readonly Data[]): Uint8Array =>
  join(
    ...chunks.flatMap((chunk) => {
      const octets = toOctets(chunk);
      return [`${octets.length.toString(16)}\r\n`, octets, "\r\n"];
    }),
    "0\r\n\r\n",
  );

/** Value of the Authorization header of the Basic scheme (RFC 7617 §2). */
export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** One WebSocket frame (RFC 6455 §5.2); frames of a client are masked. Opcode 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
export function webSocketFrame(opcode: number, data: Data, mask?: Uint8Array): Uint8Array {
  const payload = toOctets(data);
  const bit = mask ? 0x80 : 0;
  const length =
    payload.length < 126
      ? Uint8Array.of(bit | payload.length)
      : payload.length < 0x10000
        ? Uint8Array.of(bit | 126, payload.length >>> 8, payload.length)
        : join(
            bit | 127,
            zeros(4),
            Uint8Array.from([24, 16, 8, 0], (shift) => payload.length >>> shift),
          );
  const body = mask ? payload.map((octet, i) => octet ^ (mask[i & 3] ?? 0)) : payload;
  return join(0x80 | opcode, length, mask ?? "", body);
}
