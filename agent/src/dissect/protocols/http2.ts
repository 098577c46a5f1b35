import { startsWithAscii, u8, u24, u32 } from "../../core/bytes.ts";
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
import { type HeaderBlock, Http2Connection, type Http2Side } from "../http2-connection.ts";
import { type Http2Event, http2Eve } from "../http2-event.ts";
import { probeBeginning } from "../signature.ts";

/** RFC 9113 §3.4. */
const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const FRAME_HEADER = 9;
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PUSH_PROMISE = 5;
const CONTINUATION = 9;
const END_STREAM = 0x1;
const ACK = 0x1;
const END_HEADERS = 0x4;
const PADDED = 0x8;
const PRIORITY = 0x20;
const PRIORITY_OCTETS = 5;
/** Octets of a SETTINGS frame's entry: identifier and value. */
const SETTING = 6;
const MOST_SETTING = 0x10;
/** Longest header block, octets as sent, in one frame or several: servers stop at 8 to 64 KiB. */
const MAX_BLOCK = 65_000;
/** Frames that go on with a block. A block of the greatest length needs four; more are sent to wear the receiver out (CERT VU#421644). */
const MAX_CONTINUATIONS = 32;
/** Go on in this slice; not a code of the interface. */
const NEXT = -3;

export const http2 = defineDissector<Http2Event, Http2Connection>()({
  name: "http2",
  label: "HTTP2",
  category: "Web",
  transport: ["tcp"],
  ports: [],
  firstOctets: [PREFACE.charCodeAt(0), 0],
  maxBuffered: FRAME_HEADER + MAX_BLOCK,
  anomalies: [
    "bad-preface",
    "bad-frame",
    "bad-request",
    "bad-header-block",
    "broken-header-block",
    "many-headers",
    "large-header-list",
    "continuation-flood",
    "many-streams",
    "rapid-reset",
    "many-refused",
    "bad-content-coding",
    "decompression-bomb",
  ],
  source: "RFC 9113, RFC 7541, RFC 8441; gRPC over HTTP2",
  probe,
  open: () => new Http2Connection(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const side = slice.toServer !== state.isReversed ? state.client : state.server;
      const code = side.left + side.padding > 0 ? data(state, side, slice, out) : begin(state, side, slice, out);
      if (code === PARSE_DONE || code === PARSE_BAD) state.finish(out);
      if (code !== NEXT) return code;
    }
    return PARSE_MORE;
  },
  gap(state, toServer, octets, out) {
    const side = toServer !== state.isReversed ? state.client : state.server;
    if (octets < side.left + side.padding) {
      state.lost(side);
      pass(state, side, octets);
      return PARSE_MORE;
    }
    // A header block may be lost, and with it what later ones refer to.
    state.finish(out);
    return PARSE_DONE;
  },
  close(state, _reason, out) {
    state.finish(out);
  },
  eve: http2Eve,
});

/** The client's preface; or, where only the server is heard, the SETTINGS with which it begins. */
function probe(slice: Slice): ProbeCode {
  const { buf, off, end } = slice;
  if (u8(buf, off) !== 0) return probeBeginning(slice, PREFACE);
  const have = end - off;
  for (let i = 0; i < Math.min(have, FRAME_HEADER + SETTING); i++)
    if (!fitsSettings(i, u8(buf, off + i))) return PROBE_NO;
  return have < FRAME_HEADER + SETTING ? PROBE_MORE : PROBE_YES;
}

/** True if the octet may stand at that place of a SETTINGS frame with one to sixteen entries, the first of which has a known identifier. */
function fitsSettings(at: number, octet: number): boolean {
  switch (at) {
    case 2:
      return octet > 0 && octet <= 16 * SETTING && octet % SETTING === 0;
    case 3:
      return octet === SETTINGS;
    case FRAME_HEADER + 1:
      return octet >= 1 && octet <= MOST_SETTING;
    default:
      return octet === 0 || at > FRAME_HEADER + 1;
  }
}

function begin(state: Http2Connection, side: Http2Side, slice: Slice, out: Output<Http2Event>): ParseCode {
  if (side.isBegun) return frame(state, side, slice, out);
  side.isBegun = true;
  const { buf, off, end } = slice;
  if (u8(buf, off) !== PREFACE.charCodeAt(0)) return NEXT;
  if (end - off < PREFACE.length) {
    side.isBegun = false;
    return PREFACE.length - (end - off);
  }
  if (!startsWithAscii(buf, off, end, PREFACE)) return broken("bad-preface", out);
  slice.off = off + PREFACE.length;
  if (side !== state.client) state.turn();
  return NEXT;
}

/** The connection breaks the rules: what follows cannot be told into frames. */
function broken(anomaly: string, out: Output<Http2Event>): ParseCode {
  out.anomaly(anomaly);
  return PARSE_DONE;
}

