import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PORT = 51820;
const INITIATION = 0x0100_0000;
const RESPONSE = 0x0200_0000;
const COOKIE = 0x0300_0000;
const DATA = 0x0400_0000;

export const wireguard = defineSignature({
  name: "wireguard",
  label: "WireGuard",
  category: "VPN",
  transport: ["udp"],
  ports: [PORT],
  firstOctets: [1, 2, 3, 4],
  source: "Donenfeld, WireGuard: Next Generation Kernel Network Tunnel, §5.4",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    const length = end - off;
    if (length < 32) return PROBE_NO;
    // Type and three zeros; the messages of the handshake have one length each.
    switch (u32(buf, off)) {
      case INITIATION:
        return length === 148 ? PROBE_YES : PROBE_NO;
      case RESPONSE:
        return length === 92 ? PROBE_YES : PROBE_NO;
      case COOKIE:
        return length === 64 ? PROBE_YES : PROBE_NO;
      case DATA:
        return length % 16 === 0 && (serverPort === PORT || clientPort === PORT) ? PROBE_YES : PROBE_NO;
      default:
        return PROBE_NO;
    }
  },
});
