import { u8, u16 } from "../../core/bytes.ts";
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
import { type TlsEvent, tlsEve } from "../tls-event.ts";
import { CLIENT_HELLO, HANDSHAKE_OK, HANDSHAKE_TOO_LONG, HandshakeJoiner, SERVER_HELLO } from "../tls-handshake.ts";
import { TlsSession } from "../tls-session.ts";

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;
const RECORD_HEADER = 5;
/** 2^14 octets and the 2048 that TLS 1.2 allows for compression and MAC (RFC 5246 §6.2.3). */
const MAX_RECORD = 16_384 + 2048;
/** Encrypted records after which a missing half of the handshake will not come any more (early data is one or two). */
const MAX_OPAQUE_RECORDS = 16;
const ALERT_FATAL = 2;

/** One direction. */
export interface TlsSide {
  readonly joiner: HandshakeJoiner;
  records: number;
  isEncrypted: boolean;
  hasCipherSpec: boolean;
}

export interface TlsState {
  readonly session: TlsSession;
  readonly toServer: TlsSide;
  readonly toClient: TlsSide;
  opaqueRecords: number;
}

const openSide = (): TlsSide => ({
  joiner: new HandshakeJoiner(),
  records: 0,
  isEncrypted: false,
  hasCipherSpec: false,
});

export const tls = defineDissector<TlsEvent, TlsState>()({
  name: "tls",
  label: "TLS",
  category: "Web",
  transport: ["tcp"],
  ports: [443, 8443, 4443, 853, 993, 995, 465, 990, 989, 992, 994, 5061, 5223, 5228, 636, 3269, 6697, 8883, 9443],
  firstOctets: [0x16, 0x80, 0x17, 0x15, 0x14],
  maxBuffered: RECORD_HEADER + MAX_RECORD,
  anomalies: [
    "bad-record",
    "malformed-client-hello",
    "malformed-server-hello",
    "malformed-certificate",
    "handshake-too-long",
    "heartbeat-overread",
  ],
  source: "RFC 8446, RFC 5246, RFC 6066, RFC 7301; SSLv2 hello: RFC 5246 appendix E.2",
  probe,
  open: () => ({ session: new TlsSession("t"), toServer: openSide(), toClient: openSide(), opaqueRecords: 0 }),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const code = record(state, slice, out);
      if (code === PARSE_DONE || code === PARSE_BAD) state.session.finish(out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  gap(state, _toServer, _octets, out) {
    state.session.finish(out);
    return PARSE_DONE;
  },
  close(state, _reason, out) {
    state.session.finish(out);
  },
  eve: tlsEve,
});

function probe({ buf, off, end }: Slice): ProbeCode {
  const available = end - off;
  const first = u8(buf, off);
  if (first >= 0x80) return available < 5 ? PROBE_MORE : oldHelloVersion(buf, off) === 0 ? PROBE_NO : PROBE_YES;
  if (first < CHANGE_CIPHER_SPEC || first > APPLICATION_DATA) return PROBE_NO;
  if (available < 6) return available < 2 || u8(buf, off + 1) === 3 ? PROBE_MORE : PROBE_NO;
  const length = u16(buf, off + 3);
  if (u8(buf, off + 1) !== 3 || u8(buf, off + 2) > 4 || length === 0 || length > MAX_RECORD) return PROBE_NO;
  const inner = u8(buf, off + 5);
  switch (first) {
    case HANDSHAKE:
      // A flow caught late may begin with an encrypted Finished, whose first octet says nothing: then the record's header must do.
      return inner <= 24 || length >= 40 ? PROBE_YES : PROBE_NO;
    case ALERT:
      return length >= 24 || (length === 2 && (inner === 1 || inner === 2)) ? PROBE_YES : PROBE_NO;
    case CHANGE_CIPHER_SPEC:
      return length === 1 && inner === 1 ? PROBE_YES : PROBE_NO;
    default:
      return length >= 17 ? PROBE_YES : PROBE_NO;
  }
}

/** Version of an SSLv2-framed ClientHello (five octets are there), 0 when it is none. */
function oldHelloVersion(buf: Uint8Array, off: number): number {
  const length = u16(buf, off) & 0x7fff;
  const version = u16(buf, off + 3);
  if (u8(buf, off + 2) !== 1 || length < 9 || length > 4096) return 0;
  return version === 0x0002 || (version >= 0x0300 && version <= 0x0303) ? version : 0;
}

/** Takes one record from the front of the slice. */
function record(state: TlsState, slice: Slice, out: Output<TlsEvent>): ParseCode {
  const { buf, off, end } = slice;
  const side = slice.toServer ? state.toServer : state.toClient;
  if (end - off < RECORD_HEADER) return RECORD_HEADER - (end - off);
  const type = u8(buf, off);
  if (side.records === 0 && type >= 0x80) return oldRecord(state, slice, out);
  const length = u16(buf, off + 3);
  if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT || u8(buf, off + 1) !== 3 || length > MAX_RECORD) {
    out.anomaly("bad-record");
    return PARSE_BAD;
  }
  const next = off + RECORD_HEADER + length;
  const isOpaque = side.isEncrypted || type === APPLICATION_DATA || isUnreadable(state, side, slice, type, next);
  if (isOpaque) return skipRecord(state, side, slice, next, out);
  if (next > end) return next - end;
  slice.off = next;
  side.records++;
  switch (type) {
    case HANDSHAKE:
      return handshake(state, side, slice, off + RECORD_HEADER, next, out);
    case CHANGE_CIPHER_SPEC:
      return cipherSpec(state, side, slice.toServer, out);
    case ALERT:
      return alert(state, slice, length, next, out);
    default:
      return heartbeat(slice, length, off + RECORD_HEADER, out);
  }
}

