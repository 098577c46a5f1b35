import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const ciscoVpn = defineSignature({
  name: "cisco-vpn",
  label: "CiscoVPN",
  category: "VPN",
  transport: ["udp", "tcp"],
  ports: [10000],
  firstOctets: [],
  source: "Cisco IPSec over UDP and TCP, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return PROBE_NO;
    const head = u32(buf, off);
    return head === 0xfe57_7e2b || (head === 0x1701_0000 && u8(buf, off + 4) < 4) ? PROBE_YES : PROBE_NO;
  },
});
