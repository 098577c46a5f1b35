import type { PacketView } from "../decode/packet-view.ts";

/** Whom a frame is for. */
export const TO_ONE = 1;
export const TO_GROUP = 2;
/** Neither address says: no MAC of the receiver, no IP. */
export const TO_UNKNOWN = 0;

const GROUP_BIT = 0x01_0000;

/** By the receiver's MAC (IEEE 802 group bit); where the link has none, by its IP address (RFC 1112 §4, RFC 919, RFC 4291 §2.7). */
export function receiverOf(v: PacketView): number {
  if (hasBothMacs(v)) return (v.dstMacHigh & GROUP_BIT) !== 0 ? TO_GROUP : TO_ONE;
  if (v.ipVersion !== 0) return isForGroup(v) ? TO_GROUP : TO_ONE;
  return TO_UNKNOWN;
}

/** By the IP address alone. */
export const isForGroup = (v: PacketView): boolean =>
  v.ipVersion === 4 ? v.dst0 >>> 28 === 14 || v.dst0 === -1 : v.dst0 >>> 24 === 0xff;

/** Cooked captures ("any") have the sender's only: the receiver's is zero then, which nobody has. */
export const hasBothMacs = (v: PacketView): boolean => v.hasMac === 1 && (v.dstMacHigh | v.dstMacLow) !== 0;
