import { parseIpv4 } from "../core/ip.ts";

/** True for an address that is one host's own: no multicast, broadcast, unspecified, loopback or autoconfiguration address. */
export function isHostAddress(ip: string): boolean {
  const v4 = parseIpv4(ip);
  if (v4 !== undefined) {
    const first = v4 >>> 24;
    // 169.254/16 (RFC 3927) is what a device calls itself until it has an address.
    return v4 !== 0 && first < 224 && first !== 127 && first !== 0 && (v4 & 0xff) !== 0xff && v4 >>> 16 !== 0xa9fe;
  }
  return ip.includes(":") && ip !== "::" && ip !== "::1" && !ip.startsWith("ff");
}

/**
 * True for a MAC that is one device's own: no group address, not the zero address, and not shared by several routers
 * (VRRP RFC 9568 §7.3, HSRP, GLBP) or made by a hypervisor's proxy.
 */
export function isDeviceMac(mac: string): boolean {
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) !== 0 || mac === "00:00:00:00:00:00") return false;
  return !/^00:00:5e:00:0[12]:|^00:00:0c:07:ac:|^00:00:0c:9f:f|^00:07:b4:/.test(mac);
}

/** Group MAC that stands for a whole link: the other end of the flow is no device. */
export const isGroupMac = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) !== 0;
