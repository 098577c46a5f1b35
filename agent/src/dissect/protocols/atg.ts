import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const isHex = (octet: number): boolean => (octet >= 0x30 && octet <= 0x39) || (octet >= 0x41 && octet <= 0x46);

export const atg = defineSignature({
  name: "atg",
  label: "ATG",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [10001],
  firstOctets: [],
  source: "Veeder-Root automatic tank gauges: serial commands",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0x01) return PROBE_NO;
    if (end - off < 7) return PROBE_MORE;
    // "I" asks, "S" sets; five digits, the tank among them.
    const letter = u8(buf, off + 1) & 0xdf;
    if (letter !== 0x49 && letter !== 0x53) return PROBE_NO;
    for (let at = off + 2; at < off + 7; at++) if (!isHex(u8(buf, at))) return PROBE_NO;
    return PROBE_YES;
  },
});
