import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const paltalk = defineSignature({
  name: "paltalk",
  label: "Paltalk",
  category: "Chat",
  transport: ["tcp"],
  ports: [],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "Paltalk, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length === 20)
      return u32(buf, off + 8) === 0x0002_0001 && u32(buf, off + 16) === 0x5afd_ffff ? PROBE_YES : PROBE_NO;
    return length === 22 && u32(buf, off + 2) === 0x24c2_e80b && u32(buf, off + 17) === 0x5b73_2b00
      ? PROBE_YES
      : PROBE_NO;
  },
});
