import { startsWithAscii, u8, u32 } from "../../core/bytes.ts";
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
import { LINE_LONG, LINE_NONE, LineReader } from "../line-reader.ts";
import { SshAuth } from "../ssh-auth.ts";
import { type Hassh, hassh, readKeyExchange } from "../ssh-key-exchange.ts";

/** What one side said of itself before encryption. */
export interface SshParty {
  /** "2.0", "1.99", "1.5". */
  readonly protoVersion: string;
  /** "OpenSSH_9.6p1". */
  readonly software: string;
  /** "Ubuntu-3ubuntu13" ; empty when there is none. */
  readonly comments: string;
  readonly hassh?: Hassh;
}

/**
 * `handshake`: both sides have named themselves (or the flow ended before; then the silent side is absent).
 * `auth`: the outcome of the log-in as judged from sizes; the `login` event beside it is for those who look at logins in general.
 */
export type SshEvent =
  | { readonly kind: "handshake"; readonly client?: SshParty; readonly server?: SshParty }
  | {
      readonly kind: "auth";
      readonly outcome: "success" | "failure";
      /** Refused answers; the "none" probe, with which most clients begin, included. */
      readonly failures: number;
    };

/** One direction. */
export class SshSide {
  readonly lines = new LineReader(MAX_LINE);
  phase: "banner" | "packets" | "encrypted" = "banner";
  linesBefore = 0;
  party: SshParty | undefined;
  hasKeyExchange = false;
}

export class SshState {
  readonly client = new SshSide();
  readonly server = new SshSide();
  readonly auth = new SshAuth();
  isTold = false;
  isVersion1 = false;
}

/** RFC 4253 §4.2: 255 octets with CR LF. Lines that servers send before it may be longer, hence more. */
const MAX_LINE = 1024;
/** Lines a server may send before its version (RFC 4253 §4.2 sets no limit). */
const MAX_LINES_BEFORE = 32;
/** RFC 4253 §6.1: implementations must take 35,000 octets; no more is credible before encryption. */
const MAX_PACKET = 35_000;
const KEXINIT = 20;
const NEWKEYS = 21;

function readBanner(buf: Uint8Array, off: number, end: number): SshParty | undefined {
  const text = sanitizeOctets(buf, off, end, MAX_LINE);
  const match = /^SSH-([^-\s]{1,16})-([^ ]*)(?: (.*))?$/.exec(text);
  if (!match) return undefined;
  const cut = (part: string | undefined): string => (part ?? "").slice(0, 256);
  return { protoVersion: cut(match[1]), software: cut(match[2]), comments: cut(match[3]) };
}

/** Says what is known of both sides, once. */
function tellHandshake(state: SshState, out: Output<SshEvent>): void {
  if (state.isTold) return;
  const client = state.client.party;
  const server = state.server.party;
  if (client === undefined && server === undefined) return;
  state.isTold = true;
  out.event({ kind: "handshake", ...(client && { client }), ...(server && { server }) });
}

function tellOutcome(state: SshState, outcome: "success" | "failure", out: Output<SshEvent>): void {
  out.event({ kind: "auth", outcome, failures: state.auth.failures });
  out.login({ service: "ssh", user: "", outcome, isDefault: false, isEmpty: false, isClearText: false });
}

function parseBanner(state: SshState, side: SshSide, slice: Slice, out: Output<SshEvent>): number {
  const code = side.lines.next(slice);
  if (code === LINE_NONE) return slice.off < slice.end ? 1 : PARSE_MORE;
  const { start, end } = side.lines;
  if (code === LINE_LONG || !startsWithAscii(slice.buf, start, end, "SSH-")) {
    // Only a server may speak before its version.
    if (slice.toServer || ++side.linesBefore > MAX_LINES_BEFORE) return PARSE_BAD;
    return PARSE_MORE;
  }
  side.party = readBanner(slice.buf, start, end);
  if (side.party === undefined) {
    out.anomaly("bad-banner");
    return PARSE_BAD;
  }
  side.phase = "packets";
  if (side.party.protoVersion.startsWith("1.") && side.party.protoVersion !== "1.99") {
    // Protocol 1 has other packets; its use is all there is to know, once the other side has spoken too.
    out.anomaly("version-1");
    state.isVersion1 = true;
  }
  return PARSE_MORE;
}

