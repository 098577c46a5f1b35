import { hash } from "node:crypto";
import { type ClientHello, isGrease, offeredVersion } from "./tls-hello.ts";

/** What carries the hello: t = TLS over TCP, q = QUIC, d = DTLS. */
export type Ja4Carrier = "t" | "q" | "d";

const EMPTY_HASH = "000000000000";
const EXT_SERVER_NAME = 0;
const EXT_ALPN = 16;

const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0304, "13"],
  [0x0303, "12"],
  [0x0302, "11"],
  [0x0301, "10"],
  [0x0300, "s3"],
  [0x0002, "s2"],
  [0xfeff, "d1"],
  [0xfefd, "d2"],
  [0xfefc, "d3"],
]);

const hex4 = (value: number): string => value.toString(16).padStart(4, "0");
const isNotGrease = (value: number): boolean => !isGrease(value);
const count = (n: number): string => String(Math.min(n, 99)).padStart(2, "0");
const short = (text: string): string => (text === "" ? EMPTY_HASH : hash("sha256", text).slice(0, 12));

/**
 * JA4 of a TLS client (FoxIO, BSD-3-Clause part): carrier, version, SNI, counts and ALPN; hash of the sorted ciphers; hash of the sorted
 * extensions (without SNI and ALPN) with the signature algorithms in the order sent. GREASE counts nowhere.
 */
export function ja4Of(hello: ClientHello, carrier: Ja4Carrier): string {
  const ciphers = hello.ciphers.filter(isNotGrease);
  const extensions = hello.extensions.filter(isNotGrease);
  const version = VERSIONS.get(offeredVersion(hello)) ?? "00";
  const head = `${carrier}${version}${hello.hasSni ? "d" : "i"}${count(ciphers.length)}${count(extensions.length)}${alpnPart(hello)}`;
  const hashed = extensions.filter((type) => type !== EXT_SERVER_NAME && type !== EXT_ALPN);
  const algorithms = hello.signatureAlgorithms.filter(isNotGrease).map(hex4).join(",");
  const sorted = hashed.map(hex4).sort().join(",");
  const tail = algorithms === "" ? sorted : `${sorted}_${algorithms}`;
  return `${head}_${short(ciphers.map(hex4).sort().join(","))}_${short(tail)}`;
}

/** First and last character of the first ALPN value; of its hex form when either is not alphanumeric; "00" without one. */
function alpnPart(hello: ClientHello): string {
  const { alpnFirst, alpnLast } = hello;
  if (alpnFirst < 0) return "00";
  if (isAlphanumeric(alpnFirst) && isAlphanumeric(alpnLast)) return String.fromCharCode(alpnFirst, alpnLast);
  return `${(alpnFirst >>> 4).toString(16)}${(alpnLast & 15).toString(16)}`;
}

const isAlphanumeric = (octet: number): boolean =>
  (octet >= 0x30 && octet <= 0x39) || (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a);
