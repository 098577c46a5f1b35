/** The way into the decoder: a frame, or an IP packet put together from fragments, becomes a PacketView. */
import { u8 } from "../core/bytes.ts";
import { decodeArp } from "./arp.ts";
import {
  DECODE_BAD_HEADER,
  DECODE_BAD_LENGTH,
  DECODE_BAD_VERSION,
  DECODE_HEADER_CUT,
  DECODE_OK,
  DECODE_TOO_DEEP,
  DECODE_TRUNCATED,
  DECODE_UNSUPPORTED,
  type DecodeCode,
} from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_BRIDGED,
  ETHERTYPE_ETAG,
  ETHERTYPE_FABRICPATH,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
  ETHERTYPE_NONE,
  ETHERTYPE_PBB,
  ETHERTYPE_PPP,
  ETHERTYPE_PPPOE_DISCOVERY,
  ETHERTYPE_PPPOE_SESSION,
  ETHERTYPE_QINQ,
  ETHERTYPE_QINQ_OLD,
  ETHERTYPE_QINQ_OLD2,
  ETHERTYPE_VLAN,
  ETHERTYPE_VNTAG,
} from "./ether-type.ts";
import { decodeEthernet } from "./ethernet.ts";
import { forgetAddresses, forgetNetwork, forgetTags } from "./forget.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";
import { decodeExtensions, isExtension } from "./ipv6-extension.ts";
import { decodeLink, LINKTYPE_ETHERNET } from "./link.ts";
import { decodeMpls } from "./mpls.ts";
import type { PacketView } from "./packet-view.ts";
import { decodePpp } from "./ppp.ts";
import { decodePppoe, decodePppoeDiscovery } from "./pppoe.ts";
import { decodeTransport } from "./transport.ts";
import { decodeEtag, decodeFabricPath, decodePbb, decodeVlan, decodeVntag } from "./vlan.ts";

/** Layers from link to transport in one frame, all tunnels taken together: tags, labels' stack, IP headers. Suricata stops at 16 too. */
const MAX_LAYERS = 16;

/**
 * Decodes one captured frame.
 *
 * Shape    `buf` is borrowed; `view` is rewritten in place, except `atUs` and `number`, which belong to the caller. In a tunnel the view is the
 *          innermost packet; with a bad layer it is what stands below it (codes.ts). A frame without IP has `ipVersion` 0 and what is behind
 *          the link header between `l3Off` and `payloadEnd`: for ARP (`etherType` 0x0806) exactly the packet.
 * Units    Octets [off, end) of `buf` were captured, of `wireLength` on the wire; `linkType` is the LINKTYPE_ number of the pcap format.
 * Returns  A DecodeCode. Never throws, never allocates, reads nothing outside [off, end).
 */
export function decodeFrame(
  view: PacketView,
  buf: Uint8Array,
  off: number,
  end: number,
  wireLength: number,
  linkType: number,
  counters: DecodeCounters,
): DecodeCode {
  counters.pkts++;
  counters.bytes += wireLength;
  if (wireLength > counters.max_pkt_size) counters.max_pkt_size = wireLength;
  view.wireLength = wireLength;
  view.tunnelDepth = 0;
  view.etherType = ETHERTYPE_NONE;
  startAt(view, buf, off, end, wireLength);
  forgetTags(view);
  if (linkType !== LINKTYPE_ETHERNET) {
    forgetAddresses(view);
    return tally(decodeLayers(view, decodeLink(view, linkType, counters), false, DECODE_OK, counters), counters);
  }
  const next = decodeEthernet(view, counters);
  // The straight line that most packets take; decodeLayers would come to the same end, with more questions on the way.
  if (next === ETHERTYPE_IPV4) {
    view.etherType = ETHERTYPE_IPV4;
    const cut = decodeIpv4(view, counters);
    if (cut >= DECODE_OK) {
      const content = decodeIpPayload(view, counters);
      if (content === ETHERTYPE_NONE && cut === DECODE_OK) return DECODE_OK;
      return tally(decodeLayers(view, content, true, cut, counters), counters);
    }
    return tally(decodeLayers(view, cut, false, DECODE_OK, counters), counters);
  }
  return tally(decodeLayers(view, next, false, DECODE_OK, counters), counters);
}

/**
 * Decodes an IP packet that has no frame: one put together from fragments. Link layer and `tunnelDepth` of `view` stay as the last fragment
 * left them; everything from IP on is rewritten. Counts as no packet of its own, but its layers count.
 */
