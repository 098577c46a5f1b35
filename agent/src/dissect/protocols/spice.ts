import { u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const MAGIC = "REDQ";
const MAX_SIZE = 4096;

export const spice = defineSignature({
  name: "spice",
  label: "SPICE",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [5900, 5901, 5930],
  firstOctets: firstOctetsOf(MAGIC),
  source: "SPICE Remote Computing Protocol Definition 1.0, link messages",
  probe: (slice) => {
    const { buf, off, end } = slice;
    const code = probeBeginning(slice, MAGIC);
    if (code !== PROBE_YES) return code;
    if (end - off < 16) return PROBE_MORE;
    return u32le(buf, off + 4) <= 2 && u32le(buf, off + 12) <= MAX_SIZE ? PROBE_YES : PROBE_NO;
  },
});
