import { u8, u16le, u24, u32, u32le } from "../core/bytes.ts";
import {
  DECODE_BAD_HEADER,
  DECODE_BAD_LENGTH,
  DECODE_BAD_VERSION,
  DECODE_ENCRYPTED,
  DECODE_UNSUPPORTED,
} from "./codes.ts";
import type { DecodeCounters } from "./counters.ts";
import { decodeLlc } from "./llc.ts";
import type { PacketView } from "./packet-view.ts";
import { advance, captured, limit, tooShort } from "./rest.ts";

const HEADER = 24;
const ADDRESS_4 = 6;
const QOS = 2;
const HT_CONTROL = 4;
const FCS = 4;
const AMSDU_SUBFRAME = 14;

const TYPE_DATA = 2;
const SUBTYPE_NULL = 0x4;
const SUBTYPE_QOS = 0x8;
const TO_DS = 0x01;
const FROM_DS = 0x02;
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
const QOS_AMSDU = 0x80;

const RADIOTAP_MIN = 8;
const RADIOTAP_TSFT = 0x1;
const RADIOTAP_FLAGS = 0x2;
const RADIOTAP_FLAG_FCS = 0x10;
const RADIOTAP_FLAG_PADDED = 0x20;
const RADIOTAP_MORE_WORDS = 0x8000_0000;
/** Presence words that are followed: each is one namespace, and no driver sends more than a few. */
const RADIOTAP_MAX_WORDS = 32;

/** Magic number of an AVS header, without the version in its low 12 bits. */
const AVS_MAGIC = 0x80211;
const PREFIX_MIN = 8;

/**
 * Decodes an 802.11 data frame up to LLC/SNAP. Addresses become source and destination, whichever of the four layouts is used.
 *
 * Returns  the EtherType; DECODE_ENCRYPTED for protected frames; DECODE_UNSUPPORTED for management, control and null frames and for fragments
 *          after the first. Of an aggregate (A-MSDU) the first subframe is decoded.
 * Source   IEEE 802.11 §9.2.3 (header), §9.3.2.1 table 9-60 (addresses by To DS and From DS), §9.2.4.5 (QoS control), §9.3.2.2 (A-MSDU).
 */
export function decodeWlan(view: PacketView, padded: boolean, counters: DecodeCounters): number {
  if (captured(view) < 2) return tooShort(view, 2);
  const buf = view.buf;
  const off = view.payloadOff;
  const control = u8(buf, off);
  const flags = u8(buf, off + 1);
  counters.ieee80211++;
  if ((control & 0x03) !== 0) return DECODE_BAD_VERSION;
  const subtype = control >>> 4;
  if (((control >>> 2) & 3) !== TYPE_DATA) return DECODE_UNSUPPORTED;
  const isQos = (subtype & SUBTYPE_QOS) !== 0;
  const hasAddress4 = (flags & TO_DS) !== 0 && (flags & FROM_DS) !== 0;
  const length =
    HEADER + (hasAddress4 ? ADDRESS_4 : 0) + (isQos ? QOS : 0) + (isQos && (flags & ORDER) !== 0 ? HT_CONTROL : 0);
  const span = padded ? (length + 3) & ~3 : length;
  if (captured(view) < span) return tooShort(view, span);
  setAddresses(view, off, flags);
  if ((subtype & SUBTYPE_NULL) !== 0) return DECODE_UNSUPPORTED;
  if ((flags & PROTECTED) !== 0) {
    counters.ieee80211_protected++;
    return DECODE_ENCRYPTED;
  }
  const fragment = u8(buf, off + 22) & 0x0f;
  if (fragment !== 0 || (flags & MORE_FRAGMENTS) !== 0) return DECODE_UNSUPPORTED;
  const isAggregate = isQos && (u8(buf, off + HEADER + (hasAddress4 ? ADDRESS_4 : 0)) & QOS_AMSDU) !== 0;
  advance(view, span);
  return isAggregate ? decodeSubframe(view, counters) : decodeLlc(view, counters);
}

