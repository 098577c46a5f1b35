import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const battlenet = defineSignature({
  name: "battlenet",
  label: "Blizzard",
  category: "Game",
  transport: ["tcp", "udp"],
  ports: [1119],
  firstOctets: [0x41, 0xff],
  source: "Battle.net, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return u8(buf, off) === 0x41 && end - off < 4 ? PROBE_MORE : PROBE_NO;
    if (u32(buf, off) === 0x4100_000a && u32(buf, off + 4) === 0x6652_edc6) return PROBE_YES;
    return end - off === 23 && u32(buf, off) === 0xffff_ffff && u32(buf, off + 4) === 0xa31f_b61e
      ? PROBE_YES
      : PROBE_NO;
  },
});
