import { sanitizeOctets, sanitizeText } from "../../core/sanitize.ts";
import { defineDissector, type Output, PARSE_BAD, PARSE_MORE, type Slice } from "../define.ts";
import { LINE_NONE, LINE_OK, LineReader } from "../line-reader.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { probeBeginnings } from "../signature.ts";

/** One SIP request or answer. */
export interface SipEvent {
  /** Of requests: "REGISTER", "INVITE" …; of answers: the method that CSeq names. */
  readonly method: string;
  /** Absent in answers. */
  readonly uri?: string;
  /** Absent in requests. */
  readonly status?: number;
  readonly reason?: string;
  readonly startLine: string;
  readonly from: string;
  readonly to: string;
  /** User-Agent or Server. */
  readonly agent: string;
}

interface Head {
  event: {
    method: string;
    uri?: string;
    status?: number;
    reason?: string;
    startLine: string;
    from: string;
    to: string;
    agent: string;
  };
  authorizedUser: string | undefined;
  isStale: boolean;
  length: number;
}

class SipSide {
  readonly lines = new LineReader(MAX_LINE);
  head: Head | undefined;
  fields = 0;
}

export class SipState {
  readonly isStream: boolean;
  readonly client = new SipSide();
  readonly server = new SipSide();
  readonly attempt = new LoginAttempt("sip");

  constructor(isStream: boolean) {
    this.isStream = isStream;
  }
}

const MAX_LINE = 4096;
const MAX_FIELDS = 128;
const METHOD =
  /^(INVITE|ACK|BYE|CANCEL|REGISTER|OPTIONS|PRACK|SUBSCRIBE|NOTIFY|PUBLISH|INFO|REFER|MESSAGE|UPDATE) (\S+) SIP\/2\.0$/;

function readStart(text: string): Head | undefined {
  const startLine = sanitizeText(text);
  const base = { startLine, from: "", to: "", agent: "" };
  const answer = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(text);
  const request = METHOD.exec(text);
  if (answer) {
    const event = { ...base, method: "", status: Number(answer[1]), reason: sanitizeText(answer[2] ?? "", 64) };
    return { event, authorizedUser: undefined, isStale: false, length: 0 };
  }
  if (!request) return undefined;
  const event = { ...base, method: request[1] ?? "", uri: sanitizeText(request[2] ?? "") };
  return { event, authorizedUser: undefined, isStale: false, length: 0 };
}

/** Compact names of RFC 3261 §7.3.3 included. */
function readField(head: Head, text: string): void {
  const colon = text.indexOf(":");
  if (colon <= 0) return;
  const value = text.slice(colon + 1).trim();
  switch (text.slice(0, colon).trim().toLowerCase()) {
    case "from":
    case "f":
      head.event.from = sanitizeText(value.replace(/;tag=.*$/i, ""), 128);
      break;
    case "to":
    case "t":
      head.event.to = sanitizeText(value.replace(/;tag=.*$/i, ""), 128);
      break;
    case "user-agent":
    case "server":
      head.event.agent = sanitizeText(value, 128);
      break;
    case "cseq":
      if (head.event.status !== undefined) head.event.method = sanitizeText(value.split(/\s+/)[1] ?? "", 16);
      break;
    case "authorization":
      head.authorizedUser = /username="([^"]*)"/i.exec(value)?.[1] ?? "";
      break;
    case "www-authenticate":
      head.isStale ||= /stale="?true/i.test(value);
      break;
    case "content-length":
    case "l":
      head.length = /^\d{1,6}$/.test(value) ? Number(value) : 0;
      break;
  }
}

function endHead(state: SipState, head: Head, out: Output<SipEvent>): void {
  out.event(head.event);
  const { method, status } = head.event;
  if (method !== "REGISTER") return;
  if (status === undefined) {
    if (head.authorizedUser !== undefined) state.attempt.hidden(head.authorizedUser);
    else state.attempt.isOpen = false;
  } else if (status >= 200) {
    // 401 asks for a proof; after a proof it refuses it, unless only the nonce was old.
    if (status < 300) state.attempt.close("success", out);
    else if ((status === 401 || status === 403 || status === 407) && !head.isStale) state.attempt.close("failure", out);
  }
}

function parseHeads(state: SipState, side: SipSide, slice: Slice, out: Output<SipEvent>): number {
  while (slice.off < slice.end) {
    const code = side.lines.next(slice);
    if (code === LINE_NONE) return slice.off < slice.end ? 1 : PARSE_MORE;
    if (code !== LINE_OK) continue;
    const { start, end } = side.lines;
    if (side.head === undefined) {
      // Empty lines keep a connection alive (RFC 5626 §3.5.1).
      if (end === start) continue;
      side.head = readStart(sanitizeOctets(slice.buf, start, end, 512));
      side.fields = 0;
      if (side.head === undefined) return PARSE_BAD;
    } else if (end > start) {
      if (++side.fields > MAX_FIELDS) return PARSE_BAD;
      readField(side.head, sanitizeOctets(slice.buf, start, end, 512));
    } else {
      const { head } = side;
      side.head = undefined;
      endHead(state, head, out);
      const here = Math.min(head.length, slice.end - slice.off);
      slice.off += here;
      if (head.length > here && state.isStream) out.skip(head.length - here);
    }
  }
  return PARSE_MORE;
}

const STARTS = [
  "REGISTER sip",
  "INVITE sip",
  "OPTIONS sip",
  "SUBSCRIBE sip",
  "NOTIFY sip",
  "MESSAGE sip",
  "PUBLISH sip",
  "BYE sip",
  "ACK sip",
  "SIP/2.0 ",
];

export const sip = defineDissector<SipEvent, SipState>()({
  name: "sip",
  label: "SIP",
  category: "VoIP",
  transport: ["udp", "tcp"],
  ports: [5060],
  firstOctets: [0x52, 0x49, 0x4f, 0x53, 0x4e, 0x4d, 0x50, 0x42, 0x41],
  anomalies: [],
  everyPacket: true,
  source: "RFC 3261 §7, §20; RFC 7616",
  probe: (slice) => probeBeginnings(slice, STARTS),
  open: (flow) => new SipState(flow.proto === "TCP"),
  parse(state, slice, out) {
    const side = slice.toServer ? state.client : state.server;
    if (state.isStream) return parseHeads(state, side, slice, out);
    // NULs or empty lines that keep the address translation open.
    const isKeepAlive = slice.end - slice.off <= 4;
    const code = parseHeads(state, side, slice, out);
    // A datagram is a whole message: nothing of it is waited for.
    side.head = undefined;
    side.lines.restart();
    slice.off = slice.end;
    return code === PARSE_BAD && !isKeepAlive ? PARSE_BAD : PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: (event) => ({
    event_type: "sip",
    sip:
      event.status === undefined
        ? { method: event.method, uri: event.uri, version: "SIP/2.0", request_line: event.startLine }
        : { version: "SIP/2.0", code: String(event.status), reason: event.reason, response_line: event.startLine },
  }),
});
