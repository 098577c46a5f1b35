import { startsWithAscii, u32, u32le } from "../../core/bytes.ts";
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
import { LoginAttempt } from "../login-attempt.ts";

/** Android Debug Bridge over the network: who answered, and what was opened on it. */
export type AdbEvent =
  | {
      readonly kind: "connect" /** "device::ro.product.name=…;ro.product.model=…" */;
      readonly identity: string;
      readonly wasAuthenticated: boolean;
    }
  | {
      readonly kind: "open" /** "shell", "sync", "tcp", "exec" … */;
      readonly service: string /** First word of a shell command. */;
      readonly command: string;
    };

export class AdbState {
  readonly attempt = new LoginAttempt("adb");
  wasAsked = false;
  isTold = false;
  opened = 0;
}

const CNXN = 0x434e584e;
const AUTH = 0x41555448;
const OPEN = 0x4f50454e;
const STLS = 0x53544c53;
const HEADER = 24;
const MAX_DATA = 4096;
const MAX_OPENED = 32;

function readMessage(
  state: AdbState,
  command: number,
  slice: Slice,
  off: number,
  end: number,
  out: Output<AdbEvent>,
): void {
  if (command === AUTH) {
    state.wasAsked = true;
  } else if (command === CNXN && !slice.toServer && !state.isTold) {
    state.isTold = true;
    out.event({ kind: "connect", identity: sanitizeOctets(slice.buf, off, end), wasAuthenticated: state.wasAsked });
    if (state.wasAsked) state.attempt.hidden("");
    else state.attempt.nothing("");
    state.attempt.close("success", out);
  } else if (command === OPEN && slice.toServer && ++state.opened <= MAX_OPENED) {
    const text = sanitizeOctets(slice.buf, off, end, 512);
    const colon = text.indexOf(":");
    const service = colon < 0 ? text : text.slice(0, colon);
    const word = /^shell|^exec/.test(service)
      ? (text
          .slice(colon + 1)
          .trim()
          .split(/\s+/)[0] ?? "")
      : "";
    out.event({ kind: "open", service: service.slice(0, 32), command: word.slice(0, 64) });
  }
}

export const adb = defineDissector<AdbEvent, AdbState>()({
  name: "adb",
  label: "ADB",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [5555],
  firstOctets: [0x43, 0x41],
  anomalies: ["bad-magic"],
  source: "Android platform, packages/modules/adb protocol.txt",
  probe: ({ buf, off, end }) => {
    const have = end - off;
    const isConnect = startsWithAscii(buf, off, end, "CNXN".slice(0, Math.min(4, have)));
    const isAuth = startsWithAscii(buf, off, end, "AUTH".slice(0, Math.min(4, have)));
    if (!isConnect && !isAuth) return PROBE_NO;
    if (have < HEADER) return PROBE_MORE;
    // The magic is the command with all bits turned.
    return (u32(buf, off) ^ u32(buf, off + 20)) >>> 0 === 0xffffffff ? PROBE_YES : PROBE_NO;
  },
  open: () => new AdbState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const { buf, off, end } = slice;
      if (end - off < HEADER) return HEADER - (end - off);
      const command = u32(buf, off);
      if ((command ^ u32(buf, off + 20)) >>> 0 !== 0xffffffff) {
        out.anomaly("bad-magic");
        return PARSE_DONE;
      }
      // What follows is TLS inside, and asks for keys.
      if (command === STLS) return PARSE_DONE;
      const length = u32le(buf, off + 12);
      const next = off + HEADER + length;
      if (length <= MAX_DATA) {
        if (next > end) return next - end;
        readMessage(state, command, slice, off + HEADER, next, out);
      }
      slice.off = Math.min(next, end);
      if (next > end) out.skip(next - end);
    }
    return PARSE_MORE;
  },
  eve: () => null,
});
