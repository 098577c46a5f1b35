/**
 * Strict looks at what might be a packet in a tunnel. A UDP port proves nothing: a datagram is opened only if what is in it stands up by all
 * its lengths, so that other traffic on the port stays what it is. Nothing is changed.
 */
import { u8, u16 } from "../core/bytes.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_QINQ,
  ETHERTYPE_QINQ_OLD,
  ETHERTYPE_VLAN,
} from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const ETHERNET_HEADER = 14;
const VLAN_TAG = 4;
const ARP_ETHERNET_IPV4 = 28;

/** True if a whole IPv4 packet begins `skip` octets into the rest and ends within what was on the wire. */
export function holdsIpv4(view: PacketView, skip: number): boolean {
  const off = view.payloadOff + skip;
  if (view.payloadEnd - off < IPV4_HEADER) return false;
  const first = u8(view.buf, off);
  const header = (first & 0x0f) << 2;
  const total = u16(view.buf, off + 2);
  return first >>> 4 === 4 && header >= IPV4_HEADER && total >= header && total <= view.payloadWireLength - skip;
}

/** True if a whole IPv6 packet begins `skip` octets into the rest and ends within what was on the wire. */
export function holdsIpv6(view: PacketView, skip: number): boolean {
  const off = view.payloadOff + skip;
  if (view.payloadEnd - off < IPV6_HEADER) return false;
  const total = IPV6_HEADER + u16(view.buf, off + 4);
  return u8(view.buf, off) >>> 4 === 6 && total <= view.payloadWireLength - skip;
}

/** EtherType of the IP packet that begins `skip` octets into the rest, 0 if there is none. */
export function ipTypeAt(view: PacketView, skip: number): number {
  if (holdsIpv4(view, skip)) return ETHERTYPE_IPV4;
  return holdsIpv6(view, skip) ? ETHERTYPE_IPV6 : 0;
}

/** True if an Ethernet frame with IP or ARP in it, behind two VLAN tags at most, begins `skip` octets into the rest. */
export function holdsEthernet(view: PacketView, skip: number): boolean {
  let at = skip + ETHERNET_HEADER;
  for (let tags = 0; tags <= 2; tags++) {
    const off = view.payloadOff + at;
    if (off > view.payloadEnd) return false;
    switch (u16(view.buf, off - 2)) {
      case ETHERTYPE_IPV4:
        return holdsIpv4(view, at);
      case ETHERTYPE_IPV6:
        return holdsIpv6(view, at);
      case ETHERTYPE_ARP:
        return holdsArp(view, off);
      case ETHERTYPE_VLAN:
      case ETHERTYPE_QINQ:
      case ETHERTYPE_QINQ_OLD:
        at += VLAN_TAG;
        break;
      default:
        return false;
    }
  }
  return false;
}

/** Hardware type Ethernet, protocol IPv4, address lengths 6 and 4 (RFC 826). */
function holdsArp(view: PacketView, off: number): boolean {
  return (
    view.payloadEnd - off >= ARP_ETHERNET_IPV4 &&
    u16(view.buf, off) === 1 &&
    u16(view.buf, off + 2) === ETHERTYPE_IPV4 &&
    u16(view.buf, off + 4) === 0x0604
  );
}
