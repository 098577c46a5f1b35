import { u8, u16 } from "../core/bytes.ts";
import { DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import {
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_LOWEST,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
} from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HDLC_FRAMING = 0xff03;
const CISCO_UNICAST = 0x0f00;
const CISCO_MULTICAST = 0x8f00;
const CISCO_HEADER = 4;

/**
 * Decodes a PPP header: HDLC-like address and control, if they are there, and the protocol of one or two octets.
 *
 * Why      Both peers may agree to leave out address and control, and to send protocols below 256 in one octet; an odd first octet is such a one.
 * Source   RFC 1661 §2 and §6.5; RFC 1662 §3.1; LINKTYPE_PPP (tcpdump.org).
 */
export function decodePpp(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) >= 2 && u16(view.buf, view.payloadOff) === HDLC_FRAMING) advance(view, 2);
  if (captured(view) < 1) return tooShort(view, 1);
  let protocol = u8(view.buf, view.payloadOff);
  if ((protocol & 1) === 1) {
    advance(view, 1);
  } else {
    if (captured(view) < 2) return tooShort(view, 2);
    protocol = u16(view.buf, view.payloadOff);
    advance(view, 2);
  }
  counters.ppp++;
  switch (protocol) {
    case 0x0021:
      return ETHERTYPE_IPV4;
    case 0x0057:
      return ETHERTYPE_IPV6;
    case 0x0281:
      return ETHERTYPE_MPLS;
    case 0x0283:
      return ETHERTYPE_MPLS_MULTICAST;
    default:
      counters.unknown_ethertype++;
      return DECODE_UNSUPPORTED;
  }
}

/** LINKTYPE_PPP_HDLC: PPP in HDLC-like framing, or Cisco HDLC, told apart by the address octet. */
export function decodePppSerial(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < 2) return tooShort(view, 2);
  const framing = u16(view.buf, view.payloadOff);
  return framing === CISCO_UNICAST || framing === CISCO_MULTICAST
    ? decodeCiscoHdlc(view, counters)
    : decodePpp(view, counters);
}

/** LINKTYPE_PPP_PPPD and LINKTYPE_PPP_WITH_DIR: one octet of direction before the PPP header. */
export function decodePppWithDirection(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < 1) return tooShort(view, 1);
  advance(view, 1);
  return decodePpp(view, counters);
}

/** Cisco HDLC (RFC 1547 §4.3.1): address, control, EtherType. */
export function decodeCiscoHdlc(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < CISCO_HEADER) return tooShort(view, CISCO_HEADER);
  const type = u16(view.buf, view.payloadOff + 2);
  counters.chdlc++;
  advance(view, CISCO_HEADER);
  if (type >= ETHERTYPE_LOWEST) return type;
  counters.unknown_ethertype++;
  return DECODE_UNSUPPORTED;
}
