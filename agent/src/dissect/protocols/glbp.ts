import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const glbp = defineSignature({
  name: "glbp",
  label: "GLBP",
  category: "Network",
  transport: ["udp"],
  ports: [3222],
  firstOctets: [],
  source: "Cisco GLBP as Wireshark dissects it: version, group, owner, type-length-values",
  probe: ({ buf, off, end }) => {
    if (end - off < 14 || u8(buf, off) !== 1 || u16(buf, off + 4) !== 0) return PROBE_NO;
    const type = u8(buf, off + 12);
    const length = u8(buf, off + 13);
    return type >= 1 && type <= 4 && length >= 2 && off + 12 + length <= end ? PROBE_YES : PROBE_NO;
  },
});
