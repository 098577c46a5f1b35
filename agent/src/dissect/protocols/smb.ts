import { u8, u16le, u24, u32, u32le } from "../../core/bytes.ts";
import { sanitizeOctets, sanitizeText } from "../../core/sanitize.ts";
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
import { LoginAttempt } from "../login-attempt.ts";
import { findNtlmUser } from "../ntlm.ts";

/** Steps of an SMB session that tell of its safety: the dialect agreed, the log-in, the shares opened. */
export type SmbEvent =
  | {
      readonly kind: "negotiate";
      /** 1 or 2 (SMB 2 and 3). */
      readonly version: 1 | 2;
      /** "NT LM 0.12", "2.1", "3.1.1"; empty when none was agreed. */
      readonly dialect: string;
      /** What the client offered, at most 16. */
      readonly offered: readonly string[];
      readonly isSigningRequired: boolean;
    }
  | {
      readonly kind: "login";
      readonly version: 1 | 2;
      readonly user: string;
      readonly domain: string;
      readonly host: string;
      readonly status: number;
      readonly isGuest: boolean;
    }
  | { readonly kind: "tree"; readonly share: string; readonly status: number };

export class SmbState {
  readonly attempt = new LoginAttempt("smb");
  offered: string[] = [];
  /** SMB1 was offered and no answer has come. */
  isOldOffer = false;
  user = "";
  domain = "";
  host = "";
  share = "";
  trees = 0;
  messages = 0;
}

/** Longest message read whole, octets: a session set-up with a Kerberos ticket has some 4 KiB. Longer ones (data) are passed over. */
const MAX_WHOLE = 15_000;
/** Messages after which the beginning is over. */
const MAX_MESSAGES = 200;
const MAX_TREES = 16;
const MAX_OFFERED = 16;
const SMB1 = 0xff534d42;
const SMB2 = 0xfe534d42;
const NEGOTIATE = 0;
const SESSION_SETUP = 1;
const TREE_CONNECT = 3;
const MORE_PROCESSING = 0xc0000016;
const utf16 = new TextDecoder("utf-16le", { fatal: false });

const DIALECTS: Readonly<Record<number, string>> = {
  514: "2.02",
  528: "2.1",
  767: "2.??",
  768: "3.0",
  770: "3.0.2",
  785: "3.1.1",
};
const dialectName = (code: number): string => DIALECTS[code] ?? `0x${code.toString(16)}`;

/** SMB1 NEGOTIATE (MS-CIFS §2.2.4.52): dialects as strings, the answer names one by its index. */
function readOld(state: SmbState, slice: Slice, off: number, end: number, out: Output<SmbEvent>): number {
  const { buf } = slice;
  if (end - off < 35 || u8(buf, off + 4) !== 0x72) return PARSE_MORE;
  if (slice.toServer) {
    state.offered = sanitizeDialects(buf, off + 35, end);
    state.isOldOffer = true;
    return PARSE_MORE;
  }
  state.isOldOffer = false;
  const words = u8(buf, off + 32);
  const index = words > 0 && end - off >= 35 ? u16le(buf, off + 33) : 0xffff;
  const dialect = index === 0xffff ? "" : (state.offered[index] ?? "");
  // Bit 3 of the security mode: signatures required (MS-CIFS §2.2.4.52.2).
  const isSigningRequired = words >= 17 && end - off >= 36 && (u8(buf, off + 35) & 8) !== 0;
  out.event({ kind: "negotiate", version: 1, dialect, offered: state.offered, isSigningRequired });
  if (dialect !== "" && !dialect.startsWith("SMB 2")) out.label({ app: "SMBv1" });
  return PARSE_MORE;
}

/** "\x02name\0…" */
function sanitizeDialects(buf: Uint8Array, off: number, end: number): string[] {
  const names: string[] = [];
  for (let at = off; at < end && names.length < MAX_OFFERED; ) {
    if (u8(buf, at) !== 2) break;
    let stop = at + 1;
    while (stop < end && u8(buf, stop) !== 0) stop++;
    names.push(sanitizeOctets(buf, at + 1, stop, 32));
    at = stop + 1;
  }
  return names;
}

function readNegotiate(state: SmbState, slice: Slice, body: number, end: number, out: Output<SmbEvent>): void {
  const { buf } = slice;
  if (slice.toServer) {
    if (end - body < 36) return;
    const count = Math.min(u16le(buf, body + 2), MAX_OFFERED);
    state.offered = [];
    for (let i = 0; i < count && body + 38 + 2 * i <= end; i++)
      state.offered.push(dialectName(u16le(buf, body + 36 + 2 * i)));
    return;
  }
  if (end - body < 6) return;
  state.isOldOffer = false;
  const isSigningRequired = (u16le(buf, body + 2) & 2) !== 0;
  const dialect = dialectName(u16le(buf, body + 4));
  out.event({ kind: "negotiate", version: 2, dialect, offered: state.offered, isSigningRequired });
}

