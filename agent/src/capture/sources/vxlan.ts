import { u8, u24 } from "../../core/bytes.ts";
import { DATAGRAM_BAD, DATAGRAM_EMPTY, DATAGRAM_FRAME, type Unwrap } from "../datagram-source.ts";
import { ANY_NETWORK, overlay } from "../overlay.ts";

/** IANA's; Linux used 8472 before, and still does where a device is made without `dstport`. */
const PORT = 4789;
const HEADER = 8;
const HAS_NETWORK_IDENTIFIER = 0x08;
const LINKTYPE_ETHERNET = 1;

/** Mirrored packets in VXLAN. Source: RFC 7348 §5: flags (8), reserved (24), network identifier (24), reserved (8). */
export const vxlan = overlay("vxlan", PORT, unwrapVxlan);

export function unwrapVxlan(vni: number): Unwrap {
  return (datagram, size, sink, atUs) => {
    if (size <= HEADER || (u8(datagram, 0) & HAS_NETWORK_IDENTIFIER) === 0) return DATAGRAM_BAD;
    if (vni !== ANY_NETWORK && u24(datagram, 4) !== vni) return DATAGRAM_EMPTY;
    sink.frame(datagram, HEADER, size, size - HEADER, LINKTYPE_ETHERNET, atUs);
    return DATAGRAM_FRAME;
  };
}
