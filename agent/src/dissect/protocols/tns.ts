import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const tns = defineSignature({
  name: "tns",
  label: "Oracle",
  category: "Database",
  transport: ["tcp"],
  ports: [1521, 1522, 1526],
  firstOctets: [0],
  source: "Oracle Net: CONNECT packet and its connect data",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer || u8(buf, off) > 1) return PROBE_NO;
    if (end - off < 34) return end - off >= 5 && u8(buf, off + 4) !== 1 ? PROBE_NO : PROBE_MORE;
    // Connect, no checksums, versions of 300 to 320.
    const version = u16(buf, off + 8);
    if (u8(buf, off + 4) !== 1 || u16(buf, off + 2) !== 0 || version < 300 || version > 330) return PROBE_NO;
    return u16(buf, off) >= 34 && u16(buf, off + 26) >= 34 ? PROBE_YES : PROBE_NO;
  },
});
