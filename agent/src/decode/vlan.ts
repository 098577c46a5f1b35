import { u16 } from "../core/bytes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_BRIDGED, ETHERTYPE_LOWEST } from "./ether-type.ts";
import { decodeLlc } from "./llc.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const TAG = 4;
const VNTAG = 6;
const ETAG = 8;
const FABRICPATH_TAG = 2;
const PBB_TAG = 4;

/**
 * Decodes one VLAN tag (the rest starts behind its EtherType). The first two identifiers are kept, further tags are skipped.
 *
 * Source   IEEE 802.1Q §9.6: 3 bits priority, 1 bit DEI, 12 bits VLAN identifier; then the EtherType (or an 802.3 length).
 */
export function decodeVlan(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < TAG) return tooShort(view, TAG);
  const id = u16(view.buf, view.payloadOff) & 0x0fff;
  if (view.vlanCount === 0) {
    view.vlan0 = id;
    view.vlanCount = 1;
    counters.vlan++;
  } else if (view.vlanCount === 1) {
    view.vlan1 = id;
    view.vlanCount = 2;
    counters.vlan_qinq++;
  } else {
    counters.vlan_qinqinq++;
  }
  return typeBehind(view, TAG, counters);
}

/** Cisco VN-Tag, four octets between the addresses and the real EtherType (DIX header order; Cisco, "VN-Tag" proposal to 802.1Qbh). */
export function decodeVntag(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < VNTAG) return tooShort(view, VNTAG);
  counters.vntag++;
  return typeBehind(view, VNTAG, counters);
}

/** IEEE 802.1BR §7.5 E-Tag: six octets, then the real EtherType. */
export function decodeEtag(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < ETAG) return tooShort(view, ETAG);
  counters.etag++;
  return typeBehind(view, ETAG, counters);
}

/** Cisco FabricPath: two octets (forwarding tag), then the whole frame. */
export function decodeFabricPath(view: PacketView): number {
  if (captured(view) < FABRICPATH_TAG) return tooShort(view, FABRICPATH_TAG);
  advance(view, FABRICPATH_TAG);
  return ETHERTYPE_BRIDGED;
}

/** IEEE 802.1ah §9.7 I-Tag: four octets of service identifier, then the customer's whole frame. */
export function decodePbb(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < PBB_TAG) return tooShort(view, PBB_TAG);
  counters.ieee8021ah++;
  advance(view, PBB_TAG);
  return ETHERTYPE_BRIDGED;
}

/** Takes a tag of `octets` off, the last two of which are the EtherType or an 802.3 length. */
function typeBehind(view: PacketView, octets: number, counters: DecodeCounters): number {
  const type = u16(view.buf, view.payloadOff + octets - 2);
  advance(view, octets);
  if (type >= ETHERTYPE_LOWEST) return type;
  limit(view, type);
  return decodeLlc(view, counters);
}
