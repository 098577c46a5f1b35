import { u16, u16le, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const ads = defineSignature({
  name: "ads",
  label: "BeckhoffADS",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [48898],
  firstOctets: [0],
  source: "Beckhoff AMS/TCP and AMS headers",
  probe: ({ buf, off, end }) => {
    const have = end - off;
    if (have < 38) return have >= 2 && u16(buf, off) !== 0 ? PROBE_NO : PROBE_MORE;
    const length = u32le(buf, off + 2);
    const command = u16le(buf, off + 22);
    const flags = u16le(buf, off + 24);
    if (u16(buf, off) !== 0 || length < 32 || command > 9 || (flags !== 4 && flags !== 5)) return PROBE_NO;
    return u32le(buf, off + 26) === length - 32 ? PROBE_YES : PROBE_NO;
  },
});
