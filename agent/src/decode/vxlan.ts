import { u8 } from "../core/bytes.ts";
import type { DecodeCounters } from "./counters.ts";
import { enterFrame } from "./ethernet.ts";
import { holdsEthernet } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured } from "./rest.ts";

/** Assigned by IANA, and the one Linux and flannel used before. */
export const VXLAN_PORT = 4789;
export const VXLAN_PORT_OLD = 8472;

const HEADER = 8;
const HAS_NETWORK_IDENTIFIER = 0x08;

/**
 * Opens a VXLAN datagram if it is one: the I flag set, the last octet zero, and a frame with IP or ARP in it.
 *
 * Returns  ETHERTYPE_BRIDGED with the frame as the rest, or 0 with nothing changed.
 * Source   RFC 7348 §5: flags (8), reserved (24), network identifier (24), reserved (8).
 */
export function openVxlan(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return 0;
  const off = view.payloadOff;
  if ((u8(view.buf, off) & HAS_NETWORK_IDENTIFIER) === 0 || u8(view.buf, off + 7) !== 0) return 0;
  if (!holdsEthernet(view, HEADER)) return 0;
  counters.vxlan++;
  advance(view, HEADER);
  return enterFrame(view);
}
