import { DECODE_OK, DECODE_TOO_DEEP } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_NONE } from "./ether-type.ts";
import { GENEVE_PORT, openGeneve } from "./geneve.ts";
import { decodeGre } from "./gre.ts";
import { GTP_USER_PORT, openGtpUser } from "./gtp.ts";
import { decodeIcmp } from "./icmp.ts";
import { decodeIcmpv6 } from "./icmpv6.ts";
import {
  IPPROTO_AH,
  IPPROTO_ESP,
  IPPROTO_GRE,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IPV4,
  IPPROTO_IPV6,
  IPPROTO_SCTP,
  IPPROTO_TCP,
  IPPROTO_UDP,
} from "./ip-proto.ts";
import { decodeAuthentication } from "./ipv6-extension.ts";
import type { PacketView } from "./packet-view.ts";
import { decodeSctp } from "./sctp.ts";
import { decodeTcp } from "./tcp.ts";
import { openTeredo, TEREDO_PORT } from "./teredo.ts";
import { decodeUdp } from "./udp.ts";
import { openVxlan, VXLAN_PORT, VXLAN_PORT_OLD } from "./vxlan.ts";

/** Tunnels in tunnels that are opened. A home has one or two; more is someone trying to hide, or to make us work. */
const MAX_TUNNELS = 4;
/** Authentication Headers skipped in one IPv4 packet: one by RFC 4302, two when a gateway adds its own. */
const MAX_AUTHENTICATIONS = 2;

/**
 * Decodes the header that `view.ipProto` names at the start of the rest. Protocols that are not read (IGMP, ESP, OSPF) are no error: the rest is
 * theirs and `hasTransport` stays 0.
 *
 * Returns  0 when that is all; the EtherType of a tunnel's content, which then is the rest; or a negative DecodeCode.
 */
export function decodeTransport(view: PacketView, counters: DecodeCounters): number {
  switch (view.ipProto) {
    case IPPROTO_TCP:
      return decodeTcp(view, counters);
    case IPPROTO_UDP: {
      const code = decodeUdp(view, counters);
      return code < DECODE_OK ? code : openDatagram(view, counters);
    }
    case IPPROTO_ICMP:
      return view.ipVersion === 4 ? decodeIcmp(view, counters) : ETHERTYPE_NONE;
    case IPPROTO_ICMPV6:
      return view.ipVersion === 6 ? decodeIcmpv6(view, counters) : ETHERTYPE_NONE;
    case IPPROTO_SCTP:
      return decodeSctp(view, counters);
    case IPPROTO_ESP:
      counters.esp++;
      return ETHERTYPE_NONE;
    case IPPROTO_GRE:
    case IPPROTO_IPV4:
    case IPPROTO_IPV6:
      return openTunnel(view, counters);
    case IPPROTO_AH:
      return view.ipVersion === 4 ? decodeBehindAuthentication(view, counters) : ETHERTYPE_NONE;
    default:
      return ETHERTYPE_NONE;
  }
}

function decodeBehindAuthentication(view: PacketView, counters: DecodeCounters): number {
  for (let i = 0; i < MAX_AUTHENTICATIONS && view.ipProto === IPPROTO_AH; i++) {
    const code = decodeAuthentication(view);
    if (code < DECODE_OK) return code;
  }
  return view.ipProto === IPPROTO_AH ? DECODE_TOO_DEEP : decodeTransport(view, counters);
}

/** Protocols that are tunnels by their number. */
function openTunnel(view: PacketView, counters: DecodeCounters): number {
  if (view.tunnelDepth >= MAX_TUNNELS) {
    counters.too_many_tunnels++;
    return DECODE_TOO_DEEP;
  }
  if (view.ipProto === IPPROTO_GRE) {
    const next = decodeGre(view, counters);
    if (next > ETHERTYPE_NONE) view.tunnelDepth++;
    return next;
  }
  view.tunnelDepth++;
  if (view.ipProto === IPPROTO_IPV4) {
    if (view.ipVersion === 4) counters.ipv4_in_ipv4++;
    else counters.ipv4_in_ipv6++;
    return ETHERTYPE_IPV4;
  }
  if (view.ipVersion === 4) counters.ipv6_in_ipv4++;
  else counters.ipv6_in_ipv6++;
  return ETHERTYPE_IPV6;
}

/** Tunnels over UDP, suggested by the port and opened only if the content proves it; else 0, and the datagram stays what it is. */
function openDatagram(view: PacketView, counters: DecodeCounters): number {
  const { srcPort, dstPort } = view;
  // Most datagrams leave here: the ports of all tunnels lie in between.
  if ((dstPort < GTP_USER_PORT || dstPort > VXLAN_PORT_OLD) && (srcPort < GTP_USER_PORT || srcPort > VXLAN_PORT_OLD)) {
    return ETHERTYPE_NONE;
  }
  const next = openByPort(view, srcPort, dstPort, counters);
  if (next > ETHERTYPE_NONE) view.tunnelDepth++;
  return next;
}

function openByPort(view: PacketView, srcPort: number, dstPort: number, counters: DecodeCounters): number {
  if (view.tunnelDepth >= MAX_TUNNELS) return ETHERTYPE_NONE;
  if (dstPort === VXLAN_PORT || dstPort === VXLAN_PORT_OLD) return openVxlan(view, counters);
  if (dstPort === GENEVE_PORT) return openGeneve(view, counters);
  if (dstPort === TEREDO_PORT || srcPort === TEREDO_PORT) return openTeredo(view, counters);
  if (dstPort === GTP_USER_PORT || srcPort === GTP_USER_PORT) return openGtpUser(view, counters);
  return ETHERTYPE_NONE;
}
