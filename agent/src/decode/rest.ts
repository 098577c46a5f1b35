/**
 * The rest of a packet: what no layer has explained yet. It is `payloadOff` to `payloadEnd` of the view, `payloadWireLength` octets on the wire.
 * Every layer checks its header against it, then moves its start, so the view is in order wherever decoding stops.
 */
import { DECODE_BAD_LENGTH, DECODE_HEADER_CUT, type DecodeCode } from "./codes.ts";
import type { PacketView } from "./packet-view.ts";

/** Octets of the rest that were captured. */
export const captured = (view: PacketView): number => view.payloadEnd - view.payloadOff;

/** Takes a header of `octets` (all captured) off the rest. */
export function advance(view: PacketView, octets: number): void {
  view.payloadOff += octets;
  view.payloadWireLength -= octets;
}

/** Cuts off what follows the first `octets` of the rest: padding, trailers, a frame check sequence. */
export function limit(view: PacketView, octets: number): void {
  if (octets >= view.payloadWireLength) return;
  view.payloadWireLength = octets;
  if (view.payloadOff + octets < view.payloadEnd) view.payloadEnd = view.payloadOff + octets;
}

/** Why a header of `octets` does not fit: the capture cut it, or the packet itself is too short. */
export const tooShort = (view: PacketView, octets: number): DecodeCode =>
  view.payloadWireLength >= octets ? DECODE_HEADER_CUT : DECODE_BAD_LENGTH;
