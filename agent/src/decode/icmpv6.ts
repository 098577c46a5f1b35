import { u8 } from "../core/bytes.ts";
import { DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

/** Four octets by RFC 4443 §2.1, but every message defined has four more before its body, as in ICMP for IPv4. */
const HEADER = 8;

/** Decodes the ICMPv6 header at the start of the rest; neighbour discovery targets and error packets begin the rest (RFC 4443 §2.1, RFC 4861 §4). */
export function decodeIcmpv6(view: PacketView, counters: DecodeCounters): DecodeCode {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  counters.icmpv6++;
  view.icmpType = u8(view.buf, view.payloadOff);
  view.icmpCode = u8(view.buf, view.payloadOff + 1);
  view.hasTransport = 1;
  advance(view, HEADER);
  return DECODE_OK;
}
