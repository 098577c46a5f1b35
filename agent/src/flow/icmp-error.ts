import { i32, u8, u16 } from "../core/bytes.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from "./packet-batch.ts";

/** ICMP and ICMPv6 errors start with 8 octets; the packet that they are about follows (RFC 792, RFC 4443 §3). */
const ERROR_HEADER = 8;

/** True for an ICMP or ICMPv6 message that says a packet could not be delivered. */
export const isUnreachable = (view: PacketView): boolean =>
  (view.ipProto === PROTO_ICMP && view.icmpType === 3) || (view.ipProto === PROTO_ICMPV6 && view.icmpType === 1);

/**
 * Reads the start of the packet that an ICMP error is about into `inner`: addresses, protocol, ports, VLANs.
 * Returns false when it is cut, a later fragment, or neither TCP nor UDP.
 */
export function readInnerPacket(view: PacketView, inner: PacketView): boolean {
  const { buf, payloadEnd: end } = view;
  const off = view.l4Off + ERROR_HEADER;
  if (off + 20 > end) return false;
  const version = u8(buf, off) >>> 4;
  const transport = version === 4 ? readIpv4(buf, off, inner) : version === 6 ? readIpv6(buf, off, end, inner) : 0;
  if (transport === 0 || transport + 4 > end) return false;
  if (inner.ipProto !== PROTO_TCP && inner.ipProto !== PROTO_UDP) return false;
  inner.ipVersion = version;
  inner.srcPort = u16(buf, transport);
  inner.dstPort = u16(buf, transport + 2);
  inner.vlan0 = view.vlan0;
  inner.vlan1 = view.vlan1;
  return true;
}

/** Offset of the transport header, 0 when there is none. */
function readIpv4(buf: Uint8Array, off: number, inner: PacketView): number {
  const headerOctets = (u8(buf, off) & 15) * 4;
  if (headerOctets < 20 || (u16(buf, off + 6) & 0x1fff) !== 0) return 0;
  inner.ipProto = u8(buf, off + 9);
  inner.src0 = i32(buf, off + 12);
  inner.dst0 = i32(buf, off + 16);
  return off + headerOctets;
}

/** Extension headers are not followed: the errors of home devices are about plain UDP and TCP. */
function readIpv6(buf: Uint8Array, off: number, end: number, inner: PacketView): number {
  if (off + 40 > end) return 0;
  inner.ipProto = u8(buf, off + 6);
  inner.src0 = i32(buf, off + 8);
  inner.src1 = i32(buf, off + 12);
  inner.src2 = i32(buf, off + 16);
  inner.src3 = i32(buf, off + 20);
  inner.dst0 = i32(buf, off + 24);
  inner.dst1 = i32(buf, off + 28);
  inner.dst2 = i32(buf, off + 32);
  inner.dst3 = i32(buf, off + 36);
  return off + 40;
}
