import { u8, u16, u32, u64 } from "../../core/bytes.ts";
import { defineDissector, type Output, PARSE_DONE, PARSE_MORE, PROBE_NO, type Slice } from "../define.ts";
import {
  closeNested,
  type FrameView,
  MAX_MESSAGE,
  takeBinary,
  takeMessage,
  tellWebsocket,
  type WebsocketEvent,
  type WebsocketSide,
  WebsocketState,
} from "../websocket-messages.ts";
import { mqtt } from "./mqtt.ts";

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;
const FIN = 0x80;
/** The first reserved bit of a message's first frame: it is packed (RFC 7692 §6). */
const PACKED = 0x40;
/** No extension that is used has these. */
const OTHER_RESERVED = 0x30;
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
  maxBuffered: MAX_MESSAGE + 64,
  anomalies: ["bad-opcode", "bad-control-frame", "bad-length"],
  source: "RFC 6455 §5, §7.4; RFC 7692; MQTT 5 §6; Home Assistant: developer documentation, WebSocket API",
  probe: () => PROBE_NO,
  open: (flow) => new WebsocketState(flow),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const code = frame(state, slice, out);
      if (code !== PARSE_MORE) return code;
    }
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    end(state, out);
  },
  eve: (event) => (event.mqtt === undefined ? null : (mqtt.eve?.(event.mqtt) ?? null)),
});

/** Nothing more will be read. */
function end(state: WebsocketState, out: Output<WebsocketEvent>, closeCode?: number): void {
  closeNested(state, out);
  tellWebsocket(state, "end", out, closeCode === undefined ? {} : { closeCode });
}

/** One frame: read whole when its content may be of use, else counted and passed over. */
function frame(state: WebsocketState, slice: Slice, out: Output<WebsocketEvent>): number {
  const { buf, off, end: stop } = slice;
  const have = stop - off;
  if (have < 2) return 2 - have;
  const first = u8(buf, off);
  const opcode = first & 15;
  const short = u8(buf, off + 1) & 0x7f;
  const isMasked = u8(buf, off + 1) >= 0x80;
  const header = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (isMasked ? 4 : 0);
  if (have < header) return header - have;
  const length = short === 126 ? u16(buf, off + 2) : short === 127 ? u64(buf, off + 2) : short;
  if (!Number.isSafeInteger(length)) return broken(state, "bad-length", out);
  if (opcode > PONG || (opcode > BINARY && opcode < CLOSE)) return broken(state, "bad-opcode", out);
  const view = state.frame;
  view.opcode = opcode;
  view.isMasked = isMasked;
  view.isLast = first >= FIN;
  view.header = header;
  view.length = length;
  if (opcode >= CLOSE) return control(state, slice, out);
  const side = isMasked ? state.fromClient : state.fromServer;
  view.isPacked = opcode === CONTINUATION ? side.isPacked : (first & PACKED) !== 0;
  const isBinary = (opcode === CONTINUATION ? side.opcode : opcode) === BINARY;
  return isBinary && !view.isPacked ? binary(state, side, slice, out) : message(state, side, slice, out);
}

/** The connection breaks the rules: what follows cannot be told into frames. */
function broken(state: WebsocketState, anomaly: string, out: Output<WebsocketEvent>): number {
  out.anomaly(anomaly);
  end(state, out);
  return PARSE_DONE;
}

/** Counts a frame, and begins its message when it is the first. */
function count(state: WebsocketState, side: WebsocketSide): void {
  const { opcode, length, isPacked } = state.frame;
  state.octets += length;
  if (opcode === CONTINUATION) return;
  side.drop();
  side.opcode = opcode;
  side.isPacked = isPacked;
  if (side.isPacked) state.packedMessages++;
  if (opcode === TEXT) state.textMessages++;
  else state.binaryMessages++;
}

/** A frame of a binary message that is not packed: what it carries is a stream, so frames and messages mean nothing to it. */
function binary(state: WebsocketState, side: WebsocketSide, slice: Slice, out: Output<WebsocketEvent>): number {
  const view = state.frame;
  const have = slice.end - slice.off;
  const fromClient = view.isMasked;
  const isFirst = view.opcode !== CONTINUATION;
  const isWanted =
    state.wantsBinary(fromClient) && (state.mqtt !== undefined || !isFirst || state.binaryMessages === 0);
  if (!isWanted) {
    count(state, side);
    return passOver(slice, view, out);
  }
  const seen = Math.min(view.length, MAX_MESSAGE);
  if (have < view.header + seen) return view.header + seen - have;
  count(state, side);
  if (seen > 0) {
    const octets = state.scratch(seen);
    unmask(slice, view, octets, 0, seen);
    takeBinary(state, fromClient, octets, seen, slice.atUs, out);
  }
  if (seen < view.length) state.mqtt?.lose(fromClient, view.length - seen);
  return passOver(slice, view, out);
}

