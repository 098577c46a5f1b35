import { startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets, sanitizeText } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type ProbeCode,
  type Slice,
} from "../define.ts";
import { LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import { fromBase64, LoginAttempt } from "../login-attempt.ts";
import { probeBeginnings } from "../signature.ts";

/** A request with its answer. */
export interface RtspEvent {
  /** "DESCRIBE", "SETUP", "PLAY" …; "UNKNOWN" for an answer to a request that was not seen. */
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly authorization: "none" | "basic" | "digest" | "other";
  readonly userAgent?: string;
  /** Of the answer: "Dahua Rtsp Server", "GStreamer RTSP server". */
  readonly server?: string;
  /** Realm that the server asks a password for: often the maker's name. */
  readonly realm?: string;
}

interface Request {
  method: string;
  url: string;
  cseq: string;
  authorization: RtspEvent["authorization"];
  attempt: LoginAttempt | undefined;
  userAgent: string | undefined;
}

/** One direction: a message head that is being read. */
class RtspSide {
  readonly lines = new LineReader(MAX_LINE);
  /** Inside a head. */
  isHead = false;
  fields = 0;
  /** Octets of the body that follows. */
  length = 0;
  status = 0;
  server = "";
  realm = "";
  isStale = false;
  request: Request = newRequest();
}

export class RtspState {
  readonly client = new RtspSide();
  readonly server = new RtspSide();
  asked: Request[] = [];
  /** The server asked for a password in this flow. */
  wasAsked = false;
  isOpenTold = false;
  /** User of the last success that was told: every later request carries the same proof. */
  toldUser: string | undefined = undefined;
}

const MAX_LINE = 4096;
const MAX_FIELDS = 64;
const MAX_ASKED = 16;
const DOLLAR = 0x24;

function newRequest(): Request {
  return { method: "", url: "", cseq: "", authorization: "none", attempt: undefined, userAgent: undefined };
}

function readAuthorization(request: Request, value: string): void {
  const [scheme = "", rest = ""] = value.split(/ +(.*)/s);
  const attempt = new LoginAttempt("rtsp");
  if (/^basic$/i.test(scheme)) {
    const pair = fromBase64(rest);
    const colon = pair.indexOf(":");
    attempt.judge(colon < 0 ? pair : pair.slice(0, colon), colon < 0 ? "" : pair.slice(colon + 1));
    request.authorization = "basic";
  } else {
    attempt.hidden(/username="([^"]*)"/i.exec(rest)?.[1] ?? "");
    request.authorization = /^digest$/i.test(scheme) ? "digest" : "other";
  }
  request.attempt = attempt;
}

function readField(side: RtspSide, text: string): void {
  const colon = text.indexOf(":");
  if (colon <= 0) return;
  const name = text.slice(0, colon).toLowerCase();
  const value = text.slice(colon + 1).trim();
  switch (name) {
    case "content-length":
      side.length = /^\d{1,9}$/.test(value) ? Number(value) : 0;
      break;
    case "cseq":
      side.request.cseq = value;
      break;
    case "authorization":
      readAuthorization(side.request, value);
      break;
    case "user-agent":
      side.request.userAgent = sanitizeText(value, 128);
      break;
    case "server":
      side.server = sanitizeText(value, 128);
      break;
    case "www-authenticate":
      side.realm ||= sanitizeText(/realm="([^"]*)"/i.exec(value)?.[1] ?? "", 128);
      if (/stale="?true/i.test(value)) side.isStale = true;
      break;
  }
}

/** First line of a request or an answer. False when it is neither. */
function readStart(side: RtspSide, text: string): boolean {
  side.fields = 0;
  side.length = 0;
  side.status = 0;
  side.server = "";
  side.realm = "";
  side.isStale = false;
  side.request = newRequest();
  const answer = /^RTSP\/\d\.\d (\d{3})/.exec(text);
  if (answer) {
    side.status = Number(answer[1]);
    return true;
  }
  const request = /^([A-Z_]{3,16}) (\S+) RTSP\/\d\.\d$/.exec(text);
  if (!request) return false;
  side.request.method = request[1] ?? "";
  // A URL may carry user and password (rtsp://user:password@host/).
  side.request.url = sanitizeText((request[2] ?? "").replace(/^(rtsps?:\/\/)[^/@]*@/i, "$1"));
  return true;
}

function settleLogin(state: RtspState, side: RtspSide, request: Request, out: Output<RtspEvent>): void {
  const { attempt } = request;
  if (side.status === 401) state.wasAsked = true;
  if (attempt === undefined) {
    const isServed = request.method === "DESCRIBE" || request.method === "SETUP" || request.method === "PLAY";
    if (side.status !== 200 || state.wasAsked || state.isOpenTold || !isServed) return;
    state.isOpenTold = true;
    const open = new LoginAttempt("rtsp");
    open.nothing("");
    open.close("success", out);
    return;
  }
  if (side.status === 401 || side.status === 403) {
    // A digest over an old nonce says nothing of the password (RFC 7616 §3.3).
    if (!side.isStale) attempt.close("failure", out);
  } else if (
    side.status >= 200 &&
    side.status < 300 &&
    request.method !== "OPTIONS" &&
    state.toldUser !== attempt.user
  ) {
    state.toldUser = attempt.user;
    attempt.close("success", out);
  }
}

