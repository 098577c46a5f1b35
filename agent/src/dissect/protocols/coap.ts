import { u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets, sanitizeText } from "../../core/sanitize.ts";
import { defineDissector, type Output, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One CoAP message. */
export interface CoapEvent {
  readonly type: "confirmable" | "non-confirmable" | "acknowledgement" | "reset";
  /** Class and detail as they are written: "0.01" GET, "0.02" POST, "2.05" content; "0.00" is empty. */
  readonly code: string;
  /** Uri-Path, "/" joined ("/sensors/temp"); "" without one. At most 128 characters. */
  readonly path: string;
  /** Endpoint name of a LwM2M registration (`ep=`). */
  readonly endpoint?: string;
  readonly contentFormat?: number;
  readonly isObserve: boolean;
  /** Shelly's device type and id ("SHSW-25", "A4CF12F45E6F"), from option 3332. */
  readonly model?: string;
  readonly deviceId?: string;
}

const LAST_METHOD = 7;
const PORT = 5683;
/** Thread Management Framework (Thread 1.3 §8.2.2). */
const THREAD_PORT = 61_631;
const MAX_OPTIONS = 32;
const TYPES: readonly CoapEvent["type"][] = ["confirmable", "non-confirmable", "acknowledgement", "reset"];
const URI_PATH = 11;
const OBSERVE = 6;
const CONTENT_FORMAT = 12;
const URI_QUERY = 15;
/** CoIoT: "type#id#version". */
const SHELLY = 3332;
/** Options that a receiver must understand (odd numbers), of RFC 7252, 7959, 8613, 9175: any other is no request of today. */
const CRITICAL: readonly number[] = [1, 3, 5, 7, 9, 11, 15, 17, 19, 21, 23, 27, 35, 39];

export const coap = defineDissector<CoapEvent, null>()({
  name: "coap",
  label: "COAP",
  category: "RPC",
  transport: ["udp"],
  ports: [PORT, THREAD_PORT],
  // Confirmable and not, with a token of none, two, four or eight octets.
  firstOctets: [0x40, 0x42, 0x44, 0x48, 0x50, 0x52, 0x54, 0x58],
  anomalies: [],
  source: "RFC 7252 §3, §5.10, §12.1; OMA LwM2M 1.2 §6; Shelly CoIoT",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    if (end - off < 4) return PROBE_NO;
    const first = u8(buf, off);
    const tokenOctets = first & 15;
    if (first >>> 6 !== 1 || tokenOctets > 8 || end - off < 4 + tokenOctets) return PROBE_NO;
    const code = u8(buf, off + 1);
    const group = code >>> 5;
    const detail = code & 31;
    // Elsewhere: a request whose options are all known, with a path.
    if (!isPort(serverPort) && !isPort(clientPort))
      return group === 0 && detail > 0 && detail <= LAST_METHOD && hasPath(buf, off, end) ? PROBE_YES : PROBE_NO;
    // An empty message is a ping or its answer; else a method, or an answer of class 2, 4 or 5. Shelly made a code of its own.
    if (group === 0)
      return detail <= LAST_METHOD ? (detail > 0 || end - off === 4 ? PROBE_YES : PROBE_NO) : isShelly(detail);
    return group === 2 || group === 4 || group === 5 ? PROBE_YES : PROBE_NO;
  },
  open: () => null,
  parse(_state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    if (end - off >= 4 && u8(buf, off) >>> 6 === 1) message(buf, off, end, out);
    return PARSE_MORE;
  },
  eve: () => null,
});

const isPort = (port: number): boolean => port === PORT || port === THREAD_PORT;
const isShelly = (detail: number) => (detail === 30 ? PROBE_YES : PROBE_NO);

/** Number and length of the option at hand. One walker for all: it is moved and read at once. */
class OptionWalk {
  number = 0;
  at = 0;
  length = 0;

  start(off: number): void {
    this.number = 0;
    this.at = off;
    this.length = 0;
  }

