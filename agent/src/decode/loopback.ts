import { u32, u32le } from "../core/bytes.ts";
import { DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HEADER = 4;

/**
 * Decodes the BSD loopback header, four octets of address family: NULL in the byte order of the machine that captured (which need not be that
 * of the file), LOOP in network order. Families are small numbers, so the order tells itself.
 *
 * Source   LINKTYPE_NULL, LINKTYPE_LOOP (tcpdump.org).
 */
export function decodeLoopback(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  const big = u32(view.buf, view.payloadOff);
  const type = etherTypeOfFamily(big <= 0xffff ? big : u32le(view.buf, view.payloadOff));
  counters.null++;
  advance(view, HEADER);
  if (type === 0) {
    counters.unknown_ethertype++;
    return DECODE_UNSUPPORTED;
  }
  return type;
}

/** EtherType for an address family as any system numbers it; 0 for families other than IP. */
export function etherTypeOfFamily(family: number): number {
  switch (family) {
    case 2:
      return ETHERTYPE_IPV4;
    case 10: // Linux
    case 23: // Windows
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // Darwin
      return ETHERTYPE_IPV6;
    default:
      return 0;
  }
}
