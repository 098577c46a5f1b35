import { u16 } from "../core/bytes.ts";
import { DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HEADER = 12;

/** Decodes the SCTP common header (RFC 9260 §3.1); the chunks become the rest. */
export function decodeSctp(view: PacketView, counters: DecodeCounters): DecodeCode {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  counters.sctp++;
  view.srcPort = u16(view.buf, view.payloadOff);
  view.dstPort = u16(view.buf, view.payloadOff + 2);
  view.hasTransport = 1;
  advance(view, HEADER);
  return DECODE_OK;
}
