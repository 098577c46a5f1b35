import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const hots = defineSignature({
  name: "hots",
  label: "HotS",
  category: "Game",
  transport: ["udp"],
  ports: [1119, 1120, 3724, 6113],
  firstOctets: [],
  source: "Heroes of the Storm, as observed by nDPI",
  probe: ({ buf, off, end }) =>
    end - off >= 20 &&
    end - off <= 122 &&
    u16(buf, off + 14) === 0x4000 &&
    (u16(buf, off + 2) === 0x0300 ||
      u16(buf, off + 2) === 0x3400 ||
      (u32(buf, off) === 0 && u32(buf, off + 4) === 0 && u32(buf, off + 8) === 0 && u16(buf, off + 12) === 0))
      ? PROBE_YES
      : PROBE_NO,
});
