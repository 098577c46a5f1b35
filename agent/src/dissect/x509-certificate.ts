import { hash } from "node:crypto";
import { i32, u8, u24 } from "../core/bytes.ts";
import { formatIpv4, formatIpv6 } from "../core/ip.ts";
import { sanitizeOctets, sanitizeText } from "../core/sanitize.ts";

/** What a certificate says of itself (RFC 5280 §4.1). Nothing is verified: an observer cannot know what the peer trusts. */
export interface X509Certificate {
  /** "C=US, O=Example, CN=example.org", in the order of the certificate. */
  readonly subject: string;
  readonly issuer: string;
  /** Upper-case hex with colons, as Suricata writes it; at most 64 octets. */
  readonly serial: string;
  /** SHA-1 of the DER octets, lower-case hex with colons. */
  readonly fingerprint: string;
  /** Validity, microseconds since 1970; NaN when unreadable. */
  readonly notBeforeUs: number;
  readonly notAfterUs: number;
  /** Last common name of the subject; empty without one. */
  readonly commonName: string;
  /** DNS names and addresses of subjectAltName, at most 32. */
  readonly names: readonly string[];
  /** Issuer and subject are the same octets. */
  readonly isSelfSigned: boolean;
}

const MAX_NAMES = 32;
const MAX_ATTRIBUTES = 24;
const MAX_DN = 1024;
const MAX_SERIAL = 64;

const TAG_INTEGER = 0x02;
const TAG_OCTET_STRING = 0x04;
const TAG_OID = 0x06;
const TAG_BMP_STRING = 0x1e;
const TAG_UTC_TIME = 0x17;
const TAG_GENERALIZED_TIME = 0x18;
const TAG_SEQUENCE = 0x30;
const TAG_SET = 0x31;
const TAG_VERSION = 0xa0;
const TAG_EXTENSIONS = 0xa3;
const TAG_SAN_DNS = 0x82;
const TAG_SAN_IP = 0x87;
/** id-ce-subjectAltName, 2.5.29.17. */
const OID_SUBJECT_ALT_NAME = 0x551d11;

/** Attribute types by the hex of their OID, with the short names Suricata's X.509 library prints. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["550403", "CN"],
  ["550404", "SN"],
  ["550405", "serialNumber"],
  ["550406", "C"],
  ["550407", "L"],
  ["550408", "ST"],
  ["550409", "street"],
  ["55040a", "O"],
  ["55040b", "OU"],
  ["55040c", "title"],
  ["55040d", "description"],
  ["55040f", "businessCategory"],
  ["550411", "postalCode"],
  ["55042a", "GN"],
  ["55042b", "initials"],
  ["55042e", "dnQualifier"],
  ["2a864886f70d010901", "emailAddress"],
  ["0992268993f22c640119", "DC"],
  ["0992268993f22c640101", "UID"],
  ["2b0601040182373c020101", "jurisdictionL"],
  ["2b0601040182373c020102", "jurisdictionST"],
  ["2b0601040182373c020103", "jurisdictionC"],
]);

/** One tag-length-value of DER (X.690 §8.1). Reused while walking; the walk goes down by content, never by recursion. */
class Der {
  readonly buf: Uint8Array;
  tag = 0;
  from = 0;
  to = 0;

  constructor(buf: Uint8Array) {
    this.buf = buf;
  }

  /** Reads the value at `at`; false when it is cut, indefinite, longer than 2^24, or has a multi-octet tag. */
  read(at: number, end: number): boolean {
    if (at + 2 > end) return false;
    this.tag = u8(this.buf, at);
    if ((this.tag & 0x1f) === 0x1f) return false;
    let length = u8(this.buf, at + 1);
    let from = at + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 3 || from + octets > end) return false;
      length = 0;
      for (let i = 0; i < octets; i++) length = (length << 8) | u8(this.buf, from + i);
      from += octets;
    }
    if (from + length > end) return false;
    this.from = from;
    this.to = from + length;
    return true;
  }

  /** As `read`, and the tag must be `tag`. */
  expect(tag: number, at: number, end: number): boolean {
    return this.read(at, end) && this.tag === tag;
  }

  is(tag: number): boolean {
    return this.tag === tag;
  }
}