/**
 * After a ChangeCipherSpec whose effect is not known (the server's half was not captured, or TLS 1.3 sends it as a decoy) only a record that
 * plainly begins a hello is read: after a HelloRetryRequest both come late.
 */
function isUnreadable(state: TlsState, side: TlsSide, slice: Slice, type: number, next: number): boolean {
  if (type !== HANDSHAKE || !side.hasCipherSpec || !side.joiner.isIdle) return false;
  if (state.session.hasServerHello) return false;
  const at = slice.off + RECORD_HEADER;
  if (at >= Math.min(slice.end, next)) return false;
  const message = u8(slice.buf, at);
  return message !== CLIENT_HELLO && message !== SERVER_HELLO;
}

function skipRecord(state: TlsState, side: TlsSide, slice: Slice, next: number, out: Output<TlsEvent>): ParseCode {
  side.records++;
  state.opaqueRecords++;
  if (next > slice.end) {
    out.skip(next - slice.end);
    slice.off = slice.end;
  } else slice.off = next;
  const { session } = state;
  const isLate = !session.hasClientHello && !session.hasServerHello;
  // Data of a session whose beginning was not seen: it is TLS, and no more can be known.
  if (isLate || state.opaqueRecords >= MAX_OPAQUE_RECORDS) return PARSE_DONE;
  return session.hasClientHello && session.isServerDone ? PARSE_DONE : PARSE_MORE;
}

function handshake(
  state: TlsState,
  side: TlsSide,
  slice: Slice,
  from: number,
  to: number,
  out: Output<TlsEvent>,
): ParseCode {
  const { session } = state;
  const { toServer } = slice;
  const code = side.joiner.add(
    slice.buf,
    from,
    to,
    (type, buf, off, end) => !session.message(type, buf, off, end, toServer, out) || session.isComplete,
  );
  if (code === HANDSHAKE_OK) return PARSE_MORE;
  // A hello that cannot be read stands in a record that is TLS all the same.
  if (code === HANDSHAKE_TOO_LONG) out.anomaly("handshake-too-long");
  return PARSE_DONE;
}

function cipherSpec(state: TlsState, side: TlsSide, toServer: boolean, out: Output<TlsEvent>): ParseCode {
  const { session } = state;
  side.hasCipherSpec = true;
  if (!session.cipherSpecCounts) return PARSE_MORE;
  side.isEncrypted = true;
  if (toServer !== session.clientToServer) session.serverCipherSpec(out);
  // The client's comes last in a full handshake, after its certificate; nothing in clear follows it.
  const isLast = session.isComplete || (toServer === session.clientToServer && session.isServerDone);
  return isLast && session.hasClientHello ? PARSE_DONE : PARSE_MORE;
}

function alert(state: TlsState, slice: Slice, length: number, next: number, out: Output<TlsEvent>): ParseCode {
  if (length !== 2) return skipAlert(state);
  const level = u8(slice.buf, next - 2);
  state.session.noteAlert(level, u8(slice.buf, next - 1), slice.toServer);
  if (level !== ALERT_FATAL) return PARSE_MORE;
  state.session.finish(out);
  return PARSE_DONE;
}

/** An alert of another length is encrypted: the handshake is behind us. */
const skipAlert = (state: TlsState): ParseCode =>
  ++state.opaqueRecords >= MAX_OPAQUE_RECORDS ? PARSE_DONE : PARSE_MORE;

/** RFC 6520 §4: a request that claims more payload than the record holds reads memory of the peer (CVE-2014-0160). */
function heartbeat(slice: Slice, length: number, from: number, out: Output<TlsEvent>): ParseCode {
  if (length >= 3 && u8(slice.buf, from) === 1 && 3 + u16(slice.buf, from + 1) > length)
    out.anomaly("heartbeat-overread");
  return PARSE_MORE;
}

/** SSLv2 framing (RFC 5246 appendix E.2): two octets of length, then the message. */
function oldRecord(state: TlsState, slice: Slice, out: Output<TlsEvent>): ParseCode {
  const { buf, off, end } = slice;
  const side = slice.toServer ? state.toServer : state.toClient;
  const next = off + 2 + (u16(buf, off) & 0x7fff);
  const version = oldHelloVersion(buf, off);
  const isServer = u8(buf, off + 2) === 4 && state.session.hasClientHello;
  if (version === 0 && !isServer) {
    out.anomaly("bad-record");
    return PARSE_BAD;
  }
  if (isServer) {
    state.session.oldServer(out);
    slice.off = end;
    return PARSE_DONE;
  }
  if (next > end) return next - end;
  side.records++;
  slice.off = next;
  state.session.oldHello(version, slice.toServer, out);
  return PARSE_MORE;
}
