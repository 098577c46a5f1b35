import type { Output } from "./define.ts";
import type { HttpEvent } from "./http-event.ts";
import { RequestHead, type ResponseHead } from "./http-head.ts";
import { type FormLogin, findFormLogin, findJsonLogin, looksLikeLoginPage } from "./http-secrets.ts";
import { fromBase64, LoginAttempt } from "./login-attempt.ts";

/** One request and its answer, of any version of HTTP. */
export class Exchange {
  readonly request = new RequestHead();
  response: ResponseHead | undefined;
  requestLength = 0;
  responseLength = 0;
  attempt: LoginAttempt | undefined;
  /** How the bodies begin, where somebody asked. */
  requestBody: Uint8Array | undefined;
  responseBody: Uint8Array | undefined;
}

/** Log-ins that the exchanges of one connection show. */
export class LoginWatch {
  /** Service and user of the last success: browsers send the same credentials with every request. */
  private lastSuccess = "";

  /** Authorization of a request: "Basic dXNlcjpwYXNz". Looks at the credentials and keeps the verdict. */
  credentials(exchange: Exchange, value: string): void {
    const scheme = /^[A-Za-z0-9._-]{1,32}/.exec(value)?.[0]?.toLowerCase() ?? "";
    exchange.request.authorization = scheme;
    const rest = value.slice(scheme.length).trim();
    if (scheme === "basic") {
      const pair = fromBase64(rest);
      const colon = pair.indexOf(":");
      exchange.attempt = new LoginAttempt("http-basic");
      exchange.attempt.judge(colon < 0 ? pair : pair.slice(0, colon), colon < 0 ? "" : pair.slice(colon + 1));
    } else if (scheme === "digest") {
      exchange.attempt = new LoginAttempt("http-digest");
      exchange.attempt.hidden(/username\s*=\s*"([^"]*)"/i.exec(rest)?.[1] ?? "");
    }
  }

  /** A log-in in the query of the target, which is forgotten. */
  query(exchange: Exchange): void {
    const { request } = exchange;
    const at = request.target.indexOf("?");
    if (exchange.attempt === undefined && at >= 0) openForm(exchange, findFormLogin(request.target.slice(at + 1)));
    request.target = "";
  }

  /** A log-in in the body of a request, of which the first `length` octets are there. */
  form(exchange: Exchange, buf: Uint8Array, length: number): void {
    const isJson = exchange.request.contentType.endsWith("json");
    openForm(
      exchange,
      isJson
        ? findJsonLogin(buf, 0, length)
        : findFormLogin(Buffer.from(buf.buffer, buf.byteOffset, length).toString("latin1")),
    );
  }

  /** Tells how a log-in ended, once the answer is there. */
  settle(exchange: Exchange, out: Pick<Output<never>, "login">): void {
    const { attempt, response } = exchange;
    if (attempt === undefined || response === undefined || !attempt.isOpen) return;
    const outcome = attempt.service === "http-form" ? formOutcome(exchange, response) : headerOutcome(response);
    if (outcome === "success") {
      const key = `${attempt.service} ${attempt.user}`;
      if (key === this.lastSuccess) {
        attempt.isOpen = false;
        return;
      }
      this.lastSuccess = key;
    }
    attempt.close(outcome, out);
  }
}

function openForm(exchange: Exchange, login: FormLogin | undefined): void {
  if (login === undefined) return;
  exchange.attempt = new LoginAttempt("http-form");
  exchange.attempt.judge(login.user, login.password);
}

/** CONNECT with a 2xx answer, or 101. */
export const isTunnel = (exchange: Exchange): boolean => {
  const status = exchange.response?.status ?? 0;
  return status === 101 || (exchange.request.method === "CONNECT" && status >= 200 && status < 300);
};

/** Names the flow by the media types of an exchange, where they tell its use (RFC 8484 §6, gRPC over HTTP2, gRPC-Web). */
export function labelApplication({ request, response }: Exchange, out: Pick<Output<never>, "label">): void {
  const answered = response?.contentType ?? "";
  if (request.contentType === DNS_MESSAGE || answered === DNS_MESSAGE || request.acceptsDns)
    out.label({ app: "DoH_DoT" });
  else if (request.contentType.startsWith(GRPC) || answered.startsWith(GRPC)) out.label({ app: "gRPC" });
}

const DNS_MESSAGE = "application/dns-message";
const GRPC = "application/grpc";

/** A request whose body may hold a user name and a password. */
export const mayHoldLogin = (request: RequestHead): boolean =>
  (request.method === "POST" || request.method === "PUT") &&
  (request.contentType === "application/x-www-form-urlencoded" ||
    request.contentType.endsWith("json") ||
    request.contentType === "");

/** Basic and Digest: the server refuses with 401, 403 or 407. */
function headerOutcome(response: ResponseHead): "success" | "failure" | "unknown" {
  const { status } = response;
  if (status === 401 || status === 403 || status === 407) return "failure";
  return status < 400 ? "success" : "unknown";
}

/** A form: refused outright or sent back to the login page; let in when a cookie is set or another page is named. */
function formOutcome(exchange: Exchange, response: ResponseHead): "success" | "failure" | "unknown" {
  const { status, location } = response;
  if (status === 401 || status === 403) return "failure";
  if (status >= 400) return "unknown";
  if (location !== undefined && status >= 300)
    return looksLikeLoginPage(location) || pathOf(location) === pathOf(exchange.request.url) ? "failure" : "success";
  return response.setsCookie ? "success" : "unknown";
}

const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");

/** The event of a phase; the lengths are those of the bodies. */
export function httpEventOf(
  phase: HttpEvent["phase"],
  exchange: Exchange,
  requestBodyLength: number,
  responseBodyLength: number,
): HttpEvent {
  const { request, response } = exchange;
  const isWebSocket = response?.status === 101 && response.upgrade === "websocket";
  const isOver = phase === "transaction";
  const upgrade = response?.status === 101 ? response.upgrade : undefined;
  const isConnect = request.method === "CONNECT" && response !== undefined && response.status < 300;
  return {
    phase,
    method: request.method,
    host: request.host,
    hostPort: request.hostPort,
    url: request.url,
    protocol: request.protocol === "" ? (response?.protocol ?? "") : request.protocol,
    userAgent: request.userAgent,
    server: response?.server ?? "",
    status: response?.status ?? 0,
    contentType: response?.contentType ?? "",
    requestContentType: request.contentType,
    requestBodyLength,
    responseBodyLength,
    setsCookie: response?.setsCookie ?? false,
    ...present("referer", request.referer),
    ...present("location", response?.location),
    ...present("authorization", request.authorization),
    ...present("authenticateScheme", response?.authenticateScheme),
    ...present("authenticateRealm", response?.authenticateRealm),
    ...present("forwardedFor", request.forwardedFor),
    ...present("soapAction", request.soapAction),
    ...present("upgrade", isConnect ? "connect" : upgrade),
    ...present("subprotocol", isWebSocket ? response.subprotocol : undefined),
    ...present("isPacked", isWebSocket && response.isPacked ? true : undefined),
    ...present("requestBody", isOver ? exchange.requestBody : undefined),
    ...present("responseBody", isOver ? exchange.responseBody : undefined),
  };
}

const present = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
