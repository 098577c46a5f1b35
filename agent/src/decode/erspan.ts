import { u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_VERSION } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { ETHERTYPE_QINQ, ETHERTYPE_VLAN } from "./ether-type.ts";
import { enterFrame } from "./ethernet.ts";
import { ipTypeAt } from "./inner.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HEADER_2 = 8;
const HEADER_3 = 12;
const SUBHEADER_3 = 8;
const VERSION_2 = 1;
const VERSION_3 = 2;
const FRAME_TYPE_IP = 2;

/** ERSPAN type II: version (4 bits, 1), VLAN (12), class, session, index. An Ethernet frame follows (draft-foschiano-erspan §4.2). */
export function decodeErspan2(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER_2) return tooShort(view, HEADER_2);
  if (u8(view.buf, view.payloadOff) >>> 4 !== VERSION_2) return DECODE_BAD_VERSION;
  const vlan = u16(view.buf, view.payloadOff) & 0x0fff;
  counters.erspan++;
  advance(view, HEADER_2);
  return enterMirrored(view, vlan);
}

/** ERSPAN type III: version (4 bits, 2), timestamp, frame type, and a subheader if the last bit says so (draft-foschiano-erspan §4.3). */
export function decodeErspan3(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER_3) return tooShort(view, HEADER_3);
  const off = view.payloadOff;
  if (u8(view.buf, off) >>> 4 !== VERSION_3) return DECODE_BAD_VERSION;
  const tail = u16(view.buf, off + 10);
  const length = HEADER_3 + ((tail & 1) !== 0 ? SUBHEADER_3 : 0);
  if (captured(view) < length) return tooShort(view, length);
  const vlan = u16(view.buf, off) & 0x0fff;
  counters.erspan++;
  advance(view, length);
  return ((tail >>> 10) & 0x1f) === FRAME_TYPE_IP ? ipTypeAt(view, 0) : enterMirrored(view, vlan);
}

/** The mirror's header tells the VLAN of a frame whose tag it took off; 0 is none. A tag still in the frame speaks for itself. */
function enterMirrored(view: PacketView, vlan: number): number {
  const next = enterFrame(view);
  if (next < 0 || vlan === 0) return next;
  const type = u16(view.buf, view.payloadOff + 12);
  if (type === ETHERTYPE_VLAN || type === ETHERTYPE_QINQ) return next;
  view.vlanCount = 1;
  view.vlan0 = vlan;
  return next;
}
