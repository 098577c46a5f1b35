import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const fins = defineSignature({
  name: "fins",
  label: "FINS",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [9600],
  firstOctets: [],
  source: "Omron FINS: header",
  probe: ({ buf, off, end }) => {
    if (end - off < 12) return PROBE_NO;
    // Information control: only use of a gateway, answer and need of one; reserved; gateways 2 at most.
    return (u8(buf, off) & 0x3e) === 0 && u8(buf, off) >= 0x80 && u8(buf, off + 1) === 0 && u8(buf, off + 2) <= 7
      ? PROBE_YES
      : PROBE_NO;
  },
});
