import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const pathOfExile = defineSignature({
  name: "path-of-exile",
  label: "PathofExile",
  category: "Game",
  transport: ["tcp"],
  ports: [6112, 20481],
  firstOctets: [0],
  source: "Path of Exile, as observed by nDPI",
  probe: ({ buf, off, end, toServer }) => {
    const length = end - off;
    if (!toServer || u8(buf, off) !== 0 || length < 19) return PROBE_NO;
    if (u16(buf, off + 1) !== 0x0300 || u16(buf, off + 7) !== 0x0200) return PROBE_NO;
    if (length === 19) return u32(buf, off + 14) === 0x40 ? PROBE_YES : PROBE_NO;
    return length < 50 && u8(buf, off + 6) === 0 && u32(buf, end - 8) === 0 && u32(buf, end - 4) === 0x4000_0001
      ? PROBE_YES
      : PROBE_NO;
  },
});