/** A frame of a message that is read when it is whole: text, and whatever is packed. */
function message(state: WebsocketState, side: WebsocketSide, slice: Slice, out: Output<WebsocketEvent>): number {
  const { buf, off, end: stop } = slice;
  const view = state.frame;
  const { isPacked } = view;
  const isFirst = view.opcode !== CONTINUATION;
  const isText = (isFirst ? view.opcode : side.opcode) === TEXT;
  const isGathered = isFirst ? isOfUse(state, side, u8(buf, off), isText, isPacked) : side.isGathered;
  if (!isGathered || view.length > MAX_MESSAGE) {
    count(state, side);
    side.drop();
    if (isPacked) side.packed?.end();
    return passOver(slice, view, out);
  }
  if (stop - off < view.header + view.length) return view.header + view.length - (stop - off);
  count(state, side);
  side.isGathered = true;
  gather(state, side, slice);
  const isWhole = view.isLast && side.isGathered;
  passOver(slice, view, out);
  if (isWhole) takeMessage(state, side, isText, slice.atUs, out);
  return PARSE_MORE;
}

/** True while messages of this kind may tell something. */
function isOfUse(
  state: WebsocketState,
  side: WebsocketSide,
  first: number,
  isText: boolean,
  isPacked: boolean,
): boolean {
  if ((first & OTHER_RESERVED) !== 0 || (isPacked && side.packed?.isOver === true)) return false;
  return isText ? !state.isTextHopeless : state.wantsBinary(side === state.fromClient);
}

/** Puts a frame's payload, unmasked, behind what came before. Text that is no object of JSON is not kept. */
function gather(state: WebsocketState, side: WebsocketSide, slice: Slice): void {
  const view = state.frame;
  const isOther = side.length === 0 && view.length > 0 && !side.isPacked && firstOctet(slice, view) !== BRACE;
  const room = isOther ? undefined : side.room(view.length);
  if (room === undefined) {
    if (isOther) state.mining.doubtful++;
    side.drop();
    if (side.isPacked) side.packed?.end();
    return;
  }
  unmask(slice, view, room, side.length, view.length);
  side.length += view.length;
}

const firstOctet = ({ buf, off }: Slice, { header, isMasked }: FrameView): number =>
  u8(buf, off + header) ^ (isMasked ? u8(buf, off + header - 4) : 0);

/** Copies the first `octets` of a frame's payload to `to` from `at` on, without their mask (RFC 6455 §5.3). */
function unmask(
  { buf, off }: Slice,
  { header, isMasked }: FrameView,
  to: Uint8Array,
  at: number,
  octets: number,
): void {
  const body = off + header;
  const mask = isMasked ? u32(buf, body - 4) : 0;
  for (let i = 0; i < octets; i++) to[at + i] = u8(buf, body + i) ^ (mask >>> (24 - 8 * (i & 3)));
}

/** Moves on behind the frame, as far as it is there. */
function passOver(slice: Slice, { header, length }: FrameView, out: Output<WebsocketEvent>): number {
  const there = Math.min(length, slice.end - slice.off - header);
  slice.off += header + there;
  if (there < length) out.skip(length - there);
  return PARSE_MORE;
}

function control(state: WebsocketState, slice: Slice, out: Output<WebsocketEvent>): number {
  const { buf, off } = slice;
  const { opcode, header, length, isMasked, isLast } = state.frame;
  if (length > 125 || !isLast) return broken(state, "bad-control-frame", out);
  if (slice.end - off < header + length) return header + length - (slice.end - off);
  slice.off = off + header + length;
  if (opcode !== CLOSE) return PARSE_MORE;
  const mask = isMasked ? u32(buf, off + header - 4) >>> 16 : 0;
  end(state, out, length < 2 ? undefined : u16(buf, off + header) ^ mask);
  return PARSE_DONE;
}
