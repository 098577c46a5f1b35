import { u8, u16, u32 } from "../../core/bytes.ts";
import { formatIpv4, formatIpv6 } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../define.ts";
import { LoginAttempt } from "../login-attempt.ts";

/** What a client asked of a SOCKS server, with its answer. */
export interface SocksEvent {
  readonly version: 4 | 5;
  readonly command: "connect" | "bind" | "udp" | "other";
  /** Address or name behind the proxy. */
  readonly host: string;
  readonly port: number;
  /** SOCKS5: 0 granted (RFC 1928 §6); SOCKS4: 90 granted. */
  readonly reply: number;
}

/** First octet of a TLS record that carries a hello (RFC 8446 §5.1). */
const TLS_HANDSHAKE = 0x16;

type Phase = "greeting" | "method" | "password" | "password-status" | "request" | "reply" | "tunnel";

export class SocksState {
  readonly attempt = new LoginAttempt("socks");
  phase: Phase = "greeting";
  version: 4 | 5 = 5;
  command: SocksEvent["command"] = "other";
  host = "";
  port = 0;
}

const MAX_TEXT = 256;
const COMMANDS: readonly SocksEvent["command"][] = ["other", "connect", "bind", "udp"];
const commandName = (code: number): SocksEvent["command"] => COMMANDS[code] ?? "other";

/** Offset behind the NUL that ends a text at `off`; 0 = not there yet, -1 = too long. */
function textEnd(buf: Uint8Array, off: number, end: number): number {
  for (let at = off; at < end; at++) {
    if (at - off > MAX_TEXT) return -1;
    if (u8(buf, at) === 0) return at + 1;
  }
  return end - off > MAX_TEXT ? -1 : 0;
}

/** SOCKS4 and 4a: version, command, port, address, user NUL, and for 0.0.0.x a name NUL. */
function readRequest4(state: SocksState, slice: Slice): number {
  const { buf, off, end } = slice;
  if (end - off < 9) return 9 - (end - off);
  const user = textEnd(buf, off + 8, end);
  if (user <= 0) return user < 0 ? PARSE_BAD : 1;
  const address = u32(buf, off + 4);
  let next = user;
  state.host = formatIpv4(address);
  if (address > 0 && address < 256) {
    next = textEnd(buf, user, end);
    if (next <= 0) return next < 0 ? PARSE_BAD : 1;
    state.host = sanitizeOctets(buf, user, next - 1);
  }
  state.version = 4;
  state.command = commandName(u8(buf, off + 1));
  state.port = u16(buf, off + 2);
  state.attempt.nothing(sanitizeOctets(buf, off + 8, user - 1));
  state.phase = "reply";
  slice.off = next;
  return PARSE_MORE;
}

/** Octets of an address with its port (RFC 1928 §5) at `off`, type first; 0 = more needed, -1 = unknown type. */
function addressLength(buf: Uint8Array, off: number, end: number): number {
  if (end - off < 2) return 0;
  const type = u8(buf, off);
  if (type === 1) return 7;
  if (type === 4) return 19;
  return type === 3 ? 4 + u8(buf, off + 1) : -1;
}

function readRequest5(state: SocksState, slice: Slice): number {
  const { buf, off, end } = slice;
  if (end - off < 5) return 5 - (end - off);
  const length = addressLength(buf, off + 3, end);
  if (u8(buf, off) !== 5 || length < 0) return PARSE_BAD;
  const next = off + 3 + length;
  if (next > end) return next - end;
  const type = u8(buf, off + 3);
  if (type === 1) state.host = formatIpv4(u32(buf, off + 4));
  else if (type === 4)
    state.host = formatIpv6(u32(buf, off + 4), u32(buf, off + 8), u32(buf, off + 12), u32(buf, off + 16));
  else state.host = sanitizeOctets(buf, off + 5, next - 2);
  state.command = commandName(u8(buf, off + 1));
  state.port = u16(buf, next - 2);
  state.phase = "reply";
  slice.off = next;
  return PARSE_MORE;
}

/** RFC 1929: version 1, user, password, each with its length. */
function readPassword(state: SocksState, slice: Slice): number {
  const { buf, off, end } = slice;
  if (end - off < 2) return 2 - (end - off);
  if (u8(buf, off) !== 1) return PARSE_BAD;
  const passwordAt = off + 2 + u8(buf, off + 1);
  if (passwordAt >= end) return passwordAt + 1 - end;
  const next = passwordAt + 1 + u8(buf, passwordAt);
  if (next > end) return next - end;
  state.attempt.judge(sanitizeOctets(buf, off + 2, passwordAt), sanitizeOctets(buf, passwordAt + 1, next));
  state.phase = "password-status";
  slice.off = next;
  return PARSE_MORE;
}

