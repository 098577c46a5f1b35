import { u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_VERSION, DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_PPP } from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 6;
const VERSION_AND_TYPE = 0x11;

/**
 * Decodes a PPPoE session header: version and type, code, session, length. A PPP frame follows.
 *
 * Source   RFC 2516 §4 and §6 (code 0 in a session).
 */
export function decodePppoe(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  const buf = view.buf;
  const off = view.payloadOff;
  if (u8(buf, off) !== VERSION_AND_TYPE) return DECODE_BAD_VERSION;
  counters.pppoe++;
  const length = u16(buf, off + 4);
  advance(view, HEADER);
  limit(view, length);
  return u8(buf, off + 1) === 0 ? ETHERTYPE_PPP : DECODE_UNSUPPORTED;
}

/** PPPoE discovery: counted, not read. */
export function decodePppoeDiscovery(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  counters.pppoe++;
  return DECODE_UNSUPPORTED;
}
