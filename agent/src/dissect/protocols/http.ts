import { startsWithAscii, u8 } from "../../core/bytes.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PARSE_MORE,
  type ParseCode,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type ProbeCode,
  type Slice,
} from "../define.ts";
import type { BodyKeeper } from "../http-bodies.ts";
import { BODY_CHUNKED, BODY_CLOSE, BODY_NONE, chunkSize } from "../http-body.ts";
import { type HttpEvent, httpEve } from "../http-event.ts";
import {
  HttpConnection,
  type HttpSide,
  MAX_LINE,
  STEP_BODY,
  STEP_CHUNK_END,
  STEP_CHUNK_SIZE,
  STEP_HEADERS,
  STEP_START,
  STEP_TRAILERS,
  STEP_TUNNEL,
} from "../http-exchange.ts";
import {
  HeaderLine,
  mayBecomeMethod,
  methodLength,
  ResponseHead,
  readRequestLine,
  readStatusLine,
  takeRequestHeader,
  takeResponseHeader,
} from "../http-head.ts";
import { isTunnel } from "../http-transaction.ts";
import { afterLines, LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";

/** More header lines than this are counted as an oddness, and passed over. */
const MAX_HEADERS = 256;
const TLS_HANDSHAKE = 0x16;
const SPACE = 0x20;
const TAB = 0x09;
const LF = 0x0a;

export class HttpState implements BodyKeeper {
  readonly connection = new HttpConnection();
  readonly line = new HeaderLine();
  /** One a direction of the flow. */
  readonly linesToServer = new LineReader(MAX_LINE);
  readonly linesToClient = new LineReader(MAX_LINE);
  /** The flow was caught late and its ends are the other way round: who sends requests is the client. */
  isReversed = false;

  get wantsBodies(): boolean {
    return this.connection.wantsBodies;
  }

  set wantsBodies(isWanted: boolean) {
    this.connection.wantsBodies = isWanted;
  }
}

const isClient = (state: HttpState, slice: Slice): boolean => slice.toServer !== state.isReversed;

export const http = defineDissector<HttpEvent, HttpState>()({
  name: "http",
  label: "HTTP",
  category: "Web",
  transport: ["tcp"],
  ports: [
    80, 8080, 8000, 8008, 8081, 8088, 8888, 3128, 5000, 7547, 49152, 81, 82, 88, 591, 631, 2869, 5357, 8060, 8123, 9080,
  ],
  firstOctets: [..."GPHDOCTMNSULRB"].map((letter) => letter.charCodeAt(0)),
  anomalies: [
    "bad-request-line",
    "bad-status-line",
    "bad-header",
    "space-before-colon",
    "many-headers",
    "long-line",
    "ambiguous-framing",
    "bad-content-length",
    "bad-chunk",
    "bad-content-coding",
    "decompression-bomb",
  ],
  source: "RFC 9112, RFC 9110; RFC 7617 (Basic), RFC 7616 (Digest)",
  probe,
  open: () => new HttpState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const side = isClient(state, slice) ? state.connection.client : state.connection.server;
      const code = side.step === STEP_BODY ? body(state, side, slice, out) : step(state, side, slice, out);
      if (code === PARSE_DONE || code === PARSE_BAD) state.connection.finish(out);
      if (code !== NEXT) return code;
    }
    return PARSE_MORE;
  },
  gap(state, toServer, octets, out) {
    const fromClient = toServer !== state.isReversed;
    const side = fromClient ? state.connection.client : state.connection.server;
    const isInBody = side.step === STEP_BODY && (side.kind === BODY_CLOSE || octets < side.left);
    if (!isInBody) {
      state.connection.finish(out);
      return PARSE_DONE;
    }
    if (fromClient) state.connection.form.wipe();
    if (side.kept?.isOpen === true) side.kept.wipe();
    take(side, octets, fromClient);
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.connection.finish(out);
  },
  eve: httpEve,
});

/** Go on in this slice; not a code of the interface. */
const NEXT = -3;

function probe({ buf, off, end }: Slice): ProbeCode {
  if (
    u8(buf, off) === 0x48 &&
    (end - off < 5 ? startsWithPart(buf, off, end, "HTTP/") : startsWithAscii(buf, off, end, "HTTP/"))
  )
    return end - off < 5 ? PROBE_MORE : PROBE_YES;
  const length = methodLength(buf, off, end);
  if (length === 0) return mayBecomeMethod(buf, off, end) ? PROBE_MORE : PROBE_NO;
  const at = off + length + 1;
  if (at >= end) return PROBE_MORE;
  if (u8(buf, at) === 0x2f) return PROBE_YES;
  // "OPTIONS * RTSP/1.0", "NOTIFY sip:… SIP/2.0": the end of the line decides.
  for (let i = at; i < end; i++) {
    if (u8(buf, i) === LF) return PROBE_NO;
    if (u8(buf, i) === SPACE && i + 6 <= end) return startsWithAscii(buf, i + 1, end, "HTTP/") ? PROBE_YES : PROBE_NO;
  }
  return end - off < 2048 ? PROBE_MORE : PROBE_NO;
}