function clientStep(state: SocksState, slice: Slice): number {
  const { buf, off, end } = slice;
  switch (state.phase) {
    case "greeting": {
      if (u8(buf, off) === 4) return readRequest4(state, slice);
      if (end - off < 2) return 1;
      const next = off + 2 + u8(buf, off + 1);
      if (u8(buf, off) !== 5) return PARSE_BAD;
      if (next > end) return next - end;
      slice.off = next;
      state.phase = "method";
      return PARSE_MORE;
    }
    case "password":
      return readPassword(state, slice);
    case "request":
      return readRequest5(state, slice);
    default:
      return PARSE_DONE;
  }
}

/** Behind a granted CONNECT: TLS is handed on, other things are let go. */
function tunnel(slice: Slice, out: Output<SocksEvent>): number {
  if (!slice.toServer || u8(slice.buf, slice.off) !== TLS_HANDSHAKE) return PARSE_DONE;
  out.label({ app: "SOCKS." });
  out.become("tls");
  return PARSE_MORE;
}

function serverStep(state: SocksState, slice: Slice, out: Output<SocksEvent>): number {
  const { buf, off, end } = slice;
  if (end - off < 2) return 1;
  const first = u8(buf, off);
  const second = u8(buf, off + 1);
  slice.off = off + 2;
  switch (state.phase) {
    case "method":
      if (first !== 5) return PARSE_BAD;
      if (second === 0) {
        state.attempt.nothing("");
        state.phase = "request";
      } else if (second === 2) state.phase = "password";
      else return PARSE_DONE;
      return PARSE_MORE;
    case "password-status":
      state.attempt.close(second === 0 ? "success" : "failure", out);
      state.phase = "request";
      return second === 0 ? PARSE_MORE : PARSE_DONE;
    case "reply": {
      const { version, command, host, port } = state;
      // The address that the proxy bound follows, and then the tunnel.
      const length = version === 5 ? addressLength(buf, off + 3, end) + 3 : 8;
      if (version === 5 && length < 3) return PARSE_BAD;
      slice.off = off;
      if (length === 3) return Math.max(1, 5 - (end - off));
      if (off + length > end) return off + length - end;
      slice.off = off + length;
      // An open proxy shows in that it serves; a refusal by rule (2) or for the user (91 to 93) is one of the log-in.
      const isGranted = version === 5 ? second === 0 : second === 90;
      if (isGranted) state.attempt.close("success", out);
      else if (version === 4 ? second >= 92 : second === 2) state.attempt.close("failure", out);
      else state.attempt.isOpen = false;
      out.event({ version, command, host, port, reply: second });
      if (!isGranted || command !== "connect") return PARSE_DONE;
      state.phase = "tunnel";
      return PARSE_MORE;
    }
    default:
      return PARSE_BAD;
  }
}

export const socks = defineDissector<SocksEvent, SocksState>()({
  name: "socks",
  label: "SOCKS",
  category: "Web",
  transport: ["tcp"],
  ports: [1080],
  firstOctets: [0x05, 0x04],
  anomalies: [],
  source: "RFC 1928, RFC 1929, SOCKS 4 and 4a (Ying-Da Lee)",
  probe: ({ buf, off, end, toServer }) => {
    // The client speaks first.
    if (!toServer) return PROBE_NO;
    const have = end - off;
    if (u8(buf, off) === 5) {
      if (have < 3) return PROBE_MORE;
      const methods = u8(buf, off + 1);
      // The greeting stands alone: its methods fill the first segment and include none or password.
      if (methods === 0 || methods > 10 || have !== 2 + methods) return PROBE_NO;
      for (let i = 0; i < methods; i++) if (u8(buf, off + 2 + i) > 9 && u8(buf, off + 2 + i) < 0x80) return PROBE_NO;
      return PROBE_YES;
    }
    if (u8(buf, off) !== 4) return PROBE_NO;
    if (have < 9) return PROBE_MORE;
    const command = u8(buf, off + 1);
    return (command === 1 || command === 2) && u16(buf, off + 2) > 0 && u8(buf, end - 1) === 0 ? PROBE_YES : PROBE_NO;
  },
  open: () => new SocksState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      if (state.phase === "tunnel") return tunnel(slice, out);
      const code = slice.toServer ? clientStep(state, slice) : serverStep(state, slice, out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  eve: () => null,
});
