import { u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 6;

export const knx = defineSignature({
  name: "knx",
  label: "KNXnet_IP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [3671],
  firstOctets: [0x06],
  source: "KNX Standard 03/08/02 §2.3 (KNXnet/IP core)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    if (u16(buf, off) !== 0x0610) return PROBE_NO;
    // Core, device management, tunnelling, routing, remote configuration, object server, security.
    const family = u16(buf, off + 2) >>> 8;
    const length = u16(buf, off + 4);
    return family >= 2 && family <= 9 && length > HEADER_OCTETS && length <= end - off ? PROBE_YES : PROBE_NO;
  },
});
