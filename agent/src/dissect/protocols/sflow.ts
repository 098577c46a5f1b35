import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const sflow = defineSignature({
  name: "sflow",
  label: "sFlow",
  category: "Network",
  transport: ["udp"],
  ports: [6343],
  firstOctets: [0],
  source: "sFlow 5: datagram",
  probe: ({ buf, off, end }) => {
    if (end - off < 28) return PROBE_NO;
    const version = u32(buf, off);
    const family = u32(buf, off + 4);
    if ((version !== 2 && version !== 4 && version !== 5) || (family !== 1 && family !== 2)) return PROBE_NO;
    const count = off + (family === 1 ? 24 : 36);
    // Samples of one datagram are few; each needs eight octets at least.
    return count + 4 <= end && u32(buf, count) * 8 <= end - count - 4 ? PROBE_YES : PROBE_NO;
  },
});
