import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const pfcp = defineSignature({
  name: "pfcp",
  label: "PFCP",
  category: "Network",
  transport: ["udp"],
  ports: [8805],
  firstOctets: [],
  source: "3GPP TS 29.244 §7.2.2",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return PROBE_NO;
    const first = u8(buf, off);
    return first >>> 5 === 1 && (first & 0x18) === 0 && u16(buf, off + 2) === end - off - 4 ? PROBE_YES : PROBE_NO;
  },
});
