import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const tencentGames = defineSignature({
  name: "tencent-games",
  label: "TencentGames",
  category: "Game",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x33, 0x43],
  source: "Tencent games, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    if (end - off < 16)
      return end - off < 4 &&
        (u8(buf, off) === 0x33 || u8(buf, off) === 0x43) &&
        (end - off < 2 || u8(buf, off + 1) === 0x66)
        ? PROBE_MORE
        : PROBE_NO;
    const head = u32(buf, off);
    return (head === 0x3366_000b && u16(buf, off + 4) === 0x000b) ||
      (head === 0x4366_aa00 && u32(buf, off + 12) === 0x10e6_8601)
      ? PROBE_YES
      : PROBE_NO;
  },
});
