import { parseIpv4, parseIpv6 } from "../../core/ip.ts";
import { be32, hex, join } from "./octets.ts";

const cache = new Map<string, Uint8Array>();
const MAX_CACHED = 4096;

function cached(text: string, make: (text: string) => Uint8Array | undefined): Uint8Array {
  const known = cache.get(text);
  if (known) return known;
  const octets = make(text);
  if (!octets) throw new RangeError(`"${text}" is not an address`);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(text, octets);
  return octets;
}

/** Six octets of "aa:bb:cc:dd:ee:ff". */
export const macOctets = (text: string): Uint8Array =>
  cached(text, (mac) => (/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i.test(mac) ? hex(mac) : undefined));

/** Four or sixteen octets of an IP address in text. Throws RangeError when it is none. */
export const ipOctets = (text: string): Uint8Array =>
  cached(text, (ip) => {
    const v4 = parseIpv4(ip);
    if (v4 !== undefined) return be32(v4);
    const v6 = parseIpv6(ip);
    return v6 && join(...v6.map(be32));
  });

export const isIpv6 = (ip: string): boolean => ip.includes(":");

export const BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";
export const ZERO_MAC = "00:00:00:00:00:00";

/** Link-layer address of an IP group (RFC 1112 §6.4, RFC 2464 §7), or undefined for a single host. */
export function groupMac(ip: string): string | undefined {
  const octets = ipOctets(ip);
  const tail = (from: number): string => Buffer.from(octets.subarray(from)).toString("hex").replace(/../g, ":$&");
  if (octets.length === 16) return octets[0] === 0xff ? `33:33${tail(12)}` : undefined;
  if (ip === "255.255.255.255") return BROADCAST_MAC;
  const first = octets[0] ?? 0;
  if (first < 224 || first > 239) return undefined;
  const low = ((octets[1] ?? 0) & 0x7f).toString(16).padStart(2, "0");
  return `01:00:5e:${low}${tail(2)}`;
}

/** Link-local IPv6 address made from a MAC (RFC 4291 §2.5.1, appendix A), or the address with the same tail under another /64 prefix ("fd00:1:2:3::"). */
export function eui64(mac: string, prefix = "fe80::"): string {
  const m = macOctets(mac);
  const group = (a: number, b: number): string => (((m[a] ?? 0) << 8) | (m[b] ?? 0)).toString(16);
  const first = (((m[0] ?? 0) ^ 2) << 8) | (m[1] ?? 0);
  const second = ((m[2] ?? 0) << 8) | 0xff;
  const third = 0xfe00 | (m[3] ?? 0);
  const head = prefix.endsWith("::") && prefix.split(":").length === 6 ? prefix.slice(0, -1) : prefix;
  return `${head}${first.toString(16)}:${second.toString(16)}:${third.toString(16)}:${group(4, 5)}`;
}

/** Solicited-node group of an IPv6 address (RFC 4291 §2.7.1). */
export function solicitedNode(ip: string): string {
  const octets = ipOctets(ip);
  const low = (((octets[14] ?? 0) << 8) | (octets[15] ?? 0)).toString(16);
  return `ff02::1:ff${(octets[13] ?? 0).toString(16).padStart(2, "0")}:${low}`;
}