function frame(state: Http2Connection, side: Http2Side, slice: Slice, out: Output<Http2Event>): ParseCode {
  const { buf, off, end } = slice;
  const have = end - off;
  if (have < FRAME_HEADER) return FRAME_HEADER - have;
  const length = u24(buf, off);
  const type = u8(buf, off + 3);
  const flags = u8(buf, off + 4);
  const stream = u32(buf, off + 5) & 0x7fff_ffff;
  if (!side.hasSettings) {
    if (type !== SETTINGS || (flags & ACK) !== 0 || stream !== 0) return broken("bad-preface", out);
    side.hasSettings = true;
  }
  if (side.blockStream !== 0 && (type !== CONTINUATION || stream !== side.blockStream))
    return broken("broken-header-block", out);
  switch (type) {
    case DATA:
      return beginData(state, side, slice, length, flags, stream, out);
    case HEADERS:
    case PUSH_PROMISE:
    case CONTINUATION:
      if (length > MAX_BLOCK) return broken("large-header-list", out);
      if (stream === 0 || (type === CONTINUATION && side.blockStream === 0)) return broken("bad-frame", out);
      if (have < FRAME_HEADER + length) return FRAME_HEADER + length - have;
      slice.off = off + FRAME_HEADER + length;
      return fragment(state, side, buf, off, out);
    case RST_STREAM:
      if (length !== 4) return broken("bad-frame", out);
      if (have < FRAME_HEADER + 4) return FRAME_HEADER + 4 - have;
      slice.off = off + FRAME_HEADER + 4;
      state.reset(stream, side === state.client, u32(buf, off + FRAME_HEADER), out);
      return NEXT;
    case SETTINGS:
      if (stream !== 0 || length % SETTING !== 0) return broken("bad-frame", out);
  }
  return skipFrame(slice, FRAME_HEADER + length, out);
}

/** Passes over `octets` from here on. */
function skipFrame(slice: Slice, octets: number, out: Output<Http2Event>): ParseCode {
  const there = Math.min(octets, slice.end - slice.off);
  slice.off += there;
  if (there < octets) out.skip(octets - there);
  return NEXT;
}

/** HEADERS, PUSH_PROMISE or CONTINUATION, whole, at `off`. */
function fragment(
  state: Http2Connection,
  side: Http2Side,
  buf: Uint8Array,
  off: number,
  out: Output<Http2Event>,
): ParseCode {
  const type = u8(buf, off + 3);
  const flags = u8(buf, off + 4);
  let from = off + FRAME_HEADER;
  let to = from + u24(buf, off);
  if (type !== CONTINUATION) {
    if ((flags & PADDED) !== 0) to = from < to ? to - u8(buf, from++) : -1;
    if (type === HEADERS && (flags & PRIORITY) !== 0) from += PRIORITY_OCTETS;
    side.blockStream = u32(buf, off + 5) & 0x7fff_ffff;
    side.blockEndsStream = type === HEADERS && (flags & END_STREAM) !== 0;
    side.promise = 0;
    if (type === PUSH_PROMISE) {
      if (to - from < 4) return broken("bad-frame", out);
      side.promise = u32(buf, from) & 0x7fff_ffff;
      from += 4;
    }
    side.continuations = 0;
    if (from > to) return broken("bad-frame", out);
  } else if (++side.continuations > MAX_CONTINUATIONS) return broken("continuation-flood", out);
  const isLast = (flags & END_HEADERS) !== 0;
  if (isLast && side.blockLength === 0) return block(state, side, { buf, off: from, end: to }, out);
  if (!side.keepBlock(buf, from, to, MAX_BLOCK)) return broken("continuation-flood", out);
  return isLast ? block(state, side, { buf: side.block, off: 0, end: side.blockLength }, out) : NEXT;
}

/** A header block is whole. */
function block(state: Http2Connection, side: Http2Side, octets: HeaderBlock, out: Output<Http2Event>): ParseCode {
  const isClient = side === state.client;
  const isGood =
    side.promise === 0
      ? state.headers(side.blockStream, isClient, side.blockEndsStream, octets, out)
      : state.promised(side.promise, octets, out);
  side.dropBlock();
  return isGood ? NEXT : PARSE_DONE;
}

function beginData(
  state: Http2Connection,
  side: Http2Side,
  slice: Slice,
  length: number,
  flags: number,
  stream: number,
  out: Output<Http2Event>,
): ParseCode {
  const isPadded = (flags & PADDED) !== 0;
  const header = FRAME_HEADER + (isPadded ? 1 : 0);
  if (stream === 0 || (isPadded && length === 0)) return broken("bad-frame", out);
  const have = slice.end - slice.off;
  if (have < header) return header - have;
  const padding = isPadded ? u8(slice.buf, slice.off + FRAME_HEADER) : 0;
  const rest = length - (isPadded ? 1 : 0);
  if (padding > rest) return broken("bad-frame", out);
  slice.off += header;
  side.left = rest - padding;
  side.padding = padding;
  side.dataStream = stream;
  side.dataEndsStream = (flags & END_STREAM) !== 0;
  if (rest === 0) state.dataDone(side, out);
  return NEXT;
}

/** Counts octets of a body; those that nobody looks at are skipped, but for the last, which tells that the frame is whole. */
function data(state: Http2Connection, side: Http2Side, slice: Slice, out: Output<Http2Event>): ParseCode {
  const octets = Math.min(slice.end - slice.off, side.left + side.padding);
  const body = Math.min(octets, side.left);
  state.data(side, slice, body);
  side.left -= body;
  side.padding -= octets - body;
  slice.off += octets;
  const rest = side.left + side.padding;
  if (rest === 0) state.dataDone(side, out);
  else if (rest > 1 && !state.wantsData(side)) {
    out.skip(rest - 1);
    pass(state, side, rest - 1);
  }
  return NEXT;
}

/** Octets of the DATA frame at hand go by: of its body first, then of its padding. */
function pass(state: Http2Connection, side: Http2Side, octets: number): void {
  const body = Math.min(octets, side.left);
  state.count(side, body);
  side.left -= body;
  side.padding -= octets - body;
}
