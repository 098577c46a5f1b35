import { u16, u24 } from "../core/bytes.ts";
import { DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_BRIDGED, ETHERTYPE_LOWEST } from "./ether-type.ts";
import { forgetAddresses, forgetTags } from "./forget.ts";
import { decodeLlc } from "./llc.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 14;
const MAX_8023_LENGTH = 1500;

/**
 * Decodes an Ethernet header at the start of the rest: DIX, or 802.3 with LLC and SNAP.
 *
 * Returns  the EtherType (0x0600 and above), or a negative DecodeCode; the addresses are set if the 14 octets were there.
 * Source   IEEE 802.3 §3.2.6 (Length/Type); RFC 894; RFC 1042 (SNAP).
 */
export function decodeEthernet(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) {
    forgetAddresses(view);
    return tooShort(view, HEADER);
  }
  const buf = view.buf;
  const off = view.payloadOff;
  counters.ethernet++;
  view.hasMac = 1;
  view.dstMacHigh = u24(buf, off);
  view.dstMacLow = u24(buf, off + 3);
  view.srcMacHigh = u24(buf, off + 6);
  view.srcMacLow = u24(buf, off + 9);
  advance(view, HEADER);
  const type = u16(buf, off + 12);
  return type >= ETHERTYPE_LOWEST ? type : decodeLength(view, type, counters);
}

function decodeLength(view: PacketView, length: number, counters: DecodeCounters): number {
  if (length > MAX_8023_LENGTH) {
    counters.unknown_ethertype++;
    return DECODE_UNSUPPORTED;
  }
  limit(view, length);
  return decodeLlc(view, counters);
}

/**
 * Enters an Ethernet frame in a tunnel, which is the rest: tags of the frame outside are forgotten, and its addresses will be, for those of the
 * frame inside are the devices'. Returns ETHERTYPE_BRIDGED, or a negative DecodeCode with nothing changed.
 */
export function enterFrame(view: PacketView): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  forgetTags(view);
  return ETHERTYPE_BRIDGED;
}
