import { u8, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_DONE,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../define.ts";

/** One STUN or TURN message. */
export interface StunEvent {
  readonly kind: "request" | "indication" | "success" | "error";
  /** 1 binding, 3 allocate, 4 refresh, 6 send, 7 data, 8 permission, 9 channel (RFC 8489 §18.2, RFC 8656 §17). */
  readonly method: number;
  /** Program that sent it, as it names itself; "" = not said. */
  readonly software: string;
  /** Realm of the long-term credential; "" = not said. */
  readonly realm: string;
}

export interface StunState {
  readonly isStream: boolean;
  /** On STUN's own port more is believed. */
  readonly isStandard: boolean;
  /** The program is known. */
  isNamed: boolean;
}

const HEADER_OCTETS = 20;
const COOKIE = 0x2112_a442;
const DTLS_OCTETS = 13;
const MAX_TEXT = 128;
const REALM = 0x0014;
const SOFTWARE = 0x8022;
const KINDS: readonly StunEvent["kind"][] = ["request", "indication", "success", "error"];
/** Attributes that only one family of programs sends: Microsoft's (MS-TURN §2.2, MS-ICE2 §2.2) and Google's (WebRTC's stun.h). */
const MICROSOFT: ReadonlySet<number> = new Set([0x8008, 0x8050, 0x8054, 0x8055, 0x8056, 0x8070, 0x8090, 0x8095]);
const GOOGLE: ReadonlySet<number> = new Set([0xff00, 0xff05, 0xc059]);
/** Zoom's, in questions without cookie. */
const ZOOM = 0x0101;
/** WhatsApp's own, comprehension-required and in nobody's registry. */
const WHATSAPP_FIRST = 0x4000;
const WHATSAPP_LAST = 0x4007;

export const stun = defineDissector<StunEvent, StunState>()({
  name: "stun",
  label: "STUN",
  category: "Network",
  transport: ["udp", "tcp"],
  ports: [3478, 3479],
  firstOctets: [0x00, 0x01, 0x08],
  anomalies: [],
  source: "RFC 8489 §5, §14, RFC 8656; RFC 4571 §2 for streams; RFC 3489 §11 on its own port",
  probe: ({ buf, off, end }, { clientPort, serverPort }) => {
    const start = messageAt(buf, off, end, isStandardPort(clientPort, serverPort));
    if (start >= 0) return PROBE_YES;
    return start === SHORT ? PROBE_MORE : PROBE_NO;
  },
  open: ({ proto, clientPort, serverPort }) => ({
    isStream: proto === "TCP",
    isStandard: isStandardPort(clientPort, serverPort),
    isNamed: false,
  }),
  parse(state, slice, out) {
    if (state.isStream) return stream(state, slice, out);
    const { buf, off, end } = slice;
    if (end - off > DTLS_OCTETS && isDtls(buf, off)) {
      out.become("dtls");
      return PARSE_MORE;
    }
    slice.off = end;
    // Media and channel data share the ports once they are open (RFC 7983).
    const start = messageAt(buf, off, end, state.isStandard);
    if (start >= 0) message(state, buf, start, end, out);
    else if (!state.isNamed && isMedia(buf, off, end)) out.label({ app: "RTP" });
    return PARSE_MORE;
  },
  eve: () => null,
});

/** Messages one after the other, each perhaps behind its length; ends where something else begins. */
function stream(state: StunState, slice: Slice, out: Output<StunEvent>): number {
  const { buf, end } = slice;
  while (slice.off < end) {
    const have = end - slice.off;
    if (have < 10) return 10 - have;
    const isBare = u32(buf, slice.off + 4) === COOKIE;
    const start = isBare ? slice.off : slice.off + 2;
    if (u32(buf, start + 4) !== COOKIE) return PARSE_DONE;
    const stop = start + HEADER_OCTETS + u16(buf, start + 2);
    if (stop > end) return stop - end;
    message(state, buf, start, stop, out);
    slice.off = stop;
  }
  return PARSE_MORE;
}

/** RFC 7983 §7: first octets 20 to 63 are DTLS, whose version is 1 or 1.2 in ones' complement. */
const isDtls = (buf: Uint8Array, off: number): boolean => {
  const version = u16(buf, off + 1);
  return u8(buf, off) >= 20 && u8(buf, off) <= 63 && (version === 0xfeff || version === 0xfefd);
};

/** RFC 7983 §7: version 2, and no type that RTCP has (RFC 5761 §4). */
const isMedia = (buf: Uint8Array, off: number, end: number): boolean => {
  const type = end - off > 12 ? u8(buf, off + 1) & 0x7f : 64;
  return u8(buf, off) >>> 6 === 2 && (type < 35 || type >= 96);
};

const isStandardPort = (client: number, server: number): boolean => (client & ~1) === 3478 || (server & ~1) === 3478;

const NONE = -1;
const SHORT = -2;

/** Where the message stands: behind a length where the stream is framed; NONE or SHORT. */
function messageAt(buf: Uint8Array, off: number, end: number, isStandard: boolean): number {
  if (end - off < 8) return u8(buf, off) <= 8 ? SHORT : NONE;
  if (u8(buf, off) < 0x40 && u32(buf, off + 4) === COOKIE && (u16(buf, off + 2) & 3) === 0) return off;
  const framed = off + 2;
  if (
    end - framed >= HEADER_OCTETS &&
    u32(buf, framed + 4) === COOKIE &&
    u16(buf, off) === HEADER_OCTETS + u16(buf, framed + 2)
  )
    return framed;
  return isClassic(buf, off, end, isStandard) ? off : NONE;
}

/** RFC 3489 had no cookie: a whole datagram of binding, whose attributes fill it exactly. Bare headers count on the standard port only. */
function isClassic(buf: Uint8Array, off: number, end: number, isStandard: boolean): boolean {
  if (end - off < HEADER_OCTETS || u16(buf, off + 2) !== end - off - HEADER_OCTETS) return false;
  const type = u16(buf, off);
  if (type !== 0x0001 && type !== 0x0101 && type !== 0x0111) return false;
  let at = off + HEADER_OCTETS;
  if (at === end) return isStandard;
  while (at + 4 <= end) {
    const attribute = u16(buf, at);
    if (!isStandard && (attribute === 0 || (attribute > 0x000b && attribute < 0x8000))) return false;
    at += 4 + ((u16(buf, at + 2) + 3) & ~3);
  }
  return at === end;
}

function message(state: StunState, buf: Uint8Array, off: number, end: number, out: Output<StunEvent>): void {
  if (end - off < HEADER_OCTETS) return;
  const type = u16(buf, off);
  let software = "";
  let realm = "";
  let app = "";
  const stop = Math.min(end, off + HEADER_OCTETS + u16(buf, off + 2));
  for (let at = off + HEADER_OCTETS; at + 4 <= stop; ) {
    const attribute = u16(buf, at);
    const length = u16(buf, at + 2);
    const value = at + 4;
    if (value + length > stop) break;
    if (attribute === SOFTWARE) software = sanitizeOctets(buf, value, Math.min(value + length, value + MAX_TEXT));
    else if (attribute === REALM) realm = sanitizeOctets(buf, value, Math.min(value + length, value + MAX_TEXT));
    else if (attribute >= WHATSAPP_FIRST && attribute <= WHATSAPP_LAST) app = "WhatsAppCall";
    else if (MICROSOFT.has(attribute)) app = "Skype_TeamsCall";
    else if (attribute === ZOOM && app === "") app = "Zoom";
    else if (GOOGLE.has(attribute) && app === "") app = "GoogleCall";
    at = value + ((length + 3) & ~3);
  }
  const named = appOfText(`${realm} ${software}`.toLowerCase()) ?? app;
  if (named !== "") {
    state.isNamed = true;
    out.label({ app: named });
  }
  // The class is in bits 4 and 8, the method in the others (RFC 8489 §5).
  const kind = KINDS[((type >>> 4) & 1) | ((type >>> 7) & 2)] ?? "request";
  const method = (type & 0x000f) | ((type >>> 1) & 0x0070) | ((type >>> 2) & 0x0f80);
  out.event({ kind, method, software, realm });
}

const TEXTS: readonly (readonly [string, string])[] = [
  ["telegram", "TelegramVoip"],
  ["facebook", "FacebookVoip"],
  ["whatsapp", "WhatsAppCall"],
  ["viber", "ViberVoip"],
  ["zoom", "Zoom"],
  ["discord", "Discord"],
  ["signal.org", "SignalVoip"],
  ["skype", "Skype_TeamsCall"],
  ["google.com", "GoogleCall"],
];

function appOfText(text: string): string | undefined {
  for (const [word, app] of TEXTS) if (text.includes(word)) return app;
  return undefined;
}