function endHead(state: RtspState, side: RtspSide, out: Output<RtspEvent>): void {
  if (side.status === 0) {
    if (state.asked.length >= MAX_ASKED) state.asked.shift();
    state.asked.push(side.request);
    return;
  }
  if (side.status < 200) return;
  const { cseq } = side.request;
  const at = Math.max(
    0,
    state.asked.findIndex((one) => one.cseq === cseq),
  );
  const [request] = state.asked.splice(at, 1);
  if (isAirPlay(request?.userAgent ?? "", side.server)) out.label({ app: "AirPlay" });
  out.event({
    method: request?.method ?? "UNKNOWN",
    url: request?.url ?? "",
    status: side.status,
    authorization: request?.authorization ?? "none",
    ...(request?.userAgent !== undefined && { userAgent: request.userAgent }),
    ...(side.server !== "" && { server: side.server }),
    ...(side.realm !== "" && { realm: side.realm }),
  });
  if (request !== undefined) settleLogin(state, side, request, out);
}

/** Moves over `octets`, in the slice and beyond. */
function pass(slice: Slice, octets: number, out: Output<RtspEvent>): void {
  const here = Math.min(octets, slice.end - slice.off);
  slice.off += here;
  if (octets > here) out.skip(octets - here);
}

/** How senders and receivers of AirPlay (RAOP) name themselves. */
const isAirPlay = (userAgent: string, server: string): boolean =>
  userAgent.startsWith("AirPlay/") || userAgent.startsWith("iTunes/") || server.startsWith("AirTunes/");

/** Requests of AirPlay that look like HTTP until the line ends. */
const AIRPLAY = ["GET /info", "POST /pair-", "POST /fp-", "POST /auth-", "POST /feedback"] as const;
const MAX_REQUEST_LINE = 200;

function probeAirPlay(slice: Slice): ProbeCode {
  const code = probeBeginnings(slice, AIRPLAY);
  if (code !== PROBE_YES) return code;
  const { buf, off, end } = slice;
  for (let at = off + 4; at < Math.min(end, off + MAX_REQUEST_LINE); at++) {
    if (u8(buf, at) === 0x0d) return startsWithAscii(buf, at - 9, at, " RTSP/1.0") ? PROBE_YES : PROBE_NO;
  }
  return end - off < MAX_REQUEST_LINE ? PROBE_MORE : PROBE_NO;
}

const METHODS = [
  "OPTIONS rtsp",
  "OPTIONS * R",
  "DESCRIBE ",
  "SETUP rtsp",
  "PLAY rtsp",
  "ANNOUNCE rtsp",
  "RECORD rtsp",
  "SET_PARAMETER rtsp",
  "TEARDOWN ",
  "GET_PARAMETER ",
  "RTSP/1.",
  "RTSP/2.",
];

export const rtsp = defineDissector<RtspEvent, RtspState>()({
  name: "rtsp",
  label: "RTSP",
  category: "Media",
  transport: ["tcp"],
  ports: [554, 8554, 10554, 7000],
  firstOctets: [0x4f, 0x44, 0x53, 0x50, 0x41, 0x54, 0x47, 0x52],
  anomalies: ["long-line"],
  source: "RFC 2326, RFC 7826; RFC 7616, RFC 7617; AirPlay (openairplay, service and RTSP requests)",
  probe: (slice) => {
    const code = probeBeginnings(slice, METHODS);
    return code === PROBE_NO ? probeAirPlay(slice) : code;
  },
  open: () => new RtspState(),
  parse(state, slice, out) {
    const side = slice.toServer ? state.client : state.server;
    while (slice.off < slice.end) {
      if (!side.isHead && u8(slice.buf, slice.off) === DOLLAR) {
        // Interleaved media (RFC 2326 §10.12): "$", channel, length.
        if (slice.end - slice.off < 4) return 4 - (slice.end - slice.off);
        pass(slice, 4 + u16(slice.buf, slice.off + 2), out);
        continue;
      }
      const code = side.lines.next(slice);
      if (code === LINE_NONE) return slice.off < slice.end ? 1 : PARSE_MORE;
      if (code === LINE_LONG) {
        out.anomaly("long-line");
        if (!side.isHead) return PARSE_BAD;
        continue;
      }
      const { start, end } = side.lines;
      if (!side.isHead) {
        if (end === start) continue;
        if (!readStart(side, sanitizeOctets(slice.buf, start, end, 1024))) return PARSE_BAD;
        side.isHead = true;
      } else if (end > start) {
        if (++side.fields > MAX_FIELDS) return PARSE_BAD;
        readField(side, sanitizeOctets(slice.buf, start, end, 1024));
      } else {
        side.isHead = false;
        endHead(state, side, out);
        if (side.length > 0) pass(slice, side.length, out);
      }
    }
    return PARSE_MORE;
  },
  eve: () => null,
});
