import { u8, u16, u24 } from "../../core/bytes.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PARSE_MORE,
  type ParseCode,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../define.ts";
import { type TlsEvent, tlsEve } from "../tls-event.ts";
import { FragmentJoiner } from "../tls-fragments.ts";
import { TlsSession } from "../tls-session.ts";

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const RECORD_HEADER = 13;
const ALERT_FATAL = 2;
/** Datagrams after which the handshake is over or will never be read: a long one with repeats takes thirty. */
const MAX_DATAGRAMS = 64;

export interface DtlsState {
  readonly session: TlsSession;
  readonly toServer: FragmentJoiner;
  readonly toClient: FragmentJoiner;
  datagrams: number;
}

export const dtls = defineDissector<TlsEvent, DtlsState>()({
  name: "dtls",
  label: "DTLS",
  category: "Web",
  transport: ["udp"],
  ports: [443, 4433, 5684, 5349, 10161, 2049],
  firstOctets: [HANDSHAKE, CHANGE_CIPHER_SPEC, ALERT, APPLICATION_DATA],
  anomalies: ["bad-record", "malformed-client-hello", "malformed-server-hello", "malformed-certificate"],
  // Ends by itself after the handshake or MAX_DATAGRAMS, and says what it has.
  everyPacket: true,
  source: "RFC 6347, RFC 9147 §5",
  probe: ({ buf, off, end }) => {
    if (end - off < RECORD_HEADER + 1) return PROBE_NO;
    const type = u8(buf, off);
    const length = u16(buf, off + 11);
    if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || !isVersion(u16(buf, off + 1))) return PROBE_NO;
    return length > 0 && off + RECORD_HEADER + length <= end ? PROBE_YES : PROBE_NO;
  },
  open: () => ({
    session: new TlsSession("d"),
    toServer: new FragmentJoiner(),
    toClient: new FragmentJoiner(),
    datagrams: 0,
  }),
  parse(state, slice, out) {
    state.datagrams++;
    let code: ParseCode = PARSE_MORE;
    while (slice.off < slice.end && code === PARSE_MORE) code = record(state, slice, out);
    slice.off = slice.end;
    if (code === PARSE_MORE && state.datagrams >= MAX_DATAGRAMS) code = PARSE_DONE;
    if (code !== PARSE_MORE) state.session.finish(out);
    return code;
  },
  close(state, _reason, out) {
    state.session.finish(out);
  },
  eve: tlsEve,
});

/** DTLS 1.0, 1.2 (1.3 says 1.2 too), and OpenSSL's version before the standard. */
const isVersion = (version: number): boolean => version === 0xfefd || version === 0xfeff || version === 0x0100;

function record(state: DtlsState, slice: Slice, out: Output<TlsEvent>): ParseCode {
  const { buf, off, end, toServer } = slice;
  const { session } = state;
  // The unified header of DTLS 1.3 (RFC 9147 §4) begins with 001: all behind it is encrypted.
  if (u8(buf, off) >>> 5 === 1) return session.isServerDone ? PARSE_DONE : skip(slice, end);
  if (end - off < RECORD_HEADER || !isVersion(u16(buf, off + 1))) {
    // Another protocol shares the port (STUN, RTP), or the datagram has a tail.
    if (state.datagrams > 1) return skip(slice, end);
    out.anomaly("bad-record");
    return PARSE_BAD;
  }
  const type = u8(buf, off);
  const epoch = u16(buf, off + 3);
  const from = off + RECORD_HEADER;
  const next = from + u16(buf, off + 11);
  if (next > end) return skip(slice, end);
  slice.off = next;
  if (epoch > 0 || type === APPLICATION_DATA) {
    const isOver = session.isServerDone || (!session.hasClientHello && !session.hasServerHello);
    return isOver ? PARSE_DONE : PARSE_MORE;
  }
  if (type === HANDSHAKE) return handshake(state, slice, from, next, out);
  if (type === CHANGE_CIPHER_SPEC && session.cipherSpecCounts) {
    if (toServer !== session.clientToServer) session.serverCipherSpec(out);
    return session.isServerDone ? PARSE_DONE : PARSE_MORE;
  }
  if (type === ALERT && next - from === 2) {
    session.noteAlert(u8(buf, from), u8(buf, from + 1), toServer);
    if (u8(buf, from) === ALERT_FATAL) return PARSE_DONE;
  }
  return PARSE_MORE;
}

function skip(slice: Slice, to: number): ParseCode {
  slice.off = to;
  return PARSE_MORE;
}

function handshake(state: DtlsState, slice: Slice, from: number, to: number, out: Output<TlsEvent>): ParseCode {
  const { session } = state;
  const { buf, toServer } = slice;
  if (to - from >= 12 && u24(buf, from + 9) > to - from - 12) out.anomaly("bad-record");
  const joiner = toServer ? state.toServer : state.toClient;
  const isStopped = joiner.add(
    buf,
    from,
    to,
    (type, octets, off, end) => !session.message(type, octets, off, end, toServer, out) || session.isComplete,
  );
  return isStopped ? PARSE_DONE : PARSE_MORE;
}
