import { u16 } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 8;

/**
 * Decodes the UDP header at the start of the rest; the datagram's data become the rest, without what follows them in the IP packet.
 *
 * Returns  DECODE_OK; DECODE_BAD_LENGTH (Length below 8, or more than the IP packet holds: receivers drop it) or DECODE_HEADER_CUT, `view` untouched.
 * Source   RFC 768; RFC 2675 §4 (Length 0 in a jumbogram: up to the packet's end).
 */
export function decodeUdp(view: PacketView, counters: DecodeCounters): DecodeCode {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  const buf = view.buf;
  const off = view.payloadOff;
  const length = u16(buf, off + 4);
  if (length < HEADER ? length !== 0 || view.ipVersion !== 6 : length > view.payloadWireLength)
    return DECODE_BAD_LENGTH;
  counters.udp++;
  view.srcPort = u16(buf, off);
  view.dstPort = u16(buf, off + 2);
  view.hasTransport = 1;
  if (length !== 0) limit(view, length);
  advance(view, HEADER);
  return DECODE_OK;
}
