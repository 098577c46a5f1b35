import { u8 } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { etherTypeOfFamily } from "./loopback.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

/** Header up to the rule numbers: the least any pf writes. */
const MIN_LENGTH = 28;

/**
 * Skips the header of a pf log (OPNsense, pfSense, OpenBSD): its length without padding, then the address family; the packet begins at the next
 * multiple of four.
 *
 * Source   LINKTYPE_PFLOG (tcpdump.org); OpenBSD net/if_pflog.h.
 */
export function decodePflog(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < MIN_LENGTH) return tooShort(view, MIN_LENGTH);
  const length = (u8(view.buf, view.payloadOff) + 3) & ~3;
  if (length < MIN_LENGTH) return DECODE_BAD_LENGTH;
  if (captured(view) < length) return tooShort(view, length);
  counters.pflog++;
  const type = etherTypeOfFamily(u8(view.buf, view.payloadOff + 1));
  advance(view, length);
  if (type !== 0) return type;
  counters.unknown_ethertype++;
  return DECODE_UNSUPPORTED;
}
