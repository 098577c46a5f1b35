import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const START = 0x68;
const LAST_LENGTH = 253;

export const iec104 = defineSignature({
  name: "iec104",
  label: "IEC60870",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [2404],
  firstOctets: [],
  source: "IEC 60870-5-104 §5",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== START) return PROBE_NO;
    if (end - off < 6) return PROBE_MORE;
    const length = u8(buf, off + 1);
    return length >= 4 && length <= LAST_LENGTH ? PROBE_YES : PROBE_NO;
  },
});
