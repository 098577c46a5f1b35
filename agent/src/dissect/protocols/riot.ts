import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const riot = defineSignature({
  name: "riot",
  label: "RiotGames",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "Riot games, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    if (end - off <= 8) return PROBE_NO;
    const last = u32(buf, end - 4);
    if (last === 0xbbbb_bbbb) return u32(buf, end - 8) === 0xaaaa_aaaa ? PROBE_YES : PROBE_NO;
    return end - off === 53 && last === 0xea23_460c && u32(buf, end - 8) === 0x3cb1_1f2d ? PROBE_YES : PROBE_NO;
  },
});
