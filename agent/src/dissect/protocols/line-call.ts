import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const lineCall = defineSignature({
  name: "line-call",
  label: "LineCall",
  category: "VoIP",
  transport: ["udp"],
  ports: [],
  firstOctets: [0xb6, 0xd8, 0xd9, 0xda, 0xdb],
  source: "LINE calls: kind and length, counter",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 8) return PROBE_NO;
    // Control: kind, then the length of what follows.
    if (u8(buf, off) === 0xb6)
      return u8(buf, off + 1) <= 0x20 && u16(buf, off + 2) === length - 4 ? PROBE_YES : PROBE_NO;
    // The first of a call: the low eleven bits of its first word are the length behind four octets.
    if (length < 100 || (u16(buf, off) & 0x07ff) !== length - 4) return PROBE_NO;
    return u8(buf, off + 4) === 6 && u8(buf, off + 5) === 2 ? PROBE_YES : PROBE_NO;
  },
});