export function decodeIp(
  view: PacketView,
  buf: Uint8Array,
  off: number,
  end: number,
  counters: DecodeCounters,
): DecodeCode {
  startAt(view, buf, off, end, end - off);
  const version = end > off ? u8(buf, off) >>> 4 : 0;
  const next = version === 4 ? ETHERTYPE_IPV4 : version === 6 ? ETHERTYPE_IPV6 : DECODE_BAD_VERSION;
  return tally(decodeLayers(view, next, false, DECODE_OK, counters), counters);
}

function startAt(view: PacketView, buf: Uint8Array, off: number, end: number, wireLength: number): void {
  // The same buffer holds many frames: asking is cheaper than a store that the garbage collector must hear of.
  if (view.buf !== buf) view.buf = buf;
  view.payloadOff = off;
  view.payloadEnd = end;
  view.payloadWireLength = Math.max(wireLength, end - off);
}

/**
 * Climbs from `first` (an EtherType, 0 for nothing more, or the code of a layer that failed) to the innermost transport.
 * `isNetworkRead` and `cutSoFar` say what the caller did already: an IP header is in the view, and what its decoder returned.
 */
function decodeLayers(
  view: PacketView,
  first: number,
  isNetworkRead: boolean,
  cutSoFar: DecodeCode,
  counters: DecodeCounters,
): DecodeCode {
  let next = first;
  let hasNetwork = isNetworkRead;
  let cut = cutSoFar;
  for (let layers = 0; next > ETHERTYPE_NONE; layers++) {
    if (layers === MAX_LAYERS) {
      next = DECODE_TOO_DEEP;
      break;
    }
    if (!hasNetwork) view.etherType = next;
    if (next === ETHERTYPE_IPV4 || next === ETHERTYPE_IPV6) {
      const code = next === ETHERTYPE_IPV4 ? decodeIpv4(view, counters) : decodeIpv6(view, counters);
      if (code < DECODE_OK) {
        next = code;
        break;
      }
      view.etherType = next;
      hasNetwork = true;
      cut = code;
      next = decodeIpPayload(view, counters);
    } else if (next === ETHERTYPE_BRIDGED) {
      hasNetwork = false;
      next = decodeEthernet(view, counters);
    } else {
      next = decodeBelowIp(view, next, counters);
    }
  }
  if (!hasNetwork) forgetNetwork(view);
  return next === ETHERTYPE_NONE ? cut : (next as DecodeCode);
}

/** What an IP packet carries; 0 when there is nothing more to open (a fragment is opened once it is whole). */
function decodeIpPayload(view: PacketView, counters: DecodeCounters): number {
  if (view.ipVersion === 6 && isExtension(view.ipProto)) {
    const code = decodeExtensions(view);
    if (code < DECODE_OK) return code;
  }
  if (view.isFragment === 1) {
    counters.fragments++;
    return ETHERTYPE_NONE;
  }
  return decodeTransport(view, counters);
}

/** Tags, labels and sessions between link and IP, and the packets that are no IP. */
function decodeBelowIp(view: PacketView, type: number, counters: DecodeCounters): number {
  switch (type) {
    case ETHERTYPE_ARP:
      return decodeArp(view, counters);
    case ETHERTYPE_VLAN:
    case ETHERTYPE_QINQ:
    case ETHERTYPE_QINQ_OLD:
    case ETHERTYPE_QINQ_OLD2:
      return decodeVlan(view, counters);
    case ETHERTYPE_PPPOE_SESSION:
      return decodePppoe(view, counters);
    case ETHERTYPE_PPPOE_DISCOVERY:
      return decodePppoeDiscovery(view, counters);
    case ETHERTYPE_PPP:
      return decodePpp(view, counters);
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
      return decodeMpls(view, counters);
    case ETHERTYPE_VNTAG:
      return decodeVntag(view, counters);
    case ETHERTYPE_ETAG:
      return decodeEtag(view, counters);
    case ETHERTYPE_PBB:
      return decodePbb(view, counters);
    case ETHERTYPE_FABRICPATH:
      return decodeFabricPath(view);
    default:
      counters.unknown_ethertype++;
      return DECODE_UNSUPPORTED;
  }
}

function tally(code: DecodeCode, counters: DecodeCounters): DecodeCode {
  switch (code) {
    case DECODE_TRUNCATED:
    case DECODE_HEADER_CUT:
      counters.truncated++;
      break;
    case DECODE_BAD_VERSION:
    case DECODE_BAD_LENGTH:
    case DECODE_BAD_HEADER:
      counters.invalid++;
      break;
    case DECODE_TOO_DEEP:
      counters.too_many_layers++;
      break;
    default:
  }
  return code;
}
