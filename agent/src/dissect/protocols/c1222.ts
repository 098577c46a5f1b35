import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const c1222 = defineSignature({
  name: "c1222",
  label: "ANSI_C1222",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [1153],
  firstOctets: [0x60],
  source: "ANSI C12.22 §5.3.4: ACSE, called AP title",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0x60) return PROBE_NO;
    if (end - off < 8) return end - off < 3 ? PROBE_MORE : PROBE_NO;
    // An association whose first element is the called title, an identifier, universal or relative.
    const element = off + (u8(buf, off + 1) < 0x80 ? 2 : 2 + (u8(buf, off + 1) & 3));
    if (element + 3 > end || u8(buf, element) !== 0xa2) return PROBE_NO;
    return u8(buf, element + 2) === 0x06 || u8(buf, element + 2) === 0x80 ? PROBE_YES : PROBE_NO;
  },
});
