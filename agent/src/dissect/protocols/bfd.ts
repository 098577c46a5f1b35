import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const bfd = defineSignature({
  name: "bfd",
  label: "BFD",
  category: "Network",
  transport: ["udp"],
  ports: [3784, 3785, 4784, 6784, 7784],
  firstOctets: [],
  source: "RFC 5880 §4.1",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 24 || u8(buf, off) >>> 5 !== 1 || u8(buf, off + 3) > length) return PROBE_NO;
    // A multiplier and a discriminator of zero are discarded by every receiver (§6.8.6).
    return u8(buf, off + 3) >= 24 && u8(buf, off + 2) !== 0 && u32(buf, off + 4) !== 0 ? PROBE_YES : PROBE_NO;
  },
});
