import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const doip = defineSignature({
  name: "doip",
  label: "DoIP",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [13400],
  firstOctets: [0x01, 0x02, 0x03, 0xff],
  source: "ISO 13400-2 §7.1.2: generic header",
  probe: ({ buf, off, end }) => {
    if (end - off < 8)
      return end - off >= 2 && (u8(buf, off) ^ u8(buf, off + 1)) !== 0xff
        ? PROBE_NO
        : end - off < 8 && u8(buf, off) <= 3
          ? PROBE_MORE
          : PROBE_NO;
    if ((u8(buf, off) ^ u8(buf, off + 1)) !== 0xff) return PROBE_NO;
    const type = u16(buf, off + 2);
    const isKnown = type <= 8 || (type >= 0x4001 && type <= 0x4004) || (type >= 0x8001 && type <= 0x8003);
    return isKnown && u32(buf, off + 4) === end - off - 8 ? PROBE_YES : PROBE_NO;
  },
});
