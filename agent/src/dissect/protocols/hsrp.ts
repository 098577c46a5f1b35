import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const STATES: ReadonlySet<number> = new Set([0, 1, 2, 4, 8, 16]);

export const hsrp = defineSignature({
  name: "hsrp",
  label: "HSRP",
  category: "Network",
  transport: ["udp"],
  ports: [1985, 2029],
  firstOctets: [],
  source: "RFC 2281 §5.1; Cisco HSRP 2: type-length-value",
  probe: ({ buf, off, end }) => {
    if (end - off < 20) return PROBE_NO;
    const first = u8(buf, off);
    if (first === 0) return STATES.has(u8(buf, off + 2)) && u8(buf, off + 1) <= 3 ? PROBE_YES : PROBE_NO;
    return first === 1 && u8(buf, off + 1) >= 40 && u8(buf, off + 2) === 2 ? PROBE_YES : PROBE_NO;
  },
});
