import { u8, u16, u16le } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_BAD_VERSION, DECODE_TOO_DEEP, DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { etherTypeOfFamily } from "./loopback.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 4;
const ATTRIBUTE = 4;
const ATTRIBUTE_PAYLOAD = 9;
/** The kernel knows 20 attributes and sends each once (nfnetlink_log.h). */
const MAX_ATTRIBUTES = 32;

/**
 * Decodes a Linux netfilter log message: family, version, resource, then attributes in the byte order of the machine; the packet is attribute 9.
 *
 * Why      The byte order is not told, but types are 1 to 20: the octet of theirs that is zero tells it.
 * Source   LINKTYPE_NFLOG (tcpdump.org); linux/netfilter/nfnetlink_log.h.
 */
export function decodeNflog(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  const buf = view.buf;
  const family = u8(buf, view.payloadOff);
  if (u8(buf, view.payloadOff + 1) !== 0) return DECODE_BAD_VERSION;
  counters.nflog++;
  advance(view, HEADER);
  for (let i = 0; i < MAX_ATTRIBUTES; i++) {
    if (captured(view) < ATTRIBUTE) return tooShort(view, ATTRIBUTE);
    const off = view.payloadOff;
    const isLittle = u8(buf, off + 3) === 0;
    const length = isLittle ? u16le(buf, off) : u16(buf, off);
    const type = (isLittle ? u16le(buf, off + 2) : u16(buf, off + 2)) & 0x7fff;
    if (length < ATTRIBUTE) return DECODE_BAD_LENGTH;
    if (type === ATTRIBUTE_PAYLOAD) {
      advance(view, ATTRIBUTE);
      limit(view, length - ATTRIBUTE);
      const etherType = etherTypeOfFamily(family);
      if (etherType !== 0) return etherType;
      counters.unknown_ethertype++;
      return DECODE_UNSUPPORTED;
    }
    const span = (length + 3) & ~3;
    if (captured(view) < span) return tooShort(view, span);
    advance(view, span);
  }
  return DECODE_TOO_DEEP;
}
