import type { Output } from "./define.ts";
import { BODY_CHUNKED, BODY_CLOSE, BODY_LENGTH, BODY_NONE, type BodyKind, FormBody, Framing } from "./http-body.ts";
import type { HttpEvent } from "./http-event.ts";
import { RequestHead, ResponseHead } from "./http-head.ts";
import { type FormLogin, findFormLogin, findJsonLogin, looksLikeLoginPage } from "./http-secrets.ts";
import { fromBase64, LoginAttempt } from "./login-attempt.ts";

export const STEP_START = 0;
export const STEP_HEADERS = 1;
export const STEP_BODY = 2;
export const STEP_CHUNK_SIZE = 3;
export const STEP_CHUNK_END = 4;
export const STEP_TRAILERS = 5;
/** After CONNECT: another protocol. */
export const STEP_TUNNEL = 6;

/** Requests that wait for their answer: browsers send one, scripts a handful. */
const MAX_PENDING = 32;
/** Longest line, octets: servers stop at 8 KiB. */
export const MAX_LINE = 16_000;

/** One request and its answer. */
class Exchange {
  readonly request = new RequestHead();
  response: ResponseHead | undefined;
  requestLength = 0;
  responseLength = 0;
  attempt: LoginAttempt | undefined;
}

/** Where one direction stands. */
export class HttpSide {
  readonly framing = new Framing();
  step = STEP_START;
  kind: BodyKind = BODY_NONE;
  /** Octets of the body or chunk still to come. */
  left = 0;
  /** Header lines of the message so far. */
  headers = 0;
  messages = 0;
  exchange: Exchange | undefined;
}

/** Both directions of an HTTP/1 connection and the exchanges that are open. */
export class HttpConnection {
  readonly client = new HttpSide();
  readonly server = new HttpSide();
  readonly form = new FormBody();
  private readonly pending: Exchange[] = [];
  private answerHead = new ResponseHead();
  /** Service and user of the last success: browsers send the same credentials with every request. */
  private lastSuccess = "";

  get hasPendingConnect(): boolean {
    return this.pending.at(-1)?.request.method === "CONNECT";
  }

  get isFresh(): boolean {
    return this.client.messages === 0 && this.server.messages === 0;
  }

  get answer(): ResponseHead {
    return this.answerHead;
  }

  beginRequest(): RequestHead {
    const exchange = new Exchange();
    this.client.exchange = exchange;
    this.client.messages++;
    this.client.framing.reset();
    this.form.wipe();
    return exchange.request;
  }

  beginAnswer(head: ResponseHead): void {
    this.answerHead = head;
    this.server.messages++;
    this.server.framing.reset();
  }

  /** Authorization of a request: "Basic dXNlcjpwYXNz". Looks at the credentials and keeps the verdict. */
  credentials(value: string): void {
    const exchange = this.client.exchange;
    if (exchange === undefined) return;
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

  /** The headers of a request are whole. */
  requestReady(out: Output<HttpEvent>): void {
    const { client } = this;
    const exchange = client.exchange;
    if (exchange === undefined) return;
    const { request } = exchange;
    const { framing } = client;
    client.kind = framing.isChunked ? BODY_CHUNKED : framing.length > 0 ? BODY_LENGTH : BODY_NONE;
    client.left = Math.max(0, framing.length);
    if (exchange.attempt === undefined) this.queryLogin(exchange);
    this.form.isWanted = exchange.attempt === undefined && client.kind !== BODY_NONE && mayHoldLogin(request);
    if (this.pending.length >= MAX_PENDING) {
      const oldest = this.pending.shift();
      if (oldest !== undefined) this.over(oldest, out);
    }
    this.pending.push(exchange);
    if (request.host !== "") out.label({ hostname: request.host });
    out.event(toEvent("request", exchange, Math.max(0, framing.length), 0));
  }

  /** The body of a request is whole, or as much as is looked at. */
  requestBodyDone(out: Output<HttpEvent>): void {
    const exchange = this.client.exchange;
    const { form } = this;
    if (!form.isWanted || exchange === undefined) return;
    const isJson = exchange.request.contentType.endsWith("json");
    const login = isJson
      ? findJsonLogin(form.buf, 0, form.length)
      : findFormLogin(Buffer.from(form.buf.buffer, form.buf.byteOffset, form.length).toString("latin1"));
    form.wipe();
    this.openForm(exchange, login);
    if (exchange.response !== undefined) this.settle(exchange, out);
  }

  /** The headers of a final answer are whole. Returns the exchange it belongs to. */
  answerReady(out: Output<HttpEvent>): Exchange {
    const { server, answerHead: head } = this;
    const exchange = this.pending.shift() ?? new Exchange();
    exchange.response = head;
    server.exchange = exchange;
    const { framing } = server;
    const { method } = exchange.request;
    const hasNone =
      method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304 || isTunnel(exchange);
    if (hasNone) server.kind = BODY_NONE;
    else if (framing.isChunked) server.kind = BODY_CHUNKED;
    else if (framing.length >= 0 && !framing.isOtherCoding)
      server.kind = framing.length === 0 ? BODY_NONE : BODY_LENGTH;
    else server.kind = BODY_CLOSE;
    server.left = server.kind === BODY_LENGTH ? framing.length : 0;
    out.event(toEvent("response", exchange, exchange.requestLength, hasNone ? 0 : Math.max(0, framing.length)));
    this.settle(exchange, out);
    return exchange;
  }

  /** The answer is whole: the exchange is over. */
  answerDone(out: Output<HttpEvent>): void {
    const exchange = this.server.exchange;
    this.server.exchange = undefined;
    if (exchange !== undefined) this.over(exchange, out);
  }

  /** Nothing more will be read: tells what is still open. */
  finish(out: Output<HttpEvent>): void {
    this.answerDone(out);
    for (const exchange of this.pending.splice(0)) this.over(exchange, out);
    this.form.wipe();
  }

  private over(exchange: Exchange, out: Output<HttpEvent>): void {
    exchange.attempt?.close("unknown", out);
    out.event(toEvent("transaction", exchange, exchange.requestLength, exchange.responseLength));
  }

  private queryLogin(exchange: Exchange): void {
    const at = exchange.request.target.indexOf("?");
    if (at >= 0) this.openForm(exchange, findFormLogin(exchange.request.target.slice(at + 1)));
    exchange.request.target = "";
  }

  private openForm(exchange: Exchange, login: FormLogin | undefined): void {
    if (login === undefined) return;
    exchange.attempt = new LoginAttempt("http-form");
    exchange.attempt.judge(login.user, login.password);
  }

  private settle(exchange: Exchange, out: Output<HttpEvent>): void {
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

/** CONNECT with a 2xx answer, or 101. */
export const isTunnel = (exchange: Exchange): boolean => {
  const status = exchange.response?.status ?? 0;
  return status === 101 || (exchange.request.method === "CONNECT" && status >= 200 && status < 300);
};

const mayHoldLogin = (request: RequestHead): boolean =>
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

function toEvent(
  phase: HttpEvent["phase"],
  { request, response }: Exchange,
  requestBodyLength: number,
  responseBodyLength: number,
): HttpEvent {
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
  };
}

const present = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
