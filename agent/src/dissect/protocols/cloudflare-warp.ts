import { u8, u24, u32le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const cloudflareWarp = defineSignature({
  name: "cloudflare-warp",
  label: "CloudflareWarp",
  category: "VPN",
  transport: ["udp"],
  ports: [500, 1701, 2408, 4500],
  firstOctets: [],
  source: "Cloudflare WARP: WireGuard whose message types are raised by 0xc0",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 32) return PROBE_NO;
    // The first message has WireGuard's reserved octets, zero, and its length or more (§5.4.2 of its paper).
    if (u8(buf, off) === 0xc1) return u24(buf, off + 1) === 0 && length >= 148 ? PROBE_YES : PROBE_NO;
    if (u8(buf, off) !== 0xc4) return PROBE_NO;
    // Data: a counter of eight octets, little-endian, still small; sixteen octets are the unit.
    return u32le(buf, off + 12) === 0 && u24(buf, off + 9) <= 0xffff && u32le(buf, off + 8) < 0x1000
      ? PROBE_YES
      : PROBE_NO;
  },
});
