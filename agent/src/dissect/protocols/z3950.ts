import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const z3950 = defineSignature({
  name: "z3950",
  label: "Z3950",
  category: "Network",
  transport: ["tcp"],
  ports: [210],
  firstOctets: [0xb4],
  source: "ANSI/NISO Z39.50 §4.1: initRequest in BER",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0xb4) return PROBE_NO;
    if (end - off < 8) return PROBE_MORE;
    const long = u8(buf, off + 1);
    const at = off + (long < 0x80 ? 2 : 2 + (long & 0x7f));
    // Protocol version, a bit string.
    return at + 2 <= end && (u8(buf, at) === 0x83 || u8(buf, at) === 0x82) && u8(buf, at + 1) <= 10
      ? PROBE_YES
      : PROBE_NO;
  },
});
