import { u8, u16, u24 } from "../core/bytes.ts";
import { DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_LOWEST } from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const LLC = 3;
const LLC_SNAP = 8;
const SAP_SNAP = 0xaaaa;
const SAP_IP = 0x0606;
const UNNUMBERED_INFORMATION = 0x03;
const OUI_ENCAPSULATED_ETHERNET = 0x000000;
/** Bridge tunnel encapsulation: used for AppleTalk and IPX, and by some access points for IP. */
const OUI_BRIDGE_TUNNEL = 0x0000f8;

/**
 * Decodes an 802.2 LLC header and, where it is there, SNAP.
 *
 * Returns  the EtherType behind SNAP, or DECODE_UNSUPPORTED for other link services (spanning tree, CDP, NetBEUI).
 * Source   IEEE 802.2 §3; RFC 1042; RFC 948 (IP on its own SAP, no SNAP).
 */
export function decodeLlc(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < LLC) return tooShort(view, LLC);
  const buf = view.buf;
  const off = view.payloadOff;
  const saps = u16(buf, off);
  if (u8(buf, off + 2) === UNNUMBERED_INFORMATION) {
    if (saps === SAP_IP) {
      advance(view, LLC);
      return ETHERTYPE_IPV4;
    }
    if (saps === SAP_SNAP) {
      if (captured(view) < LLC_SNAP) return tooShort(view, LLC_SNAP);
      const oui = u24(buf, off + 3);
      const type = u16(buf, off + 6);
      if ((oui === OUI_ENCAPSULATED_ETHERNET || oui === OUI_BRIDGE_TUNNEL) && type >= ETHERTYPE_LOWEST) {
        advance(view, LLC_SNAP);
        return type;
      }
    }
  }
  counters.unknown_ethertype++;
  return DECODE_UNSUPPORTED;
}