function parsePacket(side: SshSide, slice: Slice, out: Output<SshEvent>): number {
  const { buf, off, end } = slice;
  if (end - off < 6) return 6 - (end - off);
  const length = u32(buf, off);
  if (length < 5 || length > MAX_PACKET) {
    out.anomaly("bad-packet-length");
    return PARSE_DONE;
  }
  const next = off + 4 + length;
  const type = u8(buf, off + 5);
  if (type !== KEXINIT || side.hasKeyExchange) {
    if (type === NEWKEYS) side.phase = "encrypted";
    slice.off = Math.min(next, end);
    if (next > end) out.skip(next - end);
    return PARSE_MORE;
  }
  if (next > end) return next - end;
  const padding = u8(buf, off + 4);
  const lists = readKeyExchange(buf, off + 6, Math.max(off + 6, next - padding));
  if (lists === undefined) out.anomaly("bad-key-exchange");
  else if (side.party) side.party = { ...side.party, hassh: hassh(lists, slice.toServer) };
  side.hasKeyExchange = true;
  slice.off = next;
  return PARSE_MORE;
}

function parseEncrypted(state: SshState, slice: Slice, out: Output<SshEvent>): number {
  const octets = slice.end - slice.off;
  slice.off = slice.end;
  tellHandshake(state, out);
  if (state.client.phase !== "encrypted" || state.server.phase !== "encrypted") return PARSE_MORE;
  const isSuccess = slice.toServer ? state.auth.fromClient() : state.auth.fromServer(octets);
  if (!isSuccess) return PARSE_MORE;
  tellOutcome(state, "success", out);
  return PARSE_DONE;
}

export const ssh = defineDissector<SshEvent, SshState>()({
  name: "ssh",
  label: "SSH",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [22, 2222, 830],
  firstOctets: [0x53],
  maxBuffered: 40_000,
  anomalies: ["bad-banner", "bad-packet-length", "bad-key-exchange", "version-1"],
  source: "RFC 4253 §4.2, §6, §7.1; RFC 4252; HASSH: github.com/salesforce/hassh",
  probe: ({ buf, off, end }) => {
    const wanted = "SSH-";
    if (startsWithAscii(buf, off, end, wanted)) return PROBE_YES;
    return end - off < wanted.length && startsWithAscii(buf, off, end, wanted.slice(0, end - off))
      ? PROBE_MORE
      : PROBE_NO;
  },
  open: () => new SshState(),
  parse(state, slice, out) {
    const side = slice.toServer ? state.client : state.server;
    while (slice.off < slice.end) {
      const before = slice.off;
      let code: number;
      if (side.phase === "banner") code = parseBanner(state, side, slice, out);
      else if (side.phase === "packets") code = parsePacket(side, slice, out);
      else code = parseEncrypted(state, slice, out);
      if (code !== PARSE_MORE) return code;
      if (state.isVersion1 && state.client.party && state.server.party) {
        tellHandshake(state, out);
        return PARSE_DONE;
      }
      if (state.client.hasKeyExchange && state.server.hasKeyExchange) tellHandshake(state, out);
      if (slice.off === before) return 1;
    }
    return PARSE_MORE;
  },
  gap: (state, toServer, octets, out) => {
    const side = toServer ? state.client : state.server;
    if (side.phase !== "encrypted") {
      tellHandshake(state, out);
      return PARSE_DONE;
    }
    if (toServer || !state.auth.fromServer(octets)) return PARSE_MORE;
    tellOutcome(state, "success", out);
    return PARSE_DONE;
  },
  close(state, reason, out) {
    tellHandshake(state, out);
    const outcome = state.auth.atEnd();
    // Evicted or stopped while nothing was refused: the session may well go on.
    if (outcome === "unknown" || (reason !== "closed" && reason !== "timeout" && state.auth.failures === 0)) return;
    tellOutcome(state, outcome, out);
  },
  eve: (event) => {
    if (event.kind !== "handshake") return null;
    const side = (party: SshParty | undefined) =>
      party && {
        proto_version: party.protoVersion,
        software_version: party.software,
        ...(party.hassh && { hassh: party.hassh }),
      };
    return {
      event_type: "ssh",
      ssh: { ...(event.client && { client: side(event.client) }), ...(event.server && { server: side(event.server) }) },
    };
  },
});
