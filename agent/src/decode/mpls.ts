import { u8, u32 } from "../core/bytes.ts";
import { DECODE_TOO_DEEP, DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ether-type.ts";
import { holdsEthernet, ipTypeAt } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const LABEL = 4;
const BOTTOM_OF_STACK = 0x100;
/** Labels followed: service providers stack five at most, segment routing about ten. */
const MAX_LABELS = 16;

/**
 * Decodes an MPLS label stack and guesses what it carries, for the stack does not say: IPv4 or IPv6 by version and lengths, else an Ethernet
 * pseudowire with or without its control word.
 *
 * Source   RFC 3032 §2.1 (20 bits label, 3 class, 1 bottom of stack, 8 TTL); RFC 4385 §3 (control word begins with four zero bits); RFC 4448.
 */
export function decodeMpls(view: PacketView, counters: DecodeCounters): number {
  counters.mpls++;
  for (let labels = 0; labels < MAX_LABELS; labels++) {
    if (captured(view) < LABEL) return tooShort(view, LABEL);
    const entry = u32(view.buf, view.payloadOff);
    advance(view, LABEL);
    if ((entry & BOTTOM_OF_STACK) !== 0) return guessContent(view, counters);
  }
  return DECODE_TOO_DEEP;
}

function guessContent(view: PacketView, counters: DecodeCounters): number {
  const ip = ipTypeAt(view, 0);
  if (ip !== 0) return ip;
  if (captured(view) > LABEL && u8(view.buf, view.payloadOff) >>> 4 === 0 && holdsEthernet(view, LABEL)) {
    advance(view, LABEL);
    return ETHERTYPE_BRIDGED;
  }
  if (holdsEthernet(view, 0)) return ETHERTYPE_BRIDGED;
  // Nothing stands up by its lengths: the version alone says which decoder may tell what is wrong.
  const version = captured(view) > 0 ? u8(view.buf, view.payloadOff) >>> 4 : 0;
  if (version === 4) return ETHERTYPE_IPV4;
  if (version === 6) return ETHERTYPE_IPV6;
  counters.unknown_ethertype++;
  return DECODE_UNSUPPORTED;
}
