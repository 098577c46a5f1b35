import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const neteaseGames = defineSignature({
  name: "netease-games",
  label: "NetEaseGames",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x01, 0x07, 0xb3],
  source: "NetEase games, as observed by nDPI",
  probe: ({ buf, off, end }) =>
    (end - off === 12 && u8(buf, off) === 1 && u16(buf, off + 2) === 0xd001 && u32(buf, off + 8) === 0x0101_0101) ||
    (end - off >= 30 && (u32(buf, off) === 0xb3af_8de8 || u32(buf, off) === 0x0708_080c))
      ? PROBE_YES
      : PROBE_NO,
});
