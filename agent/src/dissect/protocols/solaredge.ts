import { u16le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

const MAGIC = "\x12\x34\x56\x79";

export const solaredge = defineSignature({
  name: "solaredge",
  label: "SolarEdge",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [22222, 22221],
  firstOctets: [0x12],
  source: "SolarEdge inverter communication (solaredge project, msg format)",
  probe: (slice) => {
    const code = probeBeginning(slice, MAGIC);
    if (code !== PROBE_YES) return code;
    if (slice.end - slice.off < 8) return PROBE_MORE;
    // Length, and the same inverted.
    const length = u16le(slice.buf, slice.off + 4);
    return (length ^ u16le(slice.buf, slice.off + 6)) === 0xffff ? PROBE_YES : PROBE_NO;
  },
});
