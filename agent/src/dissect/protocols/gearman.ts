import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, probeBeginnings } from "../signature.ts";

const MAGICS = ["\0REQ", "\0RES"] as const;

export const gearman = defineSignature({
  name: "gearman",
  label: "Gearman",
  category: "RPC",
  transport: ["tcp"],
  ports: [4730],
  firstOctets: [0],
  source: "Gearman protocol: binary packet",
  probe: (slice) => {
    const code = probeBeginnings(slice, MAGICS);
    const { buf, off, end } = slice;
    if (code !== PROBE_YES) return code;
    if (end - off < 12) return PROBE_MORE;
    return u32(buf, off + 4) >= 1 && u32(buf, off + 4) <= 42 ? PROBE_YES : PROBE_NO;
  },
});
