import type { Output } from "./define.ts";
import { type BodyKeeper, takeBody } from "./http-bodies.ts";
import {
  BODY_CHUNKED,
  BODY_CLOSE,
  BODY_LENGTH,
  BODY_NONE,
  BodyBeginning,
  type BodyKind,
  Framing,
  MAX_BODY,
  MAX_FORM,
} from "./http-body.ts";
import type { HttpEvent } from "./http-event.ts";
import { type RequestHead, ResponseHead } from "./http-head.ts";
import { Exchange, httpEventOf, isTunnel, LoginWatch, labelApplication, mayHoldLogin } from "./http-transaction.ts";

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
  /** Beginning of the body at hand, where somebody asked for bodies. */
  kept: BodyBeginning | undefined;
}

/** Both directions of an HTTP/1 connection and the exchanges that are open. */
export class HttpConnection implements BodyKeeper {
  wantsBodies = false;
  readonly client = new HttpSide();
  readonly server = new HttpSide();
  readonly form = new BodyBeginning(MAX_FORM);
  private readonly pending: Exchange[] = [];
  private answerHead = new ResponseHead();
  private readonly logins = new LoginWatch();

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
    if (this.client.exchange !== undefined) this.logins.credentials(this.client.exchange, value);
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
    this.logins.query(exchange);
    this.form.isWanted = exchange.attempt === undefined && client.kind !== BODY_NONE && mayHoldLogin(request);
    if (this.pending.length >= MAX_PENDING) {
      const oldest = this.pending.shift();
      if (oldest !== undefined) this.over(oldest, out);
    }
    this.pending.push(exchange);
    if (this.wantsBodies) keepBody(client);
    // An absolute target is what proxies are asked for, an authority alone what they are to connect to (RFC 9112 §3.2.2, §3.2.3).
    if (request.method === "CONNECT") out.label({ app: "HTTP_Connect." });
    else if (/^[a-z]+:\/\//i.test(request.url)) out.label({ app: "HTTP_Proxy." });
    if (request.host !== "") out.label({ hostname: request.host });
    labelApplication(exchange, out);
    out.event(httpEventOf("request", exchange, Math.max(0, framing.length), 0));
  }

  /** The body of a request is whole, or as much as is looked at. */
  requestBodyDone(out: Output<HttpEvent>): void {
    const exchange = this.client.exchange;
    const { form } = this;
    if (!form.isWanted || exchange === undefined) return;
    this.logins.form(exchange, form.buf, form.length);
    form.wipe();
    if (exchange.response !== undefined) this.logins.settle(exchange, out);
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
    if (this.wantsBodies) keepBody(server);
    labelApplication(exchange, out);
    out.event(httpEventOf("response", exchange, exchange.requestLength, hasNone ? 0 : Math.max(0, framing.length)));
    this.logins.settle(exchange, out);
    return exchange;
  }

  /** The request is whole. */
  requestDone(out: Output<HttpEvent>): void {
    const { exchange, kept } = this.client;
    if (exchange !== undefined) exchange.requestBody ??= takeBody(kept, exchange.request.contentEncoding, out);
    this.requestBodyDone(out);
  }

  /** The answer is whole: the exchange is over. */
  answerDone(out: Output<HttpEvent>): void {
    const { exchange, kept } = this.server;
    this.server.exchange = undefined;
    if (exchange === undefined) return;
    exchange.responseBody ??= takeBody(kept, exchange.response?.contentEncoding ?? "", out);
    this.over(exchange, out);
  }

  /** Nothing more will be read: tells what is still open. */
  finish(out: Output<HttpEvent>): void {
    const { exchange, kept } = this.client;
    if (exchange !== undefined) exchange.requestBody ??= takeBody(kept, exchange.request.contentEncoding, out);
    this.answerDone(out);
    for (const exchange of this.pending.splice(0)) this.over(exchange, out);
    this.form.wipe();
  }

  private over(exchange: Exchange, out: Output<HttpEvent>): void {
    exchange.attempt?.close("unknown", out);
    out.event(httpEventOf("transaction", exchange, exchange.requestLength, exchange.responseLength));
  }
}

/** The headers of a message are whole: its body's beginning is kept from here on. */
function keepBody(side: HttpSide): void {
  side.kept?.wipe();
  if (side.kind === BODY_NONE) return;
  side.kept ??= new BodyBeginning(MAX_BODY);
  side.kept.isWanted = true;
}