function readSetup(state: SmbState, slice: Slice, off: number, body: number, end: number, out: Output<SmbEvent>): void {
  const { buf } = slice;
  if (slice.toServer) {
    const named = findNtlmUser(buf, body, end);
    if (named === undefined) return;
    state.user = named.user;
    state.domain = named.domain;
    state.host = named.host;
    if (named.user === "") state.attempt.nothing("");
    else state.attempt.hidden(named.user);
    return;
  }
  const status = u32le(buf, off + 8);
  if (status === MORE_PROCESSING || end - body < 4) return;
  // SMB2_SESSION_FLAG_IS_GUEST, IS_NULL (MS-SMB2 §2.2.6): let in without a proof.
  const isGuest = status === 0 && (u16le(buf, body + 2) & 3) !== 0;
  const { user, domain, host } = state;
  if (isGuest) state.attempt.nothing(user);
  out.event({ kind: "login", version: 2, user, domain, host, status, isGuest });
  state.attempt.close(status === 0 ? "success" : "failure", out);
}

function readTree(state: SmbState, slice: Slice, off: number, body: number, end: number, out: Output<SmbEvent>): void {
  const { buf } = slice;
  if (slice.toServer) {
    if (end - body < 8) return;
    const start = off + u16le(buf, body + 4);
    const stop = start + Math.min(u16le(buf, body + 6), 512);
    if (start >= body && stop <= end) state.share = sanitizeText(utf16.decode(buf.subarray(start, stop)));
    return;
  }
  if (++state.trees > MAX_TREES) return;
  out.event({ kind: "tree", share: state.share, status: u32le(buf, off + 8) });
}

function readMessage(state: SmbState, slice: Slice, off: number, end: number, out: Output<SmbEvent>): number {
  if (end - off < 5) return PARSE_MORE;
  const signature = u32(slice.buf, off);
  if (signature === SMB1) return readOld(state, slice, off, end, out);
  // Encrypted and compressed messages (SMB 3) begin otherwise: what came before was all there is to see.
  if (signature !== SMB2) return PARSE_DONE;
  if (end - off < 68) return PARSE_MORE;
  const command = u16le(slice.buf, off + 12);
  const body = off + 64;
  if (command === NEGOTIATE) readNegotiate(state, slice, body, end, out);
  else if (command === SESSION_SETUP) readSetup(state, slice, off, body, end, out);
  else if (command === TREE_CONNECT) readTree(state, slice, off, body, end, out);
  return PARSE_MORE;
}

export const smb = defineDissector<SmbEvent, SmbState>()({
  name: "smb",
  label: "SMBv23",
  category: "System",
  transport: ["tcp"],
  ports: [445, 139],
  firstOctets: [],
  anomalies: ["bad-length"],
  source: "MS-SMB2 §2.2, MS-CIFS §2.2.4.52, RFC 1002 §4.3, MS-NLMP §2.2.1.3",
  probe: ({ buf, off, end }) => {
    let at = off;
    // On port 139 a NetBIOS session request comes before (RFC 1002 §4.3.2); other services may follow it too.
    if (u8(buf, at) === 0x81) {
      if (end - at < 5) return PROBE_MORE;
      // Two names of 34 octets, if they have no scope.
      if (u24(buf, at + 1) === 68 && u8(buf, at + 4) === 32) return PROBE_YES;
      at += 4 + u24(buf, at + 1);
    }
    if (at < end && u8(buf, at) !== 0) return PROBE_NO;
    if (end - at < 8) return PROBE_MORE;
    const signature = u32(buf, at + 4);
    return signature === SMB1 || signature === SMB2 ? PROBE_YES : PROBE_NO;
  },
  open: () => new SmbState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const { buf, off, end } = slice;
      if (end - off < 4) return 4 - (end - off);
      const length = u24(buf, off + 1);
      const next = off + 4 + length;
      if (u8(buf, off) === 0 && length <= MAX_WHOLE) {
        if (next > end) return next - end;
        if (++state.messages > MAX_MESSAGES) return PARSE_DONE;
        if (readMessage(state, slice, off + 4, next, out) === PARSE_DONE) return PARSE_DONE;
      } else if (u8(buf, off) !== 0 && (u8(buf, off) < 0x81 || u8(buf, off) > 0x85)) {
        out.anomaly("bad-length");
        return PARSE_DONE;
      } else if (u8(buf, off) === 0x81) out.label({ app: "NetBIOS." });
      slice.off = Math.min(next, end);
      if (next > end) out.skip(next - end);
    }
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    // The offer alone says that somebody looks for SMB 1.
    if (state.isOldOffer) {
      out.event({ kind: "negotiate", version: 1, dialect: "", offered: state.offered, isSigningRequired: false });
    }
    state.attempt.close("unknown", out);
  },
  eve: (event) => {
    if (event.kind === "negotiate") {
      const command = event.version === 1 ? "SMB1_COMMAND_NEGOTIATE_PROTOCOL" : "SMB2_COMMAND_NEGOTIATE_PROTOCOL";
      return {
        event_type: "smb",
        smb: { dialect: event.dialect || "unknown", command, client_dialects: event.offered },
      };
    }
    if (event.kind === "login") {
      return {
        event_type: "smb",
        smb: {
          command: "SMB2_COMMAND_SESSION_SETUP",
          status_code: `0x${event.status.toString(16)}`,
          ntlmssp: { domain: event.domain, user: event.user, host: event.host },
        },
      };
    }
    return {
      event_type: "smb",
      smb: { command: "SMB2_COMMAND_TREE_CONNECT", share: event.share, status_code: `0x${event.status.toString(16)}` },
    };
  },
});
