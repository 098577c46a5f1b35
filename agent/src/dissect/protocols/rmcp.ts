import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const ASF = 6;
const IPMI = 7;

export const rmcp = defineSignature({
  name: "rmcp",
  label: "RMCP",
  category: "System",
  transport: ["udp"],
  ports: [623],
  firstOctets: [],
  source: "IPMI 2.0 §13.1.3, DMTF DSP0136 §3.2.2",
  probe: ({ buf, off, end }) => {
    if (end - off < 4 || u8(buf, off) !== 6 || u8(buf, off + 1) !== 0) return PROBE_NO;
    const kind = u8(buf, off + 3) & 0x1f;
    return kind === ASF || kind === IPMI ? PROBE_YES : PROBE_NO;
  },
});
