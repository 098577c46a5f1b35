import { startsWithAscii, u8, u16, u32 } from "../../core/bytes.ts";
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

/** A VNC session as far as it can be followed: up to the desktop's name, or to where encryption or refusal ends it. */
export interface RfbEvent {
  /** "003.008" */
  readonly serverVersion: string;
  readonly clientVersion: string;
  /** RFC 6143 §7.1.2: 1 none, 2 VNC authentication, 5 RA2, 16 Tight, 18 TLS, 19 VeNCrypt, 30 Apple …; 0 when none was agreed. */
  readonly securityType: number;
  readonly result: "ok" | "failed" | "unknown";
  readonly width?: number;
  readonly height?: number;
  readonly desktop?: string;
}

type Phase = "version" | "security" | "choice" | "challenge" | "response" | "result" | "client-init" | "server-init";

export class RfbState {
  readonly attempt = new LoginAttempt("vnc");
  phase: Phase = "version";
  serverVersion = "";
  clientVersion = "";
  minor = 8;
  securityType = 0;
  result: RfbEvent["result"] = "unknown";
  isTold = false;
}

const NONE = 1;
const VNC = 2;
const MAX_NAME = 1024;

function tell(state: RfbState, out: Output<RfbEvent>, more: Pick<RfbEvent, "width" | "height" | "desktop"> = {}): void {
  if (state.isTold) return;
  state.isTold = true;
  const { serverVersion, clientVersion, securityType, result } = state;
  out.event({ serverVersion, clientVersion, securityType, result, ...more });
}

function accept(state: RfbState, out: Output<RfbEvent>): void {
  state.result = "ok";
  state.attempt.close("success", out);
  state.phase = "client-init";
}

/** The security type is agreed. False = what follows cannot be followed. */
function choose(state: RfbState, type: number, out: Output<RfbEvent>): boolean {
  state.securityType = type;
  if (type === NONE) {
    state.attempt.nothing("");
    // Before 3.8 no result follows (RFC 6143 §7.2.1).
    if (state.minor >= 8) state.phase = "result";
    else accept(state, out);
    return true;
  }
  state.attempt.hidden("");
  state.phase = "challenge";
  return type === VNC;
}

function readVersion(state: RfbState, slice: Slice): number {
  const { buf, off, end } = slice;
  if (end - off < 12) return 12 - (end - off);
  if (!startsWithAscii(buf, off, end, "RFB ") || u8(buf, off + 11) !== 0x0a) return PARSE_BAD;
  const version = sanitizeOctets(buf, off + 4, off + 11);
  slice.off = off + 12;
  if (!slice.toServer) {
    state.serverVersion = version;
    return PARSE_MORE;
  }
  state.clientVersion = version;
  state.minor = Number(version.slice(4)) || 8;
  state.phase = "security";
  return PARSE_MORE;
}

function readSecurity(state: RfbState, slice: Slice, out: Output<RfbEvent>): number {
  const { buf, off, end } = slice;
  if (state.minor < 7) {
    // 3.3: the server decides.
    if (end - off < 4) return 4 - (end - off);
    const type = u32(buf, off);
    slice.off = off + 4;
    if (type === 0) state.result = "failed";
    return type !== 0 && type < 256 && choose(state, type, out) ? PARSE_MORE : PARSE_DONE;
  }
  const count = u8(buf, off);
  if (count === 0) {
    state.result = "failed";
    return PARSE_DONE;
  }
  if (end - off < 1 + count) return 1 + count - (end - off);
  slice.off = off + 1 + count;
  state.phase = "choice";
  return PARSE_MORE;
}

function readServerInit(state: RfbState, slice: Slice, out: Output<RfbEvent>): number {
  const { buf, off, end } = slice;
  if (end - off < 24) return 24 - (end - off);
  const length = u32(buf, off + 20);
  const size = { width: u16(buf, off), height: u16(buf, off + 2) };
  if (length > MAX_NAME) {
    tell(state, out, size);
    return PARSE_DONE;
  }
  if (end - off < 24 + length) return 24 + length - (end - off);
  tell(state, out, { ...size, desktop: sanitizeOctets(buf, off + 24, off + 24 + length) });
  return PARSE_DONE;
}

function step(state: RfbState, slice: Slice, out: Output<RfbEvent>): number {
  const have = slice.end - slice.off;
  if (state.phase === "version") return readVersion(state, slice);
  if (slice.toServer) {
    if (state.phase === "choice") {
      slice.off++;
      return choose(state, u8(slice.buf, slice.off - 1), out) ? PARSE_MORE : PARSE_DONE;
    }
    if (state.phase === "response") {
      if (have < 16) return 16 - have;
      slice.off += 16;
      state.phase = "result";
      return PARSE_MORE;
    }
    if (state.phase === "client-init") {
      slice.off++;
      state.phase = "server-init";
      return PARSE_MORE;
    }
    // Out of turn: nothing to learn from it.
    slice.off = slice.end;
    return PARSE_MORE;
  }
  switch (state.phase) {
    case "security":
      return readSecurity(state, slice, out);
    case "challenge":
      if (have < 16) return 16 - have;
      slice.off += 16;
      state.phase = "response";
      return PARSE_MORE;
    case "result": {
      if (have < 4) return 4 - have;
      const isGood = u32(slice.buf, slice.off) === 0;
      slice.off += 4;
      if (isGood) {
        accept(state, out);
        return PARSE_MORE;
      }
      state.result = "failed";
      state.attempt.close("failure", out);
      return PARSE_DONE;
    }
    case "server-init":
      return readServerInit(state, slice, out);
    default:
      slice.off = slice.end;
      return PARSE_MORE;
  }
}

export const rfb = defineDissector<RfbEvent, RfbState>()({
  name: "rfb",
  label: "VNC",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [5900, 5901],
  firstOctets: [0x52],
  anomalies: [],
  source: "RFC 6143 §7.1, §7.2, §7.3",
  probe: ({ buf, off, end }) => {
    const length = Math.min(4, end - off);
    if (!startsWithAscii(buf, off, end, "RFB ".slice(0, length))) return PROBE_NO;
    return length === 4 ? PROBE_YES : PROBE_MORE;
  },
  open: () => new RfbState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const code = step(state, slice, out);
      if (code === PARSE_DONE) tell(state, out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
    if (state.serverVersion !== "" || state.clientVersion !== "") tell(state, out);
  },
  eve: (event) => {
    const version = (text: string) => ({ major: text.slice(0, 3), minor: text.slice(4) });
    return {
      event_type: "rfb",
      rfb: {
        server_protocol_version: version(event.serverVersion),
        client_protocol_version: version(event.clientVersion),
        authentication: {
          security_type: event.securityType,
          ...(event.result !== "unknown" && { security_result: event.result === "ok" ? "OK" : "FAIL" }),
        },
        ...(event.width !== undefined && {
          framebuffer: { width: event.width, height: event.height, name: event.desktop ?? "" },
        }),
      },
    };
  },
});
