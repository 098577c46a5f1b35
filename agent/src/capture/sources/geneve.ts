import { u8, u16, u24 } from "../../core/bytes.ts";
import { DATAGRAM_BAD, DATAGRAM_EMPTY, DATAGRAM_FRAME, type Unwrap } from "../datagram-source.ts";
import { ANY_NETWORK, overlay } from "../overlay.ts";

const PORT = 6081;
const HEADER = 8;
/** Control packets carry no frame of the network (RFC 8926 §3.4). */
const IS_CONTROL = 0x80;
const ETHERTYPE_BRIDGED = 0x6558;
const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;

/**
 * Mirrored packets in GENEVE.
 *
 * Source   RFC 8926 §3.4: version (2 bits), length of options in words (6), O, C, reserved (6), protocol (16), network identifier (24), reserved (8).
 */
export const geneve = overlay("geneve", PORT, unwrapGeneve);

export function unwrapGeneve(vni: number): Unwrap {
  return (datagram, size, sink, atUs) => {
    if (size < HEADER || u8(datagram, 0) >>> 6 !== 0) return DATAGRAM_BAD;
    if ((u8(datagram, 1) & IS_CONTROL) !== 0) return DATAGRAM_EMPTY;
    const off = HEADER + ((u8(datagram, 0) & 0x3f) << 2);
    const linkType = linkTypeOf(u16(datagram, 2));
    if (off >= size || linkType < 0) return DATAGRAM_BAD;
    if (vni !== ANY_NETWORK && u24(datagram, 4) !== vni) return DATAGRAM_EMPTY;
    sink.frame(datagram, off, size, size - off, linkType, atUs);
    return DATAGRAM_FRAME;
  };
}

function linkTypeOf(protocol: number): number {
  switch (protocol) {
    case ETHERTYPE_BRIDGED:
      return LINKTYPE_ETHERNET;
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
      return LINKTYPE_RAW;
    default:
      return -1;
  }
}
