import { u8, u16 } from "../core/bytes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_IPV6 } from "./ether-type.ts";
import { holdsIpv6 } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured } from "./rest.ts";

export const TEREDO_PORT = 3544;

const AUTHENTICATION = 0x0001;
const AUTHENTICATION_FIXED = 13;
const ORIGIN = 0x0000;
const ORIGIN_LENGTH = 8;
const IPV6_HEADER = 40;
const NO_NEXT_HEADER = 59;
const LINK_LOCAL = 0xfe80;

/**
 * Opens a Teredo datagram if it is one: an authentication header and an origin indication, each if there, and an IPv6 packet that fills the rest.
 *
 * Returns  ETHERTYPE_IPV6 with the packet as the rest, or 0 with nothing changed.
 * Why      Router solicitations, advertisements and bubbles are between the tunnel's ends: they stay datagrams, so that the tunnel itself is seen.
 * Source   RFC 4380 §5.1.1: authentication is type (2), client identifier length, value length, both, nonce (8), confirmation (1);
 *          origin is type (2), port, address. Trailers (RFC 6081) are allowed by ending behind the packet.
 */
export function openTeredo(view: PacketView, counters: DecodeCounters): number {
  const available = captured(view);
  const buf = view.buf;
  const off = view.payloadOff;
  let skip = 0;
  if (available >= AUTHENTICATION_FIXED && u16(buf, off) === AUTHENTICATION) {
    skip = AUTHENTICATION_FIXED + u8(buf, off + 2) + u8(buf, off + 3);
  }
  if (available >= skip + ORIGIN_LENGTH && u16(buf, off + skip) === ORIGIN) skip += ORIGIN_LENGTH;
  if (available < skip + IPV6_HEADER || !holdsIpv6(view, skip) || isUpkeep(buf, off + skip)) return 0;
  counters.teredo++;
  advance(view, skip);
  return ETHERTYPE_IPV6;
}

/** True for packets from a link-local address (qualification, RFC 4380 §5.2.1) and those with no next header (bubbles, §2.8). */
function isUpkeep(buf: Uint8Array, off: number): boolean {
  return u8(buf, off + 6) === NO_NEXT_HEADER || (u16(buf, off + 8) & 0xffc0) === LINK_LOCAL;
}
