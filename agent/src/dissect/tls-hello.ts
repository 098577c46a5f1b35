import { u8, u16, u24 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";

/** What a ClientHello offers (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). Lists are as sent, GREASE included, each cut at MAX_LIST. */
export interface ClientHello {
  /** legacy_version: 0x0303 in TLS 1.2 and 1.3, 0xfefd in DTLS 1.2. */
  legacyVersion: number;
  /** supported_versions (RFC 8446 §4.2.1); empty when the extension is absent. */
  versions: number[];
  ciphers: number[];
  extensions: number[];
  groups: number[];
  pointFormats: number[];
  signatureAlgorithms: number[];
  /** Protocol names offered (RFC 7301), sanitized. */
  alpns: string[];
  /** First and last octet of the first ALPN value, -1 without one: JA4 needs the octets, not the text. */
  alpnFirst: number;
  alpnLast: number;
  /** server_name as text; empty when absent or an unusable one. */
  sni: string;
  hasSni: boolean;
  /** encrypted_client_hello in its outer form (RFC 9849 §5). */
  hasEch: boolean;
  /** Octets of the session id: what the server echoes when it resumes up to TLS 1.2. */
  sessionId: Uint8Array;
}

/** What a ServerHello chose (RFC 8446 §4.1.3). */
export interface ServerHello {
  legacyVersion: number;
  /** Negotiated version: supported_versions when it is there, legacy_version else. */
  version: number;
  cipher: number;
  extensions: number[];
  alpn: string;
  sessionId: Uint8Array;
  /** The random is the fixed value that marks a HelloRetryRequest. */
  isRetry: boolean;
  hasPsk: boolean;
}

/** More entries than any list registered with IANA: a longer one is made up, and is cut. */
const MAX_LIST = 512;
const MAX_ALPNS = 16;

const EXT_SERVER_NAME = 0;
const EXT_GROUPS = 10;
const EXT_POINT_FORMATS = 11;
const EXT_SIGNATURE_ALGORITHMS = 13;
const EXT_ALPN = 16;
const EXT_PRE_SHARED_KEY = 41;
const EXT_SUPPORTED_VERSIONS = 43;
const EXT_ECH = 0xfe0d;
/** Type, two suites, config id, and the lengths of two strings of which the second is never empty (RFC 9849 §5). */
const LEAST_ECH = 11;

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3), its first eight octets: enough to tell. */
const RETRY_RANDOM = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11];

/** True for the reserved values of RFC 8701 that clients mix in to keep servers tolerant. */
export const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);

/**
 * Reads the body of a ClientHello (without the handshake header) in [off, end).
 *
 * Returns  undefined when a length does not fit: then nothing of it can be trusted.
 * Shape    `isDatagram` = DTLS: a cookie stands between session id and ciphers (RFC 6347 §4.2.1).
 */
export function parseClientHello(
  buf: Uint8Array,
  off: number,
  end: number,
  isDatagram: boolean,
): ClientHello | undefined {
  if (end - off < 35) return undefined;
  const sessionOff = off + 35;
  const sessionLength = u8(buf, off + 34);
  let at = sessionOff + sessionLength;
  if (isDatagram) {
    if (at >= end) return undefined;
    at += 1 + u8(buf, at);
  }
  if (sessionLength > 32 || at + 2 > end) return undefined;
  const cipherLength = u16(buf, at);
  at += 2;
  if ((cipherLength & 1) !== 0 || at + cipherLength + 1 > end) return undefined;
  const hello: ClientHello = {
    legacyVersion: u16(buf, off),
    versions: [],
    ciphers: read16(buf, at, at + cipherLength),
    extensions: [],
    groups: [],
    pointFormats: [],
    signatureAlgorithms: [],
    alpns: [],
    alpnFirst: -1,
    alpnLast: -1,
    sni: "",
    hasSni: false,
    hasEch: false,
    sessionId: buf.slice(sessionOff, sessionOff + sessionLength),
  };
  at += cipherLength;
  at += 1 + u8(buf, at);
  if (at > end) return undefined;
  return readExtensions(buf, at, end, (type, from, to) => clientExtension(hello, buf, type, from, to))
    ? hello
    : undefined;
}

/** Reads the body of a ServerHello in [off, end); undefined when a length does not fit. */
export function parseServerHello(buf: Uint8Array, off: number, end: number): ServerHello | undefined {
  if (end - off < 38) return undefined;
  const legacyVersion = u16(buf, off);
  const sessionLength = u8(buf, off + 34);
  let at = off + 35 + sessionLength;
  if (sessionLength > 32 || at + 3 > end) return undefined;
  const hello: ServerHello = {
    legacyVersion,
    version: legacyVersion,
    cipher: u16(buf, at),
    extensions: [],
    alpn: "",
    sessionId: buf.slice(off + 35, off + 35 + sessionLength),
    isRetry: RETRY_RANDOM.every((octet, i) => buf[off + 2 + i] === octet),
    hasPsk: false,
  };
  at += 3;
  return readExtensions(buf, at, end, (type, from, to) => serverExtension(hello, buf, type, from, to))
    ? hello
    : undefined;
}

