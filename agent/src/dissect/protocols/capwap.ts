import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const capwap = defineSignature({
  name: "capwap",
  label: "CAPWAP",
  category: "Network",
  transport: ["udp"],
  ports: [5246, 5247],
  firstOctets: [],
  source: "RFC 5415 §4.2, §4.3, §4.5",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return PROBE_NO;
    // Preamble: version 0, then 1 for a DTLS record behind it.
    if (u32(buf, off) === 0x0100_0000)
      return u8(buf, off + 5) === 0xfe && u8(buf, off + 4) >= 20 ? PROBE_YES : PROBE_NO;
    if (u8(buf, off) !== 0) return PROBE_NO;
    const header = (u8(buf, off + 1) >>> 3) * 4;
    // The wireless binding is 1 for 802.11, the reserved flags are zero.
    const binding = (u16(buf, off + 2) >>> 9) & 31;
    return header >= 8 && off + header + 4 <= end && binding <= 3 && (u8(buf, off + 7) & 7) === 0
      ? PROBE_YES
      : PROBE_NO;
  },
});
