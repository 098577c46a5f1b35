import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const flute = defineSignature({
  name: "flute",
  label: "FLUTE",
  category: "Download",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x10, 0x12],
  source: "RFC 6726 §3, RFC 5651 §5.1: ALC packets with the header extensions of FLUTE",
  probe: ({ buf, off, end }) => {
    if (end - off < 20) return PROBE_NO;
    const header = u8(buf, off + 2) * 4;
    // Version 1; the extension EXT_FDT (192) of version 2, perhaps behind EXT_FTI (64).
    if (u8(buf, off) >>> 4 !== 1 || header < 16 || off + header > end) return PROBE_NO;
    for (let at = off + 12; at + 4 <= off + header; at += 4)
      if (u8(buf, at) === 192 && (u8(buf, at + 1) & 0xf0) === 0x20) return PROBE_YES;
    return PROBE_NO;
  },
});
