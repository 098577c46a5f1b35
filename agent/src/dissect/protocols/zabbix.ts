import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "ZBXD";
/** Bits: protocol, compressed, large. */
const LAST_FLAGS = 7;

export const zabbix = defineSignature({
  name: "zabbix",
  label: "Zabbix",
  category: "Network",
  transport: ["tcp"],
  ports: [10050, 10051],
  firstOctets: firstOctetsOf(BEGINNING),
  source: "Zabbix protocols: header and data length",
  probe: (slice) => {
    const code = probeBeginning(slice, BEGINNING);
    if (code !== PROBE_YES) return code;
    if (slice.end - slice.off < 5) return PROBE_MORE;
    const flags = u8(slice.buf, slice.off + 4);
    return (flags & 1) === 1 && flags <= LAST_FLAGS ? PROBE_YES : PROBE_NO;
  },
});