/** Reads the DER certificate in [off, end); undefined when its frame is broken. Parts beyond the names may be missing: their fields are empty. */
export function parseCertificate(buf: Uint8Array, off: number, end: number): X509Certificate | undefined {
  const der = new Der(buf);
  if (!der.expect(TAG_SEQUENCE, off, end)) return undefined;
  const certificateEnd = der.to;
  if (!der.expect(TAG_SEQUENCE, der.from, der.to)) return undefined;
  const stop = der.to;
  let at = der.from;
  if (der.expect(TAG_VERSION, at, stop)) at = der.to;
  if (!der.expect(TAG_INTEGER, at, stop)) return undefined;
  const serial = hexPairs(buf, der.from, Math.min(der.to, der.from + MAX_SERIAL)).toUpperCase();
  if (!der.expect(TAG_SEQUENCE, der.to, stop)) return undefined;
  const issuerOff = der.to;
  if (!der.expect(TAG_SEQUENCE, issuerOff, stop)) return undefined;
  const issuerEnd = der.to;
  if (!der.expect(TAG_SEQUENCE, issuerEnd, stop)) return undefined;
  const validityOff = der.from;
  const validityEnd = der.to;
  const subjectOff = validityEnd;
  if (!der.expect(TAG_SEQUENCE, subjectOff, stop)) return undefined;
  const subjectEnd = der.to;
  const notBeforeUs = readTime(der, validityOff, validityEnd);
  const notAfterUs = readTime(der, der.to, validityEnd);
  const subject = readName(buf, subjectOff, subjectEnd);
  return {
    subject: subject.text,
    issuer: readName(buf, issuerOff, issuerEnd).text,
    serial,
    fingerprint: colons(hash("sha1", buf.subarray(off, certificateEnd))),
    notBeforeUs,
    notAfterUs,
    commonName: subject.commonName,
    names: readAltNames(buf, subjectEnd, stop),
    isSelfSigned: sameOctets(buf, issuerOff, issuerEnd, subjectOff, subjectEnd),
  };
}

/** A Name (RFC 5280 §4.1.2.4) as text, attributes joined by ", ", parts of one RDN by " + ". */
function readName(buf: Uint8Array, off: number, end: number): { text: string; commonName: string } {
  const name = new Der(buf);
  const set = new Der(buf);
  const part = new Der(buf);
  let text = "";
  let commonName = "";
  let attributes = 0;
  if (!name.expect(TAG_SEQUENCE, off, end)) return { text, commonName };
  const stop = name.to;
  for (let at = name.from; at < stop && set.expect(TAG_SET, at, stop); at = set.to) {
    let separator = ", ";
    for (let inner = set.from; inner < set.to && part.expect(TAG_SEQUENCE, inner, set.to); ) {
      if (++attributes > MAX_ATTRIBUTES) return { text: sanitizeText(text, MAX_DN), commonName };
      const next = part.to;
      const entry = readAttribute(part, part.from, next);
      if (entry.key === "CN") commonName = entry.value;
      text += `${text === "" ? "" : separator}${entry.key}=${entry.value}`;
      separator = " + ";
      inner = next;
    }
  }
  return { text: sanitizeText(text, MAX_DN), commonName };
}

function readAttribute(der: Der, off: number, end: number): { key: string; value: string } {
  if (!der.expect(TAG_OID, off, end)) return { key: "?", value: "" };
  const oid = Buffer.from(der.buf.buffer, der.buf.byteOffset + der.from, Math.min(der.to - der.from, 32)).toString(
    "hex",
  );
  const key = ATTRIBUTES.get(oid) ?? dottedOid(der.buf, der.from, Math.min(der.to, der.from + 32));
  if (!der.read(der.to, end)) return { key, value: "" };
  if (der.tag === TAG_BMP_STRING) return { key, value: readBmp(der.buf, der.from, der.to) };
  return { key, value: sanitizeOctets(der.buf, der.from, der.to) };
}

/** BMPString: UTF-16, big-endian (X.690 §8.23.8). */
function readBmp(buf: Uint8Array, off: number, end: number): string {
  let text = "";
  for (let at = off; at + 2 <= end && text.length < 256; at += 2)
    text += String.fromCharCode((u8(buf, at) << 8) | u8(buf, at + 1));
  return sanitizeText(text);
}

