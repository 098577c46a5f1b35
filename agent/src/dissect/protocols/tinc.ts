import { indexOfOctet, u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAX_LINE = 64;

export const tinc = defineSignature({
  name: "tinc",
  label: "TINC",
  category: "VPN",
  transport: ["tcp"],
  ports: [655],
  firstOctets: [0x30],
  source: "tinc 1.0 and 1.1, meta protocol: ID",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0x30) return PROBE_NO;
    // "0 name 17" or "0 name 17.7", then a line feed.
    const line = indexOfOctet(buf, off, Math.min(end, off + MAX_LINE), 0x0a);
    if (line < 0)
      return end - off < 2 || u8(buf, off + 1) === 0x20 ? (end - off < MAX_LINE ? PROBE_MORE : PROBE_NO) : PROBE_NO;
    const space = indexOfOctet(buf, off + 2, line, 0x20);
    if (u8(buf, off + 1) !== 0x20 || space <= off + 2 || line - space < 3) return PROBE_NO;
    return u8(buf, space + 1) === 0x31 && u8(buf, space + 2) >= 0x32 && u8(buf, space + 2) <= 0x39
      ? PROBE_YES
      : PROBE_NO;
  },
});
