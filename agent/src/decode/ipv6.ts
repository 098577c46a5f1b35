import { i32, u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_VERSION, DECODE_OK, DECODE_TRUNCATED, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { forgetTransport } from "./forget.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 40;

/**
 * Decodes the fixed IPv6 header at the start of the rest and makes what follows the rest; extension headers are ipv6-extension.ts.
 *
 * Shape    `view` is rewritten in place: addresses, next header as protocol; fragment and transport fields are cleared.
 * Returns  DECODE_OK; DECODE_TRUNCATED (usable: Payload Length passes what was captured); DECODE_BAD_VERSION, DECODE_BAD_LENGTH or
 *          DECODE_HEADER_CUT (`view` untouched).
 * Why      A Payload Length of 0 is a jumbogram (RFC 2675) or a sender's own capture with segmentation offload: the frame's end counts then.
 * Source   RFC 8200 §3.
 */
export function decodeIpv6(view: PacketView, counters: DecodeCounters): DecodeCode {
  const available = captured(view);
  if (available < HEADER) return tooShort(view, HEADER);
  const buf = view.buf;
  const off = view.payloadOff;
  if (u8(buf, off) >>> 4 !== 6) return DECODE_BAD_VERSION;
  const payload = u16(buf, off + 4);
  const total = payload === 0 ? view.payloadWireLength : HEADER + payload;
  counters.ipv6++;
  view.ipVersion = 6;
  view.l3Off = off;
  view.src0 = i32(buf, off + 8);
  view.src1 = i32(buf, off + 12);
  view.src2 = i32(buf, off + 16);
  view.src3 = i32(buf, off + 20);
  view.dst0 = i32(buf, off + 24);
  view.dst1 = i32(buf, off + 28);
  view.dst2 = i32(buf, off + 32);
  view.dst3 = i32(buf, off + 36);
  view.ttl = u8(buf, off + 7);
  view.ipProto = u8(buf, off + 6);
  view.isFragment = 0;
  view.fragmentOffset = 0;
  view.moreFragments = 0;
  view.fragmentId = 0;
  view.l4Off = off + HEADER;
  limit(view, total);
  advance(view, HEADER);
  forgetTransport(view);
  return total > available ? DECODE_TRUNCATED : DECODE_OK;
}
