import { indexOfOctet, startsWithAscii, u8, u16, u32le } from "../../core/bytes.ts";
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

/** How a remote desktop session begins. */
export interface RdpEvent {
  readonly phase: "request" | "response";
  /** User or token of the cookie, as the client sends it; "" = none. */
  readonly cookie: string;
  /** Asked for or chosen: 0 RDP's own encryption, 1 TLS, 2 CredSSP, 8 CredSSP early; -1 = not said. */
  readonly protocols: number;
}

export interface RdpState {
  hasRequest: boolean;
}

const CONNECT_REQUEST = 0xe0;
const CONNECT_CONFIRM = 0xd0;
/** TPKT (4) and the fixed part of X.224's connect messages (7). */
const HEADER_OCTETS = 11;
const COOKIE = "Cookie: mstshash=";
const NEGOTIATION_OCTETS = 8;
const MAX_COOKIE = 64;

export const rdp = defineDissector<RdpEvent, RdpState>()({
  name: "rdp",
  label: "RDP",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [3389],
  firstOctets: [0x03],
  maxBuffered: 1024,
  anomalies: [],
  source: "MS-RDPBCGR §2.2.1.1, §2.2.1.2; RFC 1006 §6, X.224 §13.3",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    if (u8(buf, off) !== 3) return PROBE_NO;
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    const length = u16(buf, off + 2);
    if (u8(buf, off + 1) !== 0 || length < HEADER_OCTETS || length > 512) return PROBE_NO;
    const code = u8(buf, off + 5);
    if (u8(buf, off + 4) !== length - 5 || code !== (toServer ? CONNECT_REQUEST : CONNECT_CONFIRM)) return PROBE_NO;
    if (serverPort === 3389) return PROBE_YES;
    // Others connect by X.224 too (ISO control systems, H.323): elsewhere the cookie or the negotiation decides.
    if (end - off < length) return PROBE_MORE;
    if (startsWithAscii(buf, off + HEADER_OCTETS, end, "Cookie: ")) return PROBE_YES;
    return negotiated(buf, off + HEADER_OCTETS, off + length) >= 0 ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ hasRequest: false }),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const code = step(state, slice, out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  eve: (event) => ({
    event_type: "rdp",
    rdp:
      event.phase === "request"
        ? { tx_id: 0, event_type: "initial_request", ...(event.cookie === "" ? {} : { cookie: event.cookie }) }
        : {
            tx_id: 1,
            event_type: "initial_response",
            ...(event.protocols < 0 ? {} : { protocol: PROTOCOLS.get(event.protocols) ?? "unknown" }),
          },
  }),
});

/** One connection message of either side. */
function step(state: RdpState, slice: Slice, out: Output<RdpEvent>): number {
  const { buf, off, end } = slice;
  if (end - off < HEADER_OCTETS) return HEADER_OCTETS - (end - off);
  const length = u16(buf, off + 2);
  const code = u8(buf, off + 5);
  const isExpected = slice.toServer ? code === CONNECT_REQUEST && !state.hasRequest : code === CONNECT_CONFIRM;
  if (u8(buf, off) !== 3 || length < HEADER_OCTETS || length > 512 || !isExpected) return PARSE_DONE;
  if (end - off < length) return length - (end - off);
  const stop = off + length;
  slice.off = stop;
  state.hasRequest ||= slice.toServer;
  const cookie = cookieOf(buf, off + HEADER_OCTETS, stop);
  out.event({
    phase: slice.toServer ? "request" : "response",
    cookie,
    protocols: negotiated(buf, off + HEADER_OCTETS, stop),
  });
  // What follows is encrypted, or the old protocol's own.
  return slice.toServer ? PARSE_MORE : PARSE_DONE;
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [0, "rdp"],
  [1, "ssl"],
  [2, "hybrid"],
  [4, "rds_tls"],
  [8, "hybrid_ex"],
]);

/** The negotiation stands last: type, flags, length 8, protocols, all little-endian. */
function negotiated(buf: Uint8Array, off: number, end: number): number {
  const at = end - NEGOTIATION_OCTETS;
  if (at < off || (u8(buf, at) !== 1 && u8(buf, at) !== 2) || u16(buf, at + 2) !== 0x0800) return -1;
  return u32le(buf, at + 4);
}

function cookieOf(buf: Uint8Array, off: number, end: number): string {
  if (!startsWithAscii(buf, off, end, COOKIE)) return "";
  const start = off + COOKIE.length;
  const stop = indexOfOctet(buf, start, end, 0x0d);
  return stop < 0 ? "" : sanitizeOctets(buf, start, Math.min(stop, start + MAX_COOKIE));
}