function setAddresses(view: PacketView, off: number, flags: number): void {
  const toDs = (flags & TO_DS) !== 0;
  const fromDs = (flags & FROM_DS) !== 0;
  const destination = off + (toDs ? 16 : 4);
  const source = off + (fromDs ? (toDs ? 24 : 16) : 10);
  setMacs(view, destination, source);
}

function setMacs(view: PacketView, destination: number, source: number): void {
  view.hasMac = 1;
  view.dstMacHigh = u24(view.buf, destination);
  view.dstMacLow = u24(view.buf, destination + 3);
  view.srcMacHigh = u24(view.buf, source);
  view.srcMacLow = u24(view.buf, source + 3);
}

/** First A-MSDU subframe: destination, source, length (big-endian, unlike the rest of 802.11), LLC. */
function decodeSubframe(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < AMSDU_SUBFRAME) return tooShort(view, AMSDU_SUBFRAME);
  const off = view.payloadOff;
  setMacs(view, off, off + 6);
  const length = (u8(view.buf, off + 12) << 8) | u8(view.buf, off + 13);
  advance(view, AMSDU_SUBFRAME);
  limit(view, length);
  return decodeLlc(view, counters);
}

/**
 * Skips a radiotap header; of its fields only the flags are read, which say whether a check sequence follows the frame and whether the 802.11
 * header is padded to four octets.
 *
 * Source   radiotap.org: version, pad, length (little-endian), presence words; fields aligned to their size from the header's start.
 */
export function decodeRadiotap(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < RADIOTAP_MIN) return tooShort(view, RADIOTAP_MIN);
  const buf = view.buf;
  const off = view.payloadOff;
  if (u8(buf, off) !== 0) return DECODE_BAD_VERSION;
  const length = u16le(buf, off + 2);
  if (length < RADIOTAP_MIN) return DECODE_BAD_LENGTH;
  if (captured(view) < length) return tooShort(view, length);
  const flags = radiotapFlags(buf, off, length);
  if (flags < 0) return DECODE_BAD_LENGTH;
  advance(view, length);
  if ((flags & RADIOTAP_FLAG_FCS) !== 0) limit(view, Math.max(0, view.payloadWireLength - FCS));
  return decodeWlan(view, (flags & RADIOTAP_FLAG_PADDED) !== 0, counters);
}

/** The flags field, 0 if there is none, -1 if the header is too short for its presence words. */
function radiotapFlags(buf: Uint8Array, off: number, length: number): number {
  const present = u32le(buf, off + 4);
  let at = 8;
  let word = present;
  for (let words = 1; word >= RADIOTAP_MORE_WORDS; words++) {
    if (at + 4 > length || words > RADIOTAP_MAX_WORDS) return -1;
    word = u32le(buf, off + at);
    at += 4;
  }
  if ((present & RADIOTAP_FLAGS) === 0) return 0;
  if ((present & RADIOTAP_TSFT) !== 0) at = ((at + 7) & ~7) + 8;
  return at < length ? u8(buf, off + at) : -1;
}

/** Skips an AVS header: magic and version, length, both big-endian (LINKTYPE_IEEE802_11_AVS). */
export function decodeAvs(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < PREFIX_MIN) return tooShort(view, PREFIX_MIN);
  if (u32(view.buf, view.payloadOff) >>> 12 !== AVS_MAGIC) return DECODE_BAD_HEADER;
  return skipPrefix(view, u32(view.buf, view.payloadOff + 4), counters);
}

/** Skips a Prism header: message code and length in the byte order of the machine that captured; AVS headers come under this number too. */
export function decodePrism(view: PacketView, counters: DecodeCounters): number {
  if (captured(view) < PREFIX_MIN) return tooShort(view, PREFIX_MIN);
  if (u32(view.buf, view.payloadOff) >>> 12 === AVS_MAGIC) return decodeAvs(view, counters);
  const big = u32(view.buf, view.payloadOff + 4);
  return skipPrefix(view, big <= 0xffff ? big : u32le(view.buf, view.payloadOff + 4), counters);
}

function skipPrefix(view: PacketView, length: number, counters: DecodeCounters): number {
  if (length < PREFIX_MIN) return DECODE_BAD_LENGTH;
  if (captured(view) < length) return tooShort(view, length);
  advance(view, length);
  return decodeWlan(view, false, counters);
}
