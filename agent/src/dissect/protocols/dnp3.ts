import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const dnp3 = defineSignature({
  name: "dnp3",
  label: "DNP3",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [20000],
  firstOctets: [0x05],
  source: "IEEE 1815-2012 §9.2",
  probe: ({ buf, off, end }) => {
    if (end - off < 10) return end - off < 2 || u16(buf, off) === 0x0564 ? PROBE_MORE : PROBE_NO;
    return u16(buf, off) === 0x0564 && u8(buf, off + 2) >= 5 ? PROBE_YES : PROBE_NO;
  },
});
