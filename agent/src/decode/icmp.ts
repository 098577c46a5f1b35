import { u8 } from "../core/bytes.ts";
import { DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HEADER = 8;

/**
 * Decodes the ICMP header at the start of the rest. The eight octets that every message has are the header; the rest begins behind them
 * (echo data, the packet an error is about).
 *
 * Source   RFC 792.
 */
export function decodeIcmp(view: PacketView, counters: DecodeCounters): DecodeCode {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  counters.icmpv4++;
  view.icmpType = u8(view.buf, view.payloadOff);
  view.icmpCode = u8(view.buf, view.payloadOff + 1);
  view.hasTransport = 1;
  advance(view, HEADER);
  return DECODE_OK;
}
