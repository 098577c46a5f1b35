import { u8 } from "../core/bytes.ts";
import { DECODE_BAD_VERSION, DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_PPPOE_SESSION } from "./ether-type.ts";
import { decodeEthernet } from "./ethernet.ts";
import { decodeSll, decodeSll2 } from "./linux-cooked.ts";
import { decodeLoopback } from "./loopback.ts";
import { decodeNflog } from "./netfilter-log.ts";
import { decodePflog } from "./packet-filter-log.ts";
import type { PacketView } from "./packet-view.ts";
import { decodeCiscoHdlc, decodePpp, decodePppSerial, decodePppWithDirection } from "./ppp.ts";
import { decodeRawIp } from "./raw-ip.ts";
import { captured, tooShort } from "./rest.ts";
import { decodeAvs, decodePrism, decodeRadiotap, decodeWlan } from "./wlan.ts";

/** LINKTYPE_ numbers of the pcap format (tcpdump.org) that are decoded. */
export const LINKTYPE_NULL = 0;
export const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_PPP = 9;
/** DLT_RAW, which is 12 on most systems and 14 on OpenBSD; files should have 101. */
export const LINKTYPE_RAW_12 = 12;
export const LINKTYPE_RAW_14 = 14;
export const LINKTYPE_PPP_HDLC = 50;
export const LINKTYPE_PPP_ETHER = 51;
export const LINKTYPE_RAW = 101;
export const LINKTYPE_C_HDLC = 104;
export const LINKTYPE_IEEE802_11 = 105;
export const LINKTYPE_LOOP = 108;
export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_PFLOG = 117;
export const LINKTYPE_IEEE802_11_PRISM = 119;
export const LINKTYPE_IEEE802_11_RADIOTAP = 127;
export const LINKTYPE_IEEE802_11_AVS = 163;
export const LINKTYPE_PPP_PPPD = 166;
export const LINKTYPE_PPP_WITH_DIR = 204;
export const LINKTYPE_IPV4 = 228;
export const LINKTYPE_IPV6 = 229;
export const LINKTYPE_NFLOG = 239;
export const LINKTYPE_LINUX_SLL2 = 276;

/** Decodes the link layer of a frame by its LINKTYPE_; returns what comes next as an EtherType, or a negative DecodeCode. */
export function decodeLink(view: PacketView, linkType: number, counters: DecodeCounters): number {
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      return decodeEthernet(view, counters);
    case LINKTYPE_LINUX_SLL:
      return decodeSll(view, counters);
    case LINKTYPE_LINUX_SLL2:
      return decodeSll2(view, counters);
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
      return decodeLoopback(view, counters);
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_12:
    case LINKTYPE_RAW_14:
      counters.raw++;
      return decodeRawIp(view);
    case LINKTYPE_IPV4:
      return decodeOneVersion(view, 4, counters);
    case LINKTYPE_IPV6:
      return decodeOneVersion(view, 6, counters);
    case LINKTYPE_PPP:
      return decodePpp(view, counters);
    case LINKTYPE_PPP_HDLC:
      return decodePppSerial(view, counters);
    case LINKTYPE_PPP_ETHER:
      return ETHERTYPE_PPPOE_SESSION;
    case LINKTYPE_PPP_PPPD:
    case LINKTYPE_PPP_WITH_DIR:
      return decodePppWithDirection(view, counters);
    case LINKTYPE_C_HDLC:
      return decodeCiscoHdlc(view, counters);
    case LINKTYPE_IEEE802_11:
      return decodeWlan(view, false, counters);
    case LINKTYPE_IEEE802_11_RADIOTAP:
      return decodeRadiotap(view, counters);
    case LINKTYPE_IEEE802_11_PRISM:
      return decodePrism(view, counters);
    case LINKTYPE_IEEE802_11_AVS:
      return decodeAvs(view, counters);
    case LINKTYPE_NFLOG:
      return decodeNflog(view, counters);
    case LINKTYPE_PFLOG:
      return decodePflog(view, counters);
    default:
      counters.unknown_link_type++;
      return DECODE_UNSUPPORTED;
  }
}

function decodeOneVersion(view: PacketView, version: 4 | 6, counters: DecodeCounters): number {
  counters.raw++;
  if (captured(view) < 1) return tooShort(view, 1);
  if (u8(view.buf, view.payloadOff) >>> 4 !== version) return DECODE_BAD_VERSION;
  return version === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
}
