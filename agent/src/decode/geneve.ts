import { u8, u16 } from "../core/bytes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ether-type.ts";
import { enterFrame } from "./ethernet.ts";
import { holdsEthernet, holdsIpv4, holdsIpv6 } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured } from "./rest.ts";

export const GENEVE_PORT = 6081;

const HEADER = 8;

/**
 * Opens a Geneve datagram if it is one: version 0, reserved bits zero, and content of the type it says.
 *
 * Returns  the EtherType of the content, now the rest, or 0 with nothing changed.
 * Source   RFC 8926 §3.4: version (2 bits), length of options in words (6), O, C, reserved (6), protocol (16), network identifier (24), reserved (8).
 */
export function openGeneve(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return 0;
  const buf = view.buf;
  const off = view.payloadOff;
  if (u8(buf, off) >>> 6 !== 0 || (u8(buf, off + 1) & 0x3f) !== 0 || u8(buf, off + 7) !== 0) return 0;
  const length = HEADER + ((u8(buf, off) & 0x3f) << 2);
  const type = u16(buf, off + 2);
  if (!holds(view, type, length)) return 0;
  counters.geneve++;
  advance(view, length);
  return type === ETHERTYPE_BRIDGED ? enterFrame(view) : type;
}

function holds(view: PacketView, type: number, skip: number): boolean {
  switch (type) {
    case ETHERTYPE_BRIDGED:
      return holdsEthernet(view, skip);
    case ETHERTYPE_IPV4:
      return holdsIpv4(view, skip);
    case ETHERTYPE_IPV6:
      return holdsIpv6(view, skip);
    default:
      return false;
  }
}
