import { u8, u16 } from "../core/bytes.ts";
import { DECODE_BAD_HEADER, DECODE_BAD_VERSION, DECODE_OK, DECODE_TOO_DEEP, type DecodeCode } from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { decodeErspan2, decodeErspan3 } from "./erspan.ts";
import {
  ETHERTYPE_BRIDGED,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MPLS,
  ETHERTYPE_MPLS_MULTICAST,
  ETHERTYPE_PPP,
  ETHERTYPE_VLAN,
} from "./ether-type.ts";
import { enterFrame } from "./ethernet.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 4;
const WORD = 4;
const HAS_CHECKSUM = 0x8000;
const HAS_ROUTING = 0x4000;
const HAS_KEY = 0x2000;
const HAS_SEQUENCE = 0x1000;
const HAS_ACKNOWLEDGMENT = 0x0080;
const VERSION = 0x0007;
/** Source route entries followed (RFC 1701 §2); nobody sends them today. */
const MAX_ROUTES = 8;

const PROTOCOL_ERSPAN = 0x88be;
const PROTOCOL_ERSPAN3 = 0x22eb;

/**
 * Decodes a GRE header and, for mirrored traffic, the ERSPAN header behind it.
 *
 * Returns  the EtherType of the content, now the rest; 0 if there is none or none that is read here; or a negative DecodeCode.
 * Source   RFC 2784, RFC 2890 (key, sequence), RFC 1701 (routing), RFC 2637 §4.1 (version 1: PPTP), draft-foschiano-erspan.
 */
export function decodeGre(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < HEADER) return tooShort(view, HEADER);
  const flags = u16(view.buf, view.payloadOff);
  const protocol = u16(view.buf, view.payloadOff + 2);
  const version = flags & VERSION;
  if (version === 1) return decodePptp(view, flags, protocol, counters);
  if (version !== 0) return DECODE_BAD_VERSION;
  const hasOffset = (flags & (HAS_CHECKSUM | HAS_ROUTING)) !== 0;
  const length =
    HEADER + (hasOffset ? WORD : 0) + ((flags & HAS_KEY) !== 0 ? WORD : 0) + ((flags & HAS_SEQUENCE) !== 0 ? WORD : 0);
  if (captured(view) < length) return tooShort(view, length);
  counters.gre++;
  advance(view, length);
  if ((flags & HAS_ROUTING) !== 0) {
    const code = skipRoutes(view);
    if (code < DECODE_OK) return code;
  }
  return contentOf(view, protocol, (flags & HAS_SEQUENCE) !== 0, counters);
}

function contentOf(view: PacketView, protocol: number, hasSequence: boolean, counters: DecodeCounters): number {
  switch (protocol) {
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
    case ETHERTYPE_PPP:
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_MULTICAST:
    case ETHERTYPE_VLAN:
      return protocol;
    case ETHERTYPE_BRIDGED:
      return enterFrame(view);
    case PROTOCOL_ERSPAN:
      // Type I has no header of its own, and no sequence number in the GRE header: that is how the two are told apart.
      if (hasSequence) return decodeErspan2(view, counters);
      counters.erspan++;
      return enterFrame(view);
    case PROTOCOL_ERSPAN3:
      return decodeErspan3(view, counters);
    default:
      return 0;
  }
}

/** RFC 1701 §2: source route entries (family, offset, length, octets) up to one of family 0 and length 0. */
function skipRoutes(view: PacketView): DecodeCode {
  for (let i = 0; i < MAX_ROUTES; i++) {
    if (captured(view) < WORD) return tooShort(view, WORD);
    const family = u16(view.buf, view.payloadOff);
    const octets = u8(view.buf, view.payloadOff + 3);
    if (captured(view) < WORD + octets) return tooShort(view, WORD + octets);
    advance(view, WORD + octets);
    if (family === 0 && octets === 0) return DECODE_OK;
  }
  return DECODE_TOO_DEEP;
}

/** Version 1: the key is payload length and call; sequence and acknowledgment are optional; without a sequence number there is no payload. */
function decodePptp(view: PacketView, flags: number, protocol: number, counters: DecodeCounters): number {
  if (protocol !== ETHERTYPE_PPP || (flags & HAS_KEY) === 0) return DECODE_BAD_HEADER;
  const hasSequence = (flags & HAS_SEQUENCE) !== 0;
  const length = HEADER + WORD + (hasSequence ? WORD : 0) + ((flags & HAS_ACKNOWLEDGMENT) !== 0 ? WORD : 0);
  if (captured(view) < length) return tooShort(view, length);
  const payload = u16(view.buf, view.payloadOff + 4);
  counters.gre++;
  advance(view, length);
  limit(view, payload);
  return hasSequence && payload !== 0 ? ETHERTYPE_PPP : 0;
}