function startsWithPart(buf: Uint8Array, off: number, end: number, text: string): boolean {
  for (let i = 0; off + i < end; i++) if (u8(buf, off + i) !== text.charCodeAt(i)) return false;
  return true;
}

/** Takes one line, or what stands in place of one. */
function step(state: HttpState, side: HttpSide, slice: Slice, out: Output<HttpEvent>): ParseCode {
  if (side.step === STEP_TUNNEL) return tunnel(slice, out);
  // A client that does not wait for the proxy's answer: keep its octets until the tunnel stands.
  if (isClient(state, slice) && side.step === STEP_START && state.connection.hasPendingConnect) return 1;
  const lines = slice.toServer ? state.linesToServer : state.linesToClient;
  const code = lines.next(slice);
  if (code === LINE_NONE) return afterLines(slice);
  const { start, end } = lines;
  if (code === LINE_LONG) {
    out.anomaly("long-line");
    if (side.step === STEP_START) return notHttp(state);
    return NEXT;
  }
  switch (side.step) {
    case STEP_START:
      return isClient(state, slice)
        ? requestLine(state, slice, start, end, out)
        : statusLine(state, slice, start, end, out);
    case STEP_HEADERS:
      return start === end ? headersDone(state, side, slice, out) : header(state, side, slice, start, end, out);
    case STEP_CHUNK_SIZE:
      return chunk(state, side, slice, start, end, out);
    case STEP_CHUNK_END:
      side.step = STEP_CHUNK_SIZE;
      return NEXT;
    default:
      if (start === end) messageDone(state, side, isClient(state, slice), out);
      return NEXT;
  }
}

/** The first line already is none of ours: not HTTP. Later: the connection has changed to something else. */
const notHttp = (state: HttpState): ParseCode => (state.connection.isFresh ? PARSE_BAD : PARSE_DONE);

function requestLine(state: HttpState, slice: Slice, start: number, end: number, out: Output<HttpEvent>): ParseCode {
  // RFC 9112 §2.2: empty lines before a request are passed over.
  if (start === end) return NEXT;
  const { connection } = state;
  const wasFresh = connection.isFresh;
  if (wasFresh && startsWithAscii(slice.buf, start, end, "HTTP/")) {
    state.isReversed = !state.isReversed;
    return statusLine(state, slice, start, end, out);
  }
  const head = connection.beginRequest();
  if (!readRequestLine(head, slice.buf, start, end)) {
    connection.client.exchange = undefined;
    out.anomaly("bad-request-line");
    return wasFresh ? PARSE_BAD : PARSE_DONE;
  }
  connection.client.headers = 0;
  connection.client.step = STEP_HEADERS;
  return head.protocol === "HTTP/0.9" ? headersDone(state, connection.client, slice, out) : NEXT;
}

function statusLine(state: HttpState, slice: Slice, start: number, end: number, out: Output<HttpEvent>): ParseCode {
  if (start === end) return NEXT;
  const { connection } = state;
  if (connection.isFresh && methodLength(slice.buf, start, end) > 0) {
    state.isReversed = !state.isReversed;
    return requestLine(state, slice, start, end, out);
  }
  const head = new ResponseHead();
  if (!readStatusLine(head, slice.buf, start, end)) {
    out.anomaly("bad-status-line");
    return notHttp(state);
  }
  connection.beginAnswer(head);
  connection.server.headers = 0;
  connection.server.step = STEP_HEADERS;
  return NEXT;
}

function header(
  state: HttpState,
  side: HttpSide,
  slice: Slice,
  start: number,
  end: number,
  out: Output<HttpEvent>,
): ParseCode {
  if (++side.headers > MAX_HEADERS) {
    if (side.headers === MAX_HEADERS + 1) out.anomaly("many-headers");
    return NEXT;
  }
  // A folded line goes on with the value before it (obsolete, RFC 9112 §5.2).
  const first = u8(slice.buf, start);
  if (first === SPACE || first === TAB) return NEXT;
  const { line, connection } = state;
  if (!line.read(slice.buf, start, end)) {
    out.anomaly("bad-header");
    return NEXT;
  }
  if (line.hasSpaceBeforeColon) out.anomaly("space-before-colon");
  if (side.framing.take(line)) return NEXT;
  if (!isClient(state, slice)) takeResponseHeader(connection.answer, line);
  else if (line.is("authorization") || line.is("proxy-authorization")) connection.credentials(line.secret());
  else if (side.exchange !== undefined) takeRequestHeader(side.exchange.request, line);
  return NEXT;
}

