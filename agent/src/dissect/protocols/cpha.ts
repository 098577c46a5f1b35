import { u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const cpha = defineSignature({
  name: "cpha",
  label: "CPHA",
  category: "Network",
  transport: ["udp"],
  ports: [8116],
  firstOctets: [0x1a],
  source: "Check Point cluster control protocol: magic",
  probe: ({ buf, off, end }) =>
    end - off > 20 && u16(buf, off) === 0x1a90 && u16(buf, off + 2) < 0x4000 ? PROBE_YES : PROBE_NO,
});
