import { u8 } from "../core/bytes.ts";
import { DECODE_BAD_HEADER, DECODE_OK, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import type { PacketView } from "./packet-view.ts";
import { captured, limit, tooShort } from "./rest.ts";

const FIXED = 8;

/**
 * Checks that an ARP packet is whole and cuts the padding off the rest, which then is the packet. Its addresses are read by who wants them.
 *
 * Source   RFC 826: hardware type, protocol type, lengths of either address, operation, then sender and target addresses.
 */
export function decodeArp(view: PacketView, counters: DecodeCounters): DecodeCode {
  if (captured(view) < FIXED) return tooShort(view, FIXED);
  const hardwareLength = u8(view.buf, view.payloadOff + 4);
  const protocolLength = u8(view.buf, view.payloadOff + 5);
  if (hardwareLength === 0 || protocolLength === 0) return DECODE_BAD_HEADER;
  const length = FIXED + 2 * hardwareLength + 2 * protocolLength;
  if (captured(view) < length) return tooShort(view, length);
  counters.arp++;
  limit(view, length);
  return DECODE_OK;
}
