import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 16;

export const tuyaLp = defineSignature({
  name: "tuya",
  label: "TuyaLP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [6666, 6667, 6668, 7000],
  firstOctets: [0x00],
  source: "Tuya LAN protocol 3.1 to 3.5 (tinytuya, local discovery)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return end - off >= 4 && u32(buf, off) !== 0x55aa ? PROBE_NO : PROBE_MORE;
    const prefix = u32(buf, off);
    // Prefix, number, command, length of what follows; 3.5 has two octets more before the number.
    if (prefix === 0x55aa) return u32(buf, off + 12) <= 4096 && u32(buf, off + 8) <= 0xff ? PROBE_YES : PROBE_NO;
    return prefix === 0x6699 && end - off >= 18 && u32(buf, off + 14) <= 4096 ? PROBE_YES : PROBE_NO;
  },
});
