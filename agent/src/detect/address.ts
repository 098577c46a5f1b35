import { parseIpv4 } from "../core/ip.ts";

/**
 * True for a multicast, broadcast or unspecified address. An IPv4 address that ends in .255 counts as broadcast: the mask of a subnet is
 * not seen in packets, and homes use /24 almost without exception.
 */
export function isGroupAddress(ip: string): boolean {
  const v4 = parseIpv4(ip);
  if (v4 !== undefined) return v4 >>> 28 === 14 || (v4 & 0xff) === 0xff || v4 === 0;
  return ip.startsWith("ff") || ip === "::";
}