  /** To the next option; false at the payload, the end, or where the octets fit no option (`at` is -1 then). */
  next(buf: Uint8Array, end: number): boolean {
    let at = this.at + this.length;
    if (at >= end || u8(buf, at) === 0xff) return false;
    const head = u8(buf, at++);
    let delta = head >>> 4;
    let length = head & 15;
    const more = (delta === 13 ? 1 : delta === 14 ? 2 : 0) + (length === 13 ? 1 : length === 14 ? 2 : 0);
    if (delta === 15 || length === 15 || at + more > end) return this.#bad();
    if (delta === 13) delta = 13 + u8(buf, at++);
    else if (delta === 14) {
      delta = 269 + u16(buf, at);
      at += 2;
    }
    if (length === 13) length = 13 + u8(buf, at++);
    else if (length === 14) {
      length = 269 + u16(buf, at);
      at += 2;
    }
    if (at + length > end) return this.#bad();
    this.number += delta;
    this.at = at;
    this.length = length;
    return true;
  }

  #bad(): false {
    this.at = -1;
    return false;
  }
}

const walk = new OptionWalk();

function hasPath(buf: Uint8Array, off: number, end: number): boolean {
  walk.start(off + 4 + (u8(buf, off) & 15));
  let octets = 0;
  for (let i = 0; walk.next(buf, end); i++) {
    if (i >= MAX_OPTIONS || ((walk.number & 1) === 1 && !CRITICAL.includes(walk.number))) return false;
    if (walk.number !== URI_PATH) continue;
    octets += walk.length;
    for (let at = walk.at; at < walk.at + walk.length; at++) if (u8(buf, at) < 0x21 || u8(buf, at) > 0x7e) return false;
  }
  // Two letters at least: by chance one is soon found.
  return walk.at >= 0 && octets >= 2;
}

function message(buf: Uint8Array, off: number, end: number, out: Output<CoapEvent>): void {
  const code = u8(buf, off + 1);
  const start = off + 4 + (u8(buf, off) & 15);
  if (start > end) return;
  let path = "";
  let endpoint = "";
  let shelly = "";
  let contentFormat = -1;
  let isObserve = false;
  walk.start(start);
  for (let i = 0; i < MAX_OPTIONS && walk.next(buf, end); i++) {
    const stop = walk.at + walk.length;
    if (walk.number === URI_PATH && path.length < 128) path += `/${sanitizeOctets(buf, walk.at, stop, 64)}`;
    else if (walk.number === OBSERVE) isObserve = true;
    else if (walk.number === CONTENT_FORMAT && walk.length <= 2)
      contentFormat = walk.length === 2 ? u16(buf, walk.at) : walk.length === 1 ? u8(buf, walk.at) : 0;
    else if (walk.number === URI_QUERY && u8(buf, walk.at) === 0x65) {
      const query = sanitizeOctets(buf, walk.at, stop, 64);
      if (query.startsWith("ep=")) endpoint = query.slice(3);
    } else if (walk.number === SHELLY) shelly = sanitizeOctets(buf, walk.at, stop, 64);
  }
  const [model = "", deviceId = ""] = shelly.split("#");
  const app = appOf(path, endpoint, shelly);
  if (app !== undefined) out.label({ app });
  out.event({
    type: TYPES[(u8(buf, off) >>> 4) & 3] ?? "reset",
    code: `${code >>> 5}.${String(code & 31).padStart(2, "0")}`,
    path: sanitizeText(path, 128),
    ...(endpoint !== "" && { endpoint }),
    ...(contentFormat >= 0 && { contentFormat }),
    isObserve,
    ...(model !== "" && { model }),
    ...(deviceId !== "" && { deviceId }),
  });
}

/** LwM2M registers at /rd and boots at /bs with its endpoint's name; Thread's paths are of one letter each, MeshCoP's begin with "c". */
function appOf(path: string, endpoint: string, shelly: string): string | undefined {
  if (shelly !== "" || path.startsWith("/cit/")) return "Shelly";
  if (endpoint !== "" && /^\/(?:rd|bs|dp)\b/.test(path)) return "LwM2M";
  return /^\/(?:a|c|d|n|b)\/[a-z]{1,3}$/.test(path) ? "Thread" : undefined;
}
