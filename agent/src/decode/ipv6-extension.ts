import { i32, u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_LENGTH, DECODE_OK, DECODE_TOO_DEEP, type DecodeCode } from "./codes.ts";
import { IPPROTO_AH } from "./ip-proto.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, tooShort } from "./rest.ts";

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const NO_NEXT_HEADER = 59;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HOST_IDENTITY = 139;
const SHIM6 = 140;

const FRAGMENT_HEADER = 8;
const MIN_HEADER = 8;
const MIN_AUTHENTICATION = 12;

/**
 * Extension headers followed in one packet. RFC 8200 §4.1 knows seven places, Destination Options twice; hosts accept more, so does this, up to
 * a bound that keeps a packet of eight-octet headers from costing 180 steps.
 */
const MAX_EXTENSIONS = 12;

/** True for the next-header numbers that are extension headers (IANA, "IPv6 Extension Header Types"), except ESP, which hides what follows. */
export function isExtension(proto: number): boolean {
  switch (proto) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT:
    case IPPROTO_AH:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HOST_IDENTITY:
    case SHIM6:
      return true;
    default:
      return false;
  }
}

/**
 * Walks extension headers; `view.ipProto` names the first at call time and the transport (or the fragment's content) at return.
 *
 * Returns  DECODE_OK; DECODE_BAD_LENGTH, DECODE_HEADER_CUT or DECODE_TOO_DEEP with `ipProto` and `l4Off` at the header that failed.
 * Why      A fragment ends the walk, for what follows is a piece; one with offset 0 and nothing to follow is whole (RFC 6946).
 *          A Mobility header with no next header is itself what the packet is about, so 135 stays the protocol.
 * Source   RFC 8200 §4; RFC 4302 §2 (AH counts in words of four octets); RFC 6275 §6.1.1.
 */
export function decodeExtensions(view: PacketView): DecodeCode {
  const buf = view.buf;
  for (let i = 0; i < MAX_EXTENSIONS; i++) {
    const proto = view.ipProto;
    const off = view.payloadOff;
    if (captured(view) < MIN_HEADER) return tooShort(view, MIN_HEADER);
    const next = u8(buf, off);
    if (proto === FRAGMENT) {
      const field = u16(buf, off + 2);
      view.fragmentId = i32(buf, off + 4);
      view.moreFragments = field & 1;
      view.fragmentOffset = field & 0xfff8;
      view.isFragment = (field & 0xfff9) === 0 ? 0 : 1;
      pass(view, next, FRAGMENT_HEADER);
      if (view.isFragment === 1) return DECODE_OK;
    } else {
      if (proto === MOBILITY && next === NO_NEXT_HEADER) return DECODE_OK;
      const length = proto === IPPROTO_AH ? (u8(buf, off + 1) + 2) << 2 : (u8(buf, off + 1) + 1) << 3;
      if (proto === IPPROTO_AH && length < MIN_AUTHENTICATION) return DECODE_BAD_LENGTH;
      if (captured(view) < length) return tooShort(view, length);
      pass(view, next, length);
    }
    if (!isExtension(view.ipProto)) return DECODE_OK;
  }
  return DECODE_TOO_DEEP;
}

/**
 * Takes an Authentication Header off an IPv4 packet, where it stands between IP and transport (RFC 4302 §3.1.1).
 */
export function decodeAuthentication(view: PacketView): DecodeCode {
  if (captured(view) < MIN_AUTHENTICATION) return tooShort(view, MIN_AUTHENTICATION);
  const length = (u8(view.buf, view.payloadOff + 1) + 2) << 2;
  if (length < MIN_AUTHENTICATION) return DECODE_BAD_LENGTH;
  if (captured(view) < length) return tooShort(view, length);
  pass(view, u8(view.buf, view.payloadOff), length);
  return DECODE_OK;
}

function pass(view: PacketView, next: number, octets: number): void {
  view.ipProto = next;
  advance(view, octets);
  view.l4Off = view.payloadOff;
}
