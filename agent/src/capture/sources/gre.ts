import { mirrorTunnel } from "../mirror-tunnel.ts";

/** Mirrored packets in GRE: whole frames (0x6558, as gretap has them) or IPv4 and IPv6 packets (RFC 2784). */
export const gre = mirrorTunnel("gre", [0x6558, 0x0800, 0x86dd]);
