import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const openflow = defineSignature({
  name: "openflow",
  label: "OpenFlow",
  category: "Network",
  transport: ["tcp"],
  ports: [6633, 6653],
  firstOctets: [],
  source: "OpenFlow 1.5 §7.1: header, hello first",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return PROBE_MORE;
    const version = u8(buf, off);
    return version >= 1 && version <= 6 && u8(buf, off + 1) === 0 && u16(buf, off + 2) >= 8 && u16(buf, off + 2) <= 64
      ? PROBE_YES
      : PROBE_NO;
  },
});
