import { startsWithAscii, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const avast = defineSignature({
  name: "avast",
  label: "AVAST",
  category: "Network",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x4e],
  source: "Avast update and telemetry: NOSA, length of the whole",
  probe: ({ buf, off, end }) => {
    if (!startsWithAscii(buf, off, end, "NOSA"))
      return end - off < 4 && startsWithAscii(buf, off, end, "NOSA".slice(0, 1)) ? PROBE_MORE : PROBE_NO;
    return end - off < 6 ? PROBE_MORE : u16(buf, off + 4) === end - off ? PROBE_YES : PROBE_NO;
  },
});
