import { u8, u16, u32, u64 } from "../../core/bytes.ts";
import { defineDissector, type Output, PARSE_DONE, PARSE_MORE, PROBE_NO, type Slice } from "../define.ts";
import { readJsonObject } from "../json-scan.ts";
import { MiningSession, type MiningStep, takeMiningMessage } from "../mining-session.ts";

/** What goes over a WebSocket: each step of a mining session, and a summary at the end. */
export interface WebsocketEvent {
  readonly phase: "mining" | "end";
  readonly textMessages: number;
  readonly binaryMessages: number;
  /** Payload octets of data frames, both directions. */
  readonly octets: number;
  /** RFC 6455 §7.4; absent when the connection ended without a Close frame or without a code in it. */
  readonly closeCode?: number;
  /** In the phase "mining": what a miner or its pool just said. */
  readonly mining?: MiningStep;
}

/** A text message that comes in pieces. */
class Fragments {
  readonly octets = new Uint8Array(MAX_TEXT);
  length = 0;
}

export class WebsocketState {
  readonly mining = new MiningSession();
  fromClient: Fragments | undefined = undefined;
  fromServer: Fragments | undefined = undefined;
  textMessages = 0;
  binaryMessages = 0;
  octets = 0;
}

/** Longest text looked into: jobs of miners have some hundred octets. */
const MAX_TEXT = 16_384;
const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;
const BRACE = 0x7b;

export const websocket = defineDissector<WebsocketEvent, WebsocketState>()({
  name: "websocket",
  // nDPI names the carrier: a WebSocket is an HTTP connection to the end.
  label: "HTTP",
  category: "Web",
  transport: ["tcp"],
  // Only ever handed on by HTTP.
  ports: [],
  firstOctets: [],
  maxBuffered: MAX_TEXT + 64,
  anomalies: ["bad-opcode", "bad-control-frame", "bad-length"],
  source: "RFC 6455 §5, §7.4",
  probe: () => PROBE_NO,
  open: () => new WebsocketState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const code = frame(state, slice, out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    tell(state, "end", out);
  },
  eve: () => null,
});

function tell(
  state: WebsocketState,
  phase: WebsocketEvent["phase"],
  out: Output<WebsocketEvent>,
  more: Pick<WebsocketEvent, "closeCode" | "mining"> = {},
): void {
  const { textMessages, binaryMessages, octets } = state;
  out.event({ phase, textMessages, binaryMessages, octets, ...more });
}

/** One frame: read whole when its text may be of use, else counted and passed over. */
function frame(state: WebsocketState, slice: Slice, out: Output<WebsocketEvent>): number {
  const { buf, off, end } = slice;
  const have = end - off;
  if (have < 2) return 2 - have;
  const opcode = u8(buf, off) & 15;
  const short = u8(buf, off + 1) & 0x7f;
  const isMasked = u8(buf, off + 1) >= 0x80;
  const header = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (isMasked ? 4 : 0);
  if (have < header) return header - have;
  const length = short === 126 ? u16(buf, off + 2) : short === 127 ? u64(buf, off + 2) : short;
  if (!Number.isSafeInteger(length)) return broken(state, "bad-length", out);
  if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) return broken(state, "bad-opcode", out);
  if (opcode >= CLOSE) return control(state, slice, opcode, header, length, out);
  if (isWanted(state, slice, opcode, isMasked) && length <= MAX_TEXT) {
    if (have < header + length) return header + length - have;
    slice.off = off + header + length;
    count(state, opcode, length);
    text(state, buf, off, header, length, isMasked, out);
    return PARSE_MORE;
  }
  const side = isMasked ? "fromClient" : "fromServer";
  if (opcode !== CONTINUATION || length > MAX_TEXT) state[side] = undefined;
  count(state, opcode, length);
  const there = Math.min(length, have - header);
  slice.off = off + header + there;
  if (there < length) out.skip(length - there);
  return PARSE_MORE;
}

/** The connection breaks the rules: what follows cannot be told into frames. */
function broken(state: WebsocketState, anomaly: string, out: Output<WebsocketEvent>): number {
  out.anomaly(anomaly);
  tell(state, "end", out);
  return PARSE_DONE;
}

function count(state: WebsocketState, opcode: number, length: number): void {
  state.octets += length;
  if (opcode === TEXT) state.textMessages++;
  else if (opcode === BINARY) state.binaryMessages++;
}

/** Text, while it may be a miner's; not compressed (RFC 7692 sets the first reserved bit). */
function isWanted(state: WebsocketState, slice: Slice, opcode: number, isMasked: boolean): boolean {
  if (!state.mining.isMining && state.mining.isHopeless) return false;
  if (opcode === CONTINUATION) return (isMasked ? state.fromClient : state.fromServer) !== undefined;
  return opcode === TEXT && (u8(slice.buf, slice.off) & 0x70) === 0;
}

/** Puts a frame's text, unmasked, behind what came before, and reads the message when it is whole. */
function text(
  state: WebsocketState,
  buf: Uint8Array,
  off: number,
  header: number,
  length: number,
  isMasked: boolean,
  out: Output<WebsocketEvent>,
): void {
  const side = isMasked ? "fromClient" : "fromServer";
  const isLast = (u8(buf, off) & 0x80) !== 0;
  const isFirst = (u8(buf, off) & 15) === TEXT;
  const body = off + header;
  const mask = isMasked ? u32(buf, body - 4) : 0;
  const known = isFirst ? undefined : state[side];
  const first = length === 0 ? 0 : u8(buf, body) ^ (mask >>> 24);
  // Only JSON objects are read; the rest of a message of another kind is not kept.
  if (known === undefined && first !== BRACE) {
    state[side] = undefined;
    state.mining.doubtful++;
    return;
  }
  const kept = known ?? new Fragments();
  state[side] = isLast ? undefined : kept;
  if (kept.length + length > MAX_TEXT) {
    state[side] = undefined;
    return;
  }
  for (let i = 0; i < length; i++) kept.octets[kept.length + i] = u8(buf, body + i) ^ (mask >>> (24 - 8 * (i & 3)));
  kept.length += length;
  if (!isLast) return;
  const message = readJsonObject(kept.octets, 0, kept.length);
  if (message === undefined) state.mining.doubtful++;
  else
    takeMiningMessage(state.mining, message, isMasked, {
      event: (mining) => tell(state, "mining", out, { mining }),
      label: (label) => out.label(label),
    });
}

function control(
  state: WebsocketState,
  slice: Slice,
  opcode: number,
  header: number,
  length: number,
  out: Output<WebsocketEvent>,
): number {
  const { buf, off, end } = slice;
  if (length > 125 || (u8(buf, off) & 0x80) === 0) return broken(state, "bad-control-frame", out);
  if (end - off < header + length) return header + length - (end - off);
  slice.off = off + header + length;
  if (opcode !== CLOSE) return PARSE_MORE;
  const mask = u8(buf, off + 1) >= 0x80 ? u32(buf, off + header - 4) >>> 16 : 0;
  tell(state, "end", out, length < 2 ? {} : { closeCode: u16(buf, off + header) ^ mask });
  return PARSE_DONE;
}
