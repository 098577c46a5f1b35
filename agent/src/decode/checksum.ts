/** Internet checksums (RFC 1071), for callers that want them: most captures of a host's own traffic have wrong ones, left to the network card. */
import { u8, u16, u32 } from "../core/bytes.ts";
import { IPPROTO_AH, IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP } from "./ip-proto.ts";
import type { PacketView } from "./packet-view.ts";

const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
const HOME_ADDRESS_OPTION = 0xc9;
const IPV6_HEADER = 40;

/** True if the checksum of the IPv4 header in the view is right (RFC 791 §3.1), or if the view is not IPv4. */
export function ipv4ChecksumOk(view: PacketView): boolean {
  if (view.ipVersion !== 4) return true;
  const header = (u8(view.buf, view.l3Off) & 0x0f) << 2;
  return fold(sum(view.buf, view.l3Off, view.l3Off + header, 0)) === 0xffff;
}

/**
 * True if the checksum of TCP, UDP, ICMP or ICMPv6 is right, or cannot be judged: no transport in the view, or not all of it captured. A UDP
 * checksum of 0 over IPv4 means that the sender made none; over IPv6 it is accepted too, for tunnels may leave it out (RFC 6935).
 *
 * Why      The pseudo header holds the final destination, which is in the Routing header while the packet is under way (RFC 8200 §8.1), and the
 *          home address instead of the care-of address (RFC 6275 §11.3.1).
 * Source   RFC 768, RFC 792, RFC 4443 §2.3, RFC 9293 §3.1.
 */
export function transportChecksumOk(view: PacketView): boolean {
  if (view.hasTransport === 0 || view.payloadWireLength > view.payloadEnd - view.payloadOff) return true;
  const buf = view.buf;
  const off = view.l4Off;
  const end = view.payloadEnd;
  let seed = 0;
  switch (view.ipProto) {
    case IPPROTO_ICMP:
      break;
    case IPPROTO_UDP:
      if (u16(buf, off + 6) === 0) return true;
      seed = pseudoHeader(view, end - off);
      break;
    case IPPROTO_TCP:
      if (off + ((u8(buf, off + 12) >>> 4) << 2) > end) return true;
      seed = pseudoHeader(view, end - off);
      break;
    case IPPROTO_ICMPV6:
      seed = pseudoHeader(view, end - off);
      break;
    default:
      return true;
  }
  return fold(sum(buf, off, end, seed)) === 0xffff;
}

function pseudoHeader(view: PacketView, length: number): number {
  const buf = view.buf;
  const off = view.l3Off;
  const lengthAndProtocol = length + view.ipProto;
  if (view.ipVersion === 4) return sum(buf, off + 12, off + 20, lengthAndProtocol);
  const firstExtension = off + IPV6_HEADER;
  let source = off + 8;
  let destination = off + 24;
  if (view.l4Off > firstExtension) {
    source = homeAddress(view, source);
    destination = finalDestination(view, destination);
  }
  return sum(buf, destination, destination + 16, sum(buf, source, source + 16, lengthAndProtocol));
}

/** Offset of the last address of a Routing header with segments left, else of `fallback`. */
function finalDestination(view: PacketView, fallback: number): number {
  const off = findExtension(view, ROUTING);
  if (off === 0 || u8(view.buf, off + 3) === 0) return fallback;
  const type = u8(view.buf, off + 2);
  const octets = (u8(view.buf, off + 1) + 1) << 3;
  // Segment routing (RFC 8754 §2) lists its segments backwards; the older types put the destination last.
  if (type === 4) return octets >= 24 ? off + 8 : fallback;
  return (type === 0 || type === 2) && octets >= 24 ? off + octets - 16 : fallback;
}

/** Offset of the address in a Home Address option, else of `fallback` (RFC 6275 §6.3). */
function homeAddress(view: PacketView, fallback: number): number {
  const off = findExtension(view, DESTINATION_OPTIONS);
  if (off === 0) return fallback;
  const end = off + ((u8(view.buf, off + 1) + 1) << 3);
  for (let at = off + 2; at + 2 <= end; ) {
    const option = u8(view.buf, at);
    if (option === 0) {
      at++;
      continue;
    }
    const octets = u8(view.buf, at + 1);
    if (option === HOME_ADDRESS_OPTION && octets === 16 && at + 18 <= end) return at + 2;
    at += 2 + octets;
  }
  return fallback;
}

/** Offset of the first extension header `wanted` before the transport, 0 if there is none. The decoder has checked all lengths. */
function findExtension(view: PacketView, wanted: number): number {
  const buf = view.buf;
  let next = u8(buf, view.l3Off + 6);
  let off = view.l3Off + IPV6_HEADER;
  while (off < view.l4Off) {
    if (next === wanted) return off;
    const octets =
      next === FRAGMENT ? 8 : next === IPPROTO_AH ? (u8(buf, off + 1) + 2) << 2 : (u8(buf, off + 1) + 1) << 3;
    next = u8(buf, off);
    off += octets;
  }
  return 0;
}

/** Both, of a packet or of a fragment, whose transport cannot be judged alone. */
export const checksumsOk = (view: PacketView): boolean =>
  ipv4ChecksumOk(view) && (view.isFragment === 1 || transportChecksumOk(view));

/** Sum of the 16-bit words of [off, end), an odd last octet padded with zero; 64 KiB of them stay far below 2^53. */
function sum(buf: Uint8Array, off: number, end: number, seed: number): number {
  let total = seed;
  let at = off;
  for (; at + 4 <= end; at += 4) total += u32(buf, at);
  if (at + 2 <= end) {
    total += u16(buf, at);
    at += 2;
  }
  if (at < end) total += u8(buf, at) << 8;
  return total;
}

/** The sum in ones' complement of 16 bits: carries added back until none is left. */
function fold(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return rest;
}
