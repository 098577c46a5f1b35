import { startsWithAscii, u8 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";
import { MAX_URL } from "./http-event.ts";
import { redactUrl } from "./http-secrets.ts";

const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const MAX_HEADER = 512;
const MAX_CREDENTIAL = 1024;

/** Methods of RFC 9110, WebDAV, UPnP and Windows updates, longest first where one begins another. */
const METHODS: readonly string[] = [
  ..."GET POST HEAD PUT DELETE OPTIONS CONNECT PATCH TRACE NOTIFY SUBSCRIBE UNSUBSCRIBE PROPFIND PROPPATCH".split(" "),
  ..."MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH MERGE CHECKOUT MKACTIVITY BITS_POST CCM_POST RPC_IN_DATA RPC_OUT_DATA".split(
    " ",
  ),
  ..."DESCRIBE LINK UNLINK PURGE ACL BIND SOURCE".split(" "),
];

/** Length of the known method at `off`, 0 for none; the space behind it is there too. */
export function methodLength(buf: Uint8Array, off: number, end: number): number {
  for (const method of METHODS) {
    const next = off + method.length;
    if (next < end && u8(buf, next) === SPACE && startsWithAscii(buf, off, end, method)) return method.length;
  }
  return 0;
}

/** True when [off, end) may still become a method. */
export function mayBecomeMethod(buf: Uint8Array, off: number, end: number): boolean {
  for (const method of METHODS) {
    const length = Math.min(method.length, end - off);
    let i = 0;
    while (i < length && u8(buf, off + i) === method.charCodeAt(i)) i++;
    if (i === length && end - off <= method.length) return true;
  }
  return false;
}

/** What a request said, as far as anybody asks. */
export class RequestHead {
  method = "";
  url = "";
  /** Target with nothing taken out; kept while the request is parsed only. */
  target = "";
  protocol = "";
  host = "";
  hostPort = 0;
  userAgent = "";
  contentType = "";
  referer: string | undefined;
  /** Scheme of the credentials; the credentials themselves are handed over at once and not kept. */
  authorization: string | undefined;
  forwardedFor: string | undefined;
  soapAction: string | undefined;
  upgrade: string | undefined;
  contentEncoding = "";
  /** Nothing but DNS messages is asked for (RFC 8484 §4.1: GET has them in the target). */
  acceptsDns = false;
}

/** What an answer said. */
export class ResponseHead {
  status = 0;
  protocol = "";
  server = "";
  contentType = "";
  location: string | undefined;
  authenticateScheme: string | undefined;
  authenticateRealm: string | undefined;
  upgrade: string | undefined;
  contentEncoding = "";
  subprotocol: string | undefined;
  isPacked = false;
  setsCookie = false;
}

/** Reads "METHOD target HTTP/1.1" (RFC 9112 §3); several spaces and a missing version (HTTP/0.9) pass. False when it is none. */
export function readRequestLine(head: RequestHead, buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  while (at < end && at - off < 20 && isTokenOctet(u8(buf, at))) at++;
  if (at === off || at >= end || u8(buf, at) !== SPACE) return false;
  head.method = sanitizeOctets(buf, off, at);
  const from = skipBlanks(buf, at, end);
  let to = end;
  for (let i = end - 1; i > from && end - i < 16; i--) {
    if (u8(buf, i) !== SPACE) continue;
    if (startsWithAscii(buf, i + 1, end, "HTTP/")) {
      head.protocol = sanitizeOctets(buf, i + 1, end, 16);
      to = trimEnd(buf, from, i);
    } else if (looksLikeVersion(buf, i + 1, end)) return false;
    break;
  }
  if (head.protocol === "") {
    if (head.method !== "GET") return false;
    head.protocol = "HTTP/0.9";
  }
  head.target = sanitizeOctets(buf, from, to, 4 * MAX_URL);
  head.url = redactUrl(head.target);
  if (head.method === "CONNECT") setHost(head, head.target);
  else takeAuthority(head);
  return true;
}

/** "RTSP/1.0", "SIP/2.0": the same shape, other protocols. */
function looksLikeVersion(buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  while (at < end && u8(buf, at) >= 0x41 && u8(buf, at) <= 0x5a) at++;
  return at > off && at + 1 < end && u8(buf, at) === 0x2f && u8(buf, at + 1) >= 0x30 && u8(buf, at + 1) <= 0x39;
}

/** Absolute form (RFC 9112 §3.2.2), what proxies are asked with: the authority names the host. */
function takeAuthority(head: RequestHead): void {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(head.target);
  if (match?.[1] !== undefined) setHost(head, match[1]);
}

/** Takes "host:port" apart. */
export function setHost(head: RequestHead, text: string): void {
  const match = /^(\[[0-9a-fA-F:.]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text.trim());
  head.host = (match?.[1] ?? text).toLowerCase();
  head.hostPort = Number(match?.[2] ?? 0) & 0xffff;
}

/** Reads "HTTP/1.1 200 OK" (RFC 9112 §4); the reason is not kept. */
export function readStatusLine(head: ResponseHead, buf: Uint8Array, off: number, end: number): boolean {
  if (!startsWithAscii(buf, off, end, "HTTP/")) return false;
  let at = off;
  while (at < end && u8(buf, at) !== SPACE) at++;
  head.protocol = sanitizeOctets(buf, off, at, 16);
  const from = skipBlanks(buf, at, end);
  let status = 0;
  for (at = from; at < end && at - from < 3; at++) {
    const digit = u8(buf, at) - 0x30;
    if (digit < 0 || digit > 9) return false;
    status = status * 10 + digit;
  }
  head.status = status;
  return at - from === 3 && status >= 100;
}

/** A header line taken apart. One instance is reused. */
export class HeaderLine {
  nameOff = 0;
  nameLength = 0;
  valueOff = 0;
  valueEnd = 0;
  buf: Uint8Array = new Uint8Array(0);
  /** Blanks stood between name and colon (RFC 9112 §5.1 forbids them: proxies differ on what it means). */
  hasSpaceBeforeColon = false;

  read(buf: Uint8Array, off: number, end: number): boolean {
    let at = off;
    while (at < end && u8(buf, at) !== COLON) at++;
    if (at === end || at === off) return false;
    const nameEnd = trimEnd(buf, off, at);
    this.hasSpaceBeforeColon = nameEnd !== at;
    this.buf = buf;
    this.nameOff = off;
    this.nameLength = nameEnd - off;
    this.valueOff = skipBlanks(buf, at + 1, end);
    this.valueEnd = trimEnd(buf, this.valueOff, end);
    return true;
  }

  /** True if the name is `name` (lower case), letters in any case. */
  is(name: string): boolean {
    if (this.nameLength !== name.length) return false;
    for (let i = 0; i < name.length; i++) {
      const octet = u8(this.buf, this.nameOff + i);
      if ((octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet) !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  /** True if the value is `value`. */
  has(value: string): boolean {
    const { buf, valueOff, valueEnd } = this;
    return valueEnd - valueOff === value.length && startsWithAscii(buf, valueOff, valueEnd, value);
  }

  text(max = MAX_HEADER): string {
    return sanitizeOctets(this.buf, this.valueOff, this.valueEnd, max);
  }

  /** The value with all its octets, for a look at credentials; must not be kept. */
  secret(): string {
    return Buffer.from(
      this.buf.buffer,
      this.buf.byteOffset + this.valueOff,
      Math.min(this.valueEnd - this.valueOff, MAX_CREDENTIAL),
    ).toString("latin1");
  }
}

/** Takes a header of a request. The framing headers and the credentials are the caller's. */
export function takeRequestHeader(head: RequestHead, line: HeaderLine): void {
  if (line.is("host")) {
    // The target's authority wins (RFC 9112 §3.2.2).
    if (head.host === "") setHost(head, line.text());
  } else if (line.is("user-agent")) head.userAgent = line.text();
  else if (line.is("content-type")) head.contentType = mediaType(line.text());
  else if (line.is("referer")) head.referer = redactUrl(line.text(MAX_URL));
  else if (line.is("x-forwarded-for")) head.forwardedFor = line.text();
  else if (line.is("soapaction")) head.soapAction = line.text().replaceAll('"', "");
  else if (line.is("upgrade")) head.upgrade = line.text(64).toLowerCase();
  else if (line.is("content-encoding")) head.contentEncoding = line.text(64);
  else if (line.is("accept")) head.acceptsDns = line.has("application/dns-message");
}

export function takeResponseHeader(head: ResponseHead, line: HeaderLine): void {
  if (line.is("server")) head.server = line.text();
  else if (line.is("content-type")) head.contentType = mediaType(line.text());
  else if (line.is("location")) head.location = redactUrl(line.text(MAX_URL));
  else if (line.is("set-cookie")) head.setsCookie = true;
  else if (line.is("upgrade")) head.upgrade = line.text(64).toLowerCase();
  else if (line.is("content-encoding")) head.contentEncoding = line.text(64);
  else if (line.is("sec-websocket-protocol")) head.subprotocol = line.text(64).toLowerCase();
  else if (line.is("sec-websocket-extensions")) head.isPacked = line.text().includes("permessage-deflate");
  else if (line.is("www-authenticate") || line.is("proxy-authenticate")) takeChallenge(head, line.text());
}

/** WWW-Authenticate or Proxy-Authenticate. Of several offers the first one with a realm says most: it names the device. */
export function takeChallenge(head: ResponseHead, text: string): void {
  const scheme = /^[A-Za-z0-9._-]+/.exec(text)?.[0]?.toLowerCase();
  const realm = /realm="?([^",]*)/i.exec(text)?.[1];
  if (scheme !== undefined && head.authenticateScheme === undefined) head.authenticateScheme = scheme;
  if (realm !== undefined && head.authenticateRealm === undefined) head.authenticateRealm = realm;
}

/** A media type without its parameters, lower case. */
export const mediaType = (text: string): string => (text.split(";", 1)[0] ?? "").trim().toLowerCase();

function skipBlanks(buf: Uint8Array, off: number, end: number): number {
  let at = off;
  while (at < end && (u8(buf, at) === SPACE || u8(buf, at) === TAB)) at++;
  return at;
}

function trimEnd(buf: Uint8Array, off: number, end: number): number {
  let at = end;
  while (at > off && (u8(buf, at - 1) === SPACE || u8(buf, at - 1) === TAB)) at--;
  return at;
}

/** tchar of RFC 9110 §5.6.2, as far as methods use it. */
const isTokenOctet = (octet: number): boolean =>
  (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a) || octet === 0x2d || octet === 0x5f;
