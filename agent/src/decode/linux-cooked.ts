import { u16, u24 } from "../core/bytes.ts";
import { DECODE_UNSUPPORTED } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_LOWEST } from "./ether-type.ts";
import { decodeLlc } from "./llc.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const SLL = 16;
const SLL2 = 20;
const MAC_OCTETS = 6;
const ARPHRD_LOOPBACK = 772;
/** LINUX_SLL_P_802_2: an LLC header follows. */
const PROTOCOL_LLC = 0x0004;

/**
 * Decodes a Linux cooked header: packet type, ARPHRD type, length of the sender's address, the address (8), protocol.
 * There is no destination address, so it stays 0.
 *
 * Source   LINKTYPE_LINUX_SLL (tcpdump.org).
 */
export function decodeSll(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < SLL) return tooShort(view, SLL);
  const off = view.payloadOff;
  counters.sll++;
  setSource(view, u16(view.buf, off + 2), u16(view.buf, off + 4), off + 6);
  advance(view, SLL);
  return protocolOf(view, u16(view.buf, off + 14), counters);
}

/** Version 2: protocol, reserved (2), interface index (4), ARPHRD type, packet type (1), address length (1), address (8). */
export function decodeSll2(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < SLL2) return tooShort(view, SLL2);
  const off = view.payloadOff;
  counters.sll2++;
  setSource(view, u16(view.buf, off + 8), u16(view.buf, off + 10) & 0xff, off + 12);
  advance(view, SLL2);
  return protocolOf(view, u16(view.buf, off), counters);
}

function setSource(view: PacketView, hardware: number, addressLength: number, off: number): void {
  if (addressLength !== MAC_OCTETS || hardware === ARPHRD_LOOPBACK) return;
  view.hasMac = 1;
  view.srcMacHigh = u24(view.buf, off);
  view.srcMacLow = u24(view.buf, off + 3);
}

function protocolOf(view: PacketView, protocol: number, counters: DecodeCounters): number {
  if (protocol >= ETHERTYPE_LOWEST) return protocol;
  if (protocol === PROTOCOL_LLC) return decodeLlc(view, counters);
  counters.unknown_ethertype++;
  return DECODE_UNSUPPORTED;
}
