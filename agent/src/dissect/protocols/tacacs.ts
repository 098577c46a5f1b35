import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const tacacs = defineSignature({
  name: "tacacs",
  label: "TACACS",
  category: "Network",
  transport: ["tcp"],
  ports: [49],
  firstOctets: [],
  source: "RFC 8907 §4.1",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) >>> 4 !== 12) return PROBE_NO;
    if (end - off < 12) return PROBE_MORE;
    const type = u8(buf, off + 1);
    return type >= 1 && type <= 3 && u8(buf, off + 2) > 0 && u32(buf, off + 8) < 65_536 ? PROBE_YES : PROBE_NO;
  },
});
