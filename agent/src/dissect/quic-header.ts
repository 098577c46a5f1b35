import { u8, u16, u32 } from "../core/bytes.ts";

export const QUIC_V1 = 0x00000001;
/** RFC 9369 §3. */
export const QUIC_V2 = 0x6b3343cf;
/** A server that knows none of the client's versions answers with 0 (RFC 9000 §17.2.1). */
export const VERSION_NEGOTIATION = 0;

export const INITIAL = 0;
export const RETRY = 3;

const MAX_CONNECTION_ID = 20;
const RETRY_TAG = 16;

/** The long header of one QUIC packet (RFC 9000 §17.2), offsets into the datagram. One instance is reused. */
export class LongHeader {
  version = 0;
  /** INITIAL, 1 for 0-RTT, 2 for Handshake, or RETRY, whatever bits the version uses for it. */
  type = 0;
  /** Start of the packet. */
  off = 0;
  destinationOff = 0;
  destinationLength = 0;
  sourceOff = 0;
  sourceLength = 0;
  tokenLength = 0;
  /** The (protected) packet number; for RETRY the token. */
  numberOff = 0;
  /** One past the packet; another may follow in the datagram (coalesced). */
  end = 0;

  /** Reads the header at `off`; false when it is no long header or does not fit. */
  read(buf: Uint8Array, off: number, end: number): boolean {
    if (end - off < 7 || u8(buf, off) < 0x80) return false;
    this.off = off;
    this.version = u32(buf, off + 1);
    this.destinationLength = u8(buf, off + 5);
    this.destinationOff = off + 6;
    const sourceAt = this.destinationOff + this.destinationLength;
    if (this.destinationLength > MAX_CONNECTION_ID || sourceAt >= end) return false;
    this.sourceLength = u8(buf, sourceAt);
    this.sourceOff = sourceAt + 1;
    let at = this.sourceOff + this.sourceLength;
    if (this.sourceLength > MAX_CONNECTION_ID || at > end) return false;
    this.tokenLength = 0;
    this.numberOff = at;
    this.end = end;
    if (this.version === VERSION_NEGOTIATION) return true;
    const bits = (u8(buf, off) >>> 4) & 3;
    // Version 2 turns the four types by one (RFC 9369 §3.2).
    this.type = this.version === QUIC_V2 ? (bits + 3) & 3 : bits;
    if (this.type === RETRY) return end - at > RETRY_TAG;
    if (this.type === INITIAL) {
      const size = varintSize(buf, at, end);
      if (size === 0) return false;
      this.tokenLength = readVarint(buf, at, size);
      at += size + this.tokenLength;
    }
    const size = varintSize(buf, at, end);
    if (size === 0) return false;
    this.numberOff = at + size;
    this.end = this.numberOff + readVarint(buf, at, size);
    return this.end <= end;
  }
}

/** Length of the variable-length integer at `at` (RFC 9000 §16); 0 when it would pass `end`. */
export function varintSize(buf: Uint8Array, at: number, end: number): number {
  if (at >= end) return 0;
  const size = 1 << (u8(buf, at) >>> 6);
  return at + size > end ? 0 : size;
}

/** Value of a variable-length integer of `size` octets. Eight-octet values beyond 2^53 lose their low bits: all are far too big anyway. */
export function readVarint(buf: Uint8Array, at: number, size: number): number {
  if (size === 1) return u8(buf, at) & 0x3f;
  if (size === 2) return u16(buf, at) & 0x3fff;
  const high = u32(buf, at) & 0x3fffffff;
  return size === 4 ? high : high * 0x1_0000_0000 + u32(buf, at + 4);
}

/** True for the versions of which this program knows that they exist: IETF, drafts, Google's and Facebook's. */
export function isKnownVersion(version: number): boolean {
  if (version === QUIC_V1 || version === QUIC_V2) return true;
  if (version >>> 8 === 0xff0000) return (version & 0xff) >= 1 && (version & 0xff) <= 34;
  if (version >>> 8 === 0xfaceb0) return true;
  return isGoogleVersion(version) || isReservedVersion(version);
}

/** "Q043", "Q050", "T051" as ASCII. */
export function isGoogleVersion(version: number): boolean {
  const letter = version >>> 24;
  return (letter === 0x51 || letter === 0x54) && ((version >>> 16) & 0xff) === 0x30 && isDigits(version & 0xffff);
}

const isDigits = (pair: number): boolean =>
  pair >>> 8 >= 0x30 && pair >>> 8 <= 0x39 && (pair & 0xff) >= 0x30 && (pair & 0xff) <= 0x39;

/** 0x?a?a?a?a forces a version negotiation (RFC 9000 §15). */
export const isReservedVersion = (version: number): boolean => ((version & 0x0f0f0f0f) ^ 0x0a0a0a0a) === 0;

/** "1", "2", "draft-29", "Q046", "mvfst-2"; hexadecimal for others. */
export function quicVersionText(version: number): string {
  if (version === QUIC_V1) return "1";
  if (version === QUIC_V2) return "2";
  if (version >>> 8 === 0xff0000) return `draft-${version & 0xff}`;
  if (version >>> 8 === 0xfaceb0) return `mvfst-${(version & 0xff).toString(16)}`;
  if (isGoogleVersion(version))
    return String.fromCharCode(version >>> 24, (version >>> 16) & 0xff, (version >>> 8) & 0xff, version & 0xff);
  return `0x${version.toString(16).padStart(8, "0")}`;
}