function dottedOid(buf: Uint8Array, off: number, end: number): string {
  if (off >= end) return "?";
  const first = u8(buf, off);
  let text = `${Math.min(2, Math.floor(first / 40))}.${first < 80 ? first % 40 : first - 80}`;
  let value = 0;
  for (let at = off + 1; at < end; at++) {
    const octet = u8(buf, at);
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      text += `.${value}`;
      value = 0;
    }
  }
  return text;
}

/** UTCTime "YYMMDDHHMMSSZ" or GeneralizedTime "YYYYMMDDHHMMSSZ" (RFC 5280 §4.1.2.5): always UTC, always seconds. Leaves `der` on it. */
function readTime(der: Der, at: number, end: number): number {
  if (!der.read(at, end)) return Number.NaN;
  const { buf, from, to, tag } = der;
  if (tag !== TAG_UTC_TIME && tag !== TAG_GENERALIZED_TIME) return Number.NaN;
  const yearDigits = tag === TAG_UTC_TIME ? 2 : 4;
  if (to - from < yearDigits + 10) return Number.NaN;
  let year = digits(buf, from, yearDigits);
  if (yearDigits === 2) year += year < 50 ? 2000 : 1900;
  const rest = from + yearDigits;
  const ms = Date.UTC(
    year,
    digits(buf, rest, 2) - 1,
    digits(buf, rest + 2, 2),
    digits(buf, rest + 4, 2),
    digits(buf, rest + 6, 2),
    digits(buf, rest + 8, 2),
  );
  return ms * 1000;
}

function digits(buf: Uint8Array, off: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = u8(buf, off + i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Walks from the public key to the extensions and takes the names of subjectAltName. */
function readAltNames(buf: Uint8Array, off: number, stop: number): string[] {
  const der = new Der(buf);
  let at = off;
  while (der.read(at, stop) && !der.is(TAG_EXTENSIONS)) at = der.to;
  if (!der.is(TAG_EXTENSIONS) || !der.expect(TAG_SEQUENCE, der.from, der.to)) return [];
  const end = der.to;
  for (let next = der.from; next < end && der.expect(TAG_SEQUENCE, next, end); ) {
    next = der.to;
    if (!der.expect(TAG_OID, der.from, der.to)) continue;
    if (der.to - der.from !== 3 || u24(buf, der.from) !== OID_SUBJECT_ALT_NAME) continue;
    // An optional BOOLEAN "critical" stands between the OID and the value.
    if (!der.expect(TAG_OCTET_STRING, der.to, next)) der.expect(TAG_OCTET_STRING, der.to, next);
    if (!der.is(TAG_OCTET_STRING) || !der.expect(TAG_SEQUENCE, der.from, der.to)) return [];
    return readGeneralNames(der, der.from, der.to);
  }
  return [];
}

function readGeneralNames(der: Der, off: number, end: number): string[] {
  const names: string[] = [];
  for (let at = off; names.length < MAX_NAMES && der.read(at, end); at = der.to) {
    if (der.is(TAG_SAN_DNS)) names.push(sanitizeOctets(der.buf, der.from, der.to).toLowerCase());
    else if (der.is(TAG_SAN_IP)) {
      const { buf, from, to } = der;
      if (to - from === 4) names.push(formatIpv4(i32(buf, from)));
      else if (to - from === 16)
        names.push(formatIpv6(i32(buf, from), i32(buf, from + 4), i32(buf, from + 8), i32(buf, from + 12)));
    }
  }
  return names;
}

function hexPairs(buf: Uint8Array, off: number, end: number): string {
  let text = "";
  for (let at = off; at < end; at++) text += `${text === "" ? "" : ":"}${u8(buf, at).toString(16).padStart(2, "0")}`;
  return text;
}

const colons = (hex: string): string => hex.replace(/(..)(?=.)/g, "$1:");

function sameOctets(buf: Uint8Array, aOff: number, aEnd: number, bOff: number, bEnd: number): boolean {
  if (aEnd - aOff !== bEnd - bOff) return false;
  for (let i = 0; i < aEnd - aOff; i++) if (buf[aOff + i] !== buf[bOff + i]) return false;
  return true;
}

/** A validity limit as Suricata writes it, "2024-05-01T12:00:00"; undefined when it could not be read. */
export function validityText(us: number): string | undefined {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 19);
}
