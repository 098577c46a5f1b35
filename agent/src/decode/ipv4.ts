import { i32, u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_BAD_VERSION, DECODE_OK, DECODE_TRUNCATED, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { forgetTransport } from "./forget.ts";
import type { PacketView } from "./packet-view.ts";
import { tooShort } from "./rest.ts";

const MIN_HEADER = 20;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

/**
 * Decodes the IPv4 header at the start of the rest and makes its payload the rest.
 *
 * Shape    `view` is rewritten in place: addresses, protocol, fragment fields; transport fields are cleared.
 * Returns  DECODE_OK; DECODE_TRUNCATED (usable: Total Length passes what was captured); DECODE_BAD_VERSION, DECODE_BAD_LENGTH or
 *          DECODE_HEADER_CUT (`view` untouched). Never throws, never allocates.
 * Why      The payload ends at Total Length, not at the frame's end: short Ethernet frames are padded (RFC 894), and padding is not data.
 *          A Total Length of 0 is what a sender with segmentation offload shows its own capture: the frame's end counts then.
 * Source   RFC 791 §3.1 (header); RFC 1122 §3.2.1.1 (other versions are silently dropped). Options are skipped, not read.
 */
export function decodeIpv4(view: PacketView, counters: DecodeCounters): DecodeCode {
  const off = view.payloadOff;
  const available = view.payloadEnd - off;
  if (available < MIN_HEADER) return tooShort(view, MIN_HEADER);
  const buf = view.buf;
  const wire = view.payloadWireLength;
  const first = u8(buf, off);
  if (first >>> 4 !== 4) return DECODE_BAD_VERSION;
  const header = (first & 0x0f) << 2;
  const total = u16(buf, off + 2) || wire;
  if (header < MIN_HEADER || total < header) return DECODE_BAD_LENGTH;
  if (header > available) return tooShort(view, header);
  counters.ipv4++;
  view.ipVersion = 4;
  view.l3Off = off;
  view.src0 = i32(buf, off + 12);
  view.src1 = 0;
  view.src2 = 0;
  view.src3 = 0;
  view.dst0 = i32(buf, off + 16);
  view.dst1 = 0;
  view.dst2 = 0;
  view.dst3 = 0;
  view.ttl = u8(buf, off + 8);
  view.ipProto = u8(buf, off + 9);
  const fragment = u16(buf, off + 6);
  view.fragmentId = u16(buf, off + 4);
  view.moreFragments = (fragment & MORE_FRAGMENTS) >>> 13;
  view.fragmentOffset = (fragment & OFFSET_MASK) << 3;
  view.isFragment = (fragment & (MORE_FRAGMENTS | OFFSET_MASK)) === 0 ? 0 : 1;
  view.l4Off = off + header;
  view.payloadOff = off + header;
  view.payloadWireLength = Math.min(total, wire) - header;
  if (total < available) view.payloadEnd = off + total;
  forgetTransport(view);
  return total > available ? DECODE_TRUNCATED : DECODE_OK;
}
