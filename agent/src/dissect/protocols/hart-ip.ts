import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const hartIp = defineSignature({
  name: "hart-ip",
  label: "HART-IP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [5094],
  firstOctets: [],
  source: "HART-IP, HCF_SPEC-085: message header",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return PROBE_NO;
    return u8(buf, off) === 1 &&
      u8(buf, off + 1) <= 15 &&
      u8(buf, off + 2) <= 4 &&
      u16(buf, off + 6) >= 8 &&
      u16(buf, off + 6) <= end - off
      ? PROBE_YES
      : PROBE_NO;
  },
});
