import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const cnpIp = defineSignature({
  name: "cnp-ip",
  label: "CNP-IP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [1628, 1629],
  firstOctets: [],
  source: "CEA-852 / ISO/IEC 14908-4: common header",
  probe: ({ buf, off, end }) => {
    if (end - off < 20) return PROBE_NO;
    // Length of the whole, version 1, type, size of the extended header, vendor.
    return u16(buf, off) === end - off && (u8(buf, off + 2) & 0x1f) === 1 && (u8(buf, off + 5) & 0x1f) < 3
      ? PROBE_YES
      : u16(buf, off) === end - off && (u8(buf, off + 3) & 0x1f) === 1
        ? PROBE_YES
        : PROBE_NO;
  },
});