function clientExtension(hello: ClientHello, buf: Uint8Array, type: number, from: number, to: number): void {
  if (hello.extensions.length < MAX_LIST) hello.extensions.push(type);
  switch (type) {
    case EXT_SERVER_NAME:
      hello.hasSni = true;
      hello.sni = readServerName(buf, from, to);
      break;
    case EXT_GROUPS:
      hello.groups = readList16(buf, from, to);
      break;
    case EXT_POINT_FORMATS:
      hello.pointFormats = readList8(buf, from, to);
      break;
    case EXT_SIGNATURE_ALGORITHMS:
      hello.signatureAlgorithms = readList16(buf, from, to);
      break;
    case EXT_ECH:
      hello.hasEch = to - from >= LEAST_ECH && u8(buf, from) === 0;
      break;
    case EXT_ALPN:
      readAlpns(hello, buf, from, to);
      break;
    case EXT_SUPPORTED_VERSIONS:
      if (to > from) hello.versions = read16(buf, from + 1, Math.min(to, from + 1 + u8(buf, from)));
      break;
  }
}

function serverExtension(hello: ServerHello, buf: Uint8Array, type: number, from: number, to: number): void {
  if (hello.extensions.length < MAX_LIST) hello.extensions.push(type);
  if (type === EXT_SUPPORTED_VERSIONS && to - from === 2) hello.version = u16(buf, from);
  else if (type === EXT_PRE_SHARED_KEY) hello.hasPsk = true;
  else if (type === EXT_ALPN && to - from > 3) {
    const nameEnd = from + 3 + u8(buf, from + 2);
    if (nameEnd <= to) hello.alpn = sanitizeOctets(buf, from + 3, nameEnd, 64);
  }
}

/** Walks the extensions block at `at`; false when a length passes the end. A hello may end before it (TLS 1.0 had none). */
function readExtensions(
  buf: Uint8Array,
  at: number,
  end: number,
  each: (type: number, from: number, to: number) => void,
): boolean {
  if (at === end) return true;
  if (at + 2 > end) return false;
  const stop = at + 2 + u16(buf, at);
  if (stop > end) return false;
  let next = at + 2;
  while (next + 4 <= stop) {
    const from = next + 4;
    const to = from + u16(buf, next + 2);
    if (to > stop) return false;
    each(u16(buf, next), from, to);
    next = to;
  }
  return next === stop;
}

/** RFC 6066 §3: a list of names, of which only type 0 (host_name) was ever defined. */
function readServerName(buf: Uint8Array, from: number, to: number): string {
  let at = from + 2;
  while (at + 3 <= to) {
    const length = u16(buf, at + 1);
    if (at + 3 + length > to) return "";
    if (u8(buf, at) === 0) return sanitizeOctets(buf, at + 3, at + 3 + length).toLowerCase();
    at += 3 + length;
  }
  return "";
}

function readAlpns(hello: ClientHello, buf: Uint8Array, from: number, to: number): void {
  let at = from + 2;
  while (at < to && hello.alpns.length < MAX_ALPNS) {
    const length = u8(buf, at);
    if (at + 1 + length > to) return;
    if (hello.alpns.length === 0 && length > 0) {
      hello.alpnFirst = u8(buf, at + 1);
      hello.alpnLast = u8(buf, at + length);
    }
    hello.alpns.push(sanitizeOctets(buf, at + 1, at + 1 + length, 64));
    at += 1 + length;
  }
}

function read16(buf: Uint8Array, from: number, to: number): number[] {
  const list: number[] = [];
  for (let at = from; at + 2 <= to && list.length < MAX_LIST; at += 2) list.push(u16(buf, at));
  return list;
}

const readList16 = (buf: Uint8Array, from: number, to: number): number[] =>
  to - from < 2 ? [] : read16(buf, from + 2, Math.min(to, from + 2 + u16(buf, from)));

function readList8(buf: Uint8Array, from: number, to: number): number[] {
  const list: number[] = [];
  if (to <= from) return list;
  const stop = Math.min(to, from + 1 + u8(buf, from));
  for (let at = from + 1; at < stop; at++) list.push(u8(buf, at));
  return list;
}

/** Length of a handshake message's body from its header (RFC 8446 §4): type, then 24 bits. */
export const handshakeLength = (buf: Uint8Array, off: number): number => u24(buf, off + 1);

/** Version as Suricata writes it in `tls.version`. */
export function versionText(version: number): string {
  const known = VERSION_NAMES.get(version);
  if (known !== undefined) return known;
  if (version >>> 8 === 0x7f) return `TLS 1.3 draft-${version & 0xff}`;
  return version === 0 ? "UNDETERMINED" : `0x${version.toString(16).padStart(4, "0")}`;
}

const VERSION_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0002, "SSLv2"],
  [0x0300, "SSLv3"],
  [0x0301, "TLSv1"],
  [0x0302, "TLS 1.1"],
  [0x0303, "TLS 1.2"],
  [0x0304, "TLS 1.3"],
  [0x0100, "DTLS 0.9"],
  [0xfeff, "DTLS 1.0"],
  [0xfefd, "DTLS 1.2"],
  [0xfefc, "DTLS 1.3"],
]);

/** Highest version a client offers: supported_versions without GREASE, or legacy_version. */
export function offeredVersion(hello: ClientHello): number {
  let best = 0;
  for (const version of hello.versions) {
    if (isGrease(version)) continue;
    // DTLS counts down: 0xfefd is newer than 0xfeff.
    const isNewer = version >>> 8 === 0xfe && best >>> 8 === 0xfe ? version < best : version > best;
    if (best === 0 || isNewer) best = version;
  }
  return best === 0 ? hello.legacyVersion : best;
}
