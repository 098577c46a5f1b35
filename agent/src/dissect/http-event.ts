/**
 * One step of an HTTP/1 exchange. `request`: its headers are whole. `response`: the headers of the final answer are whole (what the request
 * said is repeated). `transaction`: the exchange is over, bodies included, or will never be: this one is the EVE record.
 */
export interface HttpEvent {
  readonly phase: "request" | "response" | "transaction";
  /** Empty when only the answer was seen. */
  readonly method: string;
  /** Host header or authority of the target, without the port. */
  readonly host: string;
  /** Port named beside the host; 0 without one. */
  readonly hostPort: number;
  /** Request target, at most 1,024 characters; values of password-like fields are replaced by "***". */
  readonly url: string;
  /** "HTTP/1.1" */
  readonly protocol: string;
  readonly userAgent: string;
  /** Product of the answering server ("Server" header). */
  readonly server: string;
  /** 0 without an answer. */
  readonly status: number;
  /** Media type of the answer without parameters, lower case; `requestContentType` of the request. */
  readonly contentType: string;
  readonly requestContentType: string;
  /** Octets of the bodies; before the `transaction` phase what the headers announce, 0 when they do not. */
  readonly requestBodyLength: number;
  readonly responseBodyLength: number;
  readonly referer?: string;
  readonly location?: string;
  /** Scheme of the Authorization header, lower case ("basic", "digest", "bearer"). */
  readonly authorization?: string;
  /** Scheme and realm that the server asks for. */
  readonly authenticateScheme?: string;
  readonly authenticateRealm?: string;
  /** X-Forwarded-For, as sent. */
  readonly forwardedFor?: string;
  /** SOAPAction (UPnP control), without quotes. */
  readonly soapAction?: string;
  /** Protocol that both sides changed to (101, or "connect" after a CONNECT). */
  readonly upgrade?: string;
  /** Of a WebSocket (RFC 6455 §1.9): what both sides agreed to speak over it, lower case ("mqtt"). */
  readonly subprotocol?: string;
  /** Its messages may be packed (RFC 7692). */
  readonly isPacked?: boolean;
  /** How the bodies begin, unpacked, at most 8 KiB; in the `transaction` phase, and only where `SensorOptions.httpBodies` asks for them. */
  readonly requestBody?: Uint8Array;
  readonly responseBody?: Uint8Array;
  readonly setsCookie: boolean;
}

export const MAX_URL = 1024;

/** The EVE `http` record of Suricata 7. */
export function httpEve(event: HttpEvent): ({ readonly event_type: string } & Record<string, unknown>) | null {
  if (event.phase !== "transaction") return null;
  const http: Record<string, unknown> = {};
  if (event.host !== "") http.hostname = event.host;
  if (event.hostPort !== 0) http.http_port = event.hostPort;
  if (event.url !== "") http.url = event.url;
  if (event.userAgent !== "") http.http_user_agent = event.userAgent;
  if (event.forwardedFor !== undefined) http.xff = event.forwardedFor;
  if (event.contentType !== "") http.http_content_type = event.contentType;
  if (event.referer !== undefined) http.http_refer = event.referer;
  if (event.method !== "") http.http_method = event.method;
  if (event.protocol !== "") http.protocol = event.protocol;
  if (event.status !== 0) http.status = event.status;
  if (event.location !== undefined) http.redirect = event.location;
  http.length = event.responseBodyLength;
  const { subprotocol, isPacked } = event;
  if (subprotocol === undefined && isPacked !== true) return { event_type: "http", http };
  const websocket = {
    ...(subprotocol === undefined ? {} : { subprotocol }),
    ...(isPacked === true ? { permessage_deflate: true } : {}),
  };
  return { event_type: "http", http, lw: { websocket } };
}
