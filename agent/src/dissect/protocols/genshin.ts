import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const genshin = defineSignature({
  name: "genshin",
  label: "GenshinImpact",
  category: "Game",
  transport: ["udp"],
  ports: [22101, 22102],
  firstOctets: [0],
  source: "miHoYo KCP: connect",
  probe: ({ buf, off, end }) =>
    end - off >= 20 &&
    u32(buf, off) === 0x0000_00ff &&
    u32(buf, off + 4) === 0 &&
    u32(buf, off + 12) === 0x4996_02d2 &&
    u32(buf, off + 16) === 0xffff_ffff
      ? PROBE_YES
      : PROBE_NO,
});