function headersDone(state: HttpState, side: HttpSide, slice: Slice, out: Output<HttpEvent>): ParseCode {
  const { connection } = state;
  if (side.framing.isAmbiguous) out.anomaly("ambiguous-framing");
  if (side.framing.isBadLength) out.anomaly("bad-content-length");
  if (isClient(state, slice)) connection.requestReady(out);
  else {
    const { status } = connection.answer;
    // 100 Continue and the like come before the answer proper (RFC 9110 §15.2).
    if (status < 200 && status !== 101) {
      side.step = STEP_START;
      return NEXT;
    }
    const exchange = connection.answerReady(out);
    if (isTunnel(exchange)) {
      connection.answerDone(out);
      if (status === 101) return upgraded(state, exchange.response?.upgrade, out);
      connection.client.step = STEP_TUNNEL;
      connection.server.step = STEP_TUNNEL;
      return NEXT;
    }
  }
  if (side.kind === BODY_NONE) messageDone(state, side, isClient(state, slice), out);
  else side.step = side.kind === BODY_CHUNKED ? STEP_CHUNK_SIZE : STEP_BODY;
  return NEXT;
}

/** The connection speaks something else from the next octet on (RFC 9110 §7.8). */
function upgraded(state: HttpState, upgrade: string | undefined, out: Output<HttpEvent>): ParseCode {
  const name = upgrade === "websocket" ? upgrade : upgrade === "h2c" ? "http2" : undefined;
  if (name === undefined) return PARSE_DONE;
  state.connection.finish(out);
  out.become(name);
  return PARSE_MORE;
}

function chunk(
  state: HttpState,
  side: HttpSide,
  slice: Slice,
  start: number,
  end: number,
  out: Output<HttpEvent>,
): ParseCode {
  const size = chunkSize(slice.buf, start, end);
  if (size < 0) {
    out.anomaly("bad-chunk");
    return notHttp(state);
  }
  side.left = size;
  side.step = size === 0 ? STEP_TRAILERS : STEP_BODY;
  return NEXT;
}

/** Counts octets of a body; those that nobody looks at are skipped, but for the last, which tells that the body is whole. */
function body(state: HttpState, side: HttpSide, slice: Slice, out: Output<HttpEvent>): ParseCode {
  const { form } = state.connection;
  const available = slice.end - slice.off;
  const count = side.kind === BODY_CLOSE ? available : Math.min(available, side.left);
  if (isClient(state, slice)) form.add(slice, count);
  side.kept?.add(slice, count);
  take(side, count, isClient(state, slice));
  slice.off += count;
  if (isClient(state, slice) && form.isFull) state.connection.requestBodyDone(out);
  if (side.kind === BODY_CLOSE) return NEXT;
  if (side.left === 0) {
    if (side.kind === BODY_CHUNKED) side.step = STEP_CHUNK_END;
    else messageDone(state, side, isClient(state, slice), out);
  } else if (side.left > 1 && !(isClient(state, slice) && form.isWanted) && side.kept?.isOpen !== true) {
    const rest = side.left - 1;
    out.skip(rest);
    take(side, rest, isClient(state, slice));
  }
  return NEXT;
}

function take(side: HttpSide, octets: number, toServer: boolean): void {
  if (side.kind !== BODY_CLOSE) side.left -= octets;
  if (side.exchange === undefined) return;
  if (toServer) side.exchange.requestLength += octets;
  else side.exchange.responseLength += octets;
}

function messageDone(state: HttpState, side: HttpSide, toServer: boolean, out: Output<HttpEvent>): void {
  side.step = STEP_START;
  if (toServer) state.connection.requestDone(out);
  else state.connection.answerDone(out);
}

/** Behind a CONNECT: TLS and SSH are handed on, other things are let go. */
function tunnel(slice: Slice, out: Output<HttpEvent>): ParseCode {
  const { buf, off, end } = slice;
  if (u8(buf, off) === TLS_HANDSHAKE) {
    out.become("tls");
    return PARSE_MORE;
  }
  if (!startsWithPart(buf, off, Math.min(end, off + 4), "SSH-")) return PARSE_DONE;
  if (end - off < 4) return 4 - (end - off);
  out.become("ssh");
  return PARSE_MORE;
}
