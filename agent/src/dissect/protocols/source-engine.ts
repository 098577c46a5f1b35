import { startsWithAscii, u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const sourceEngine = defineSignature({
  name: "source-engine",
  label: "Source_Engine",
  category: "Game",
  transport: ["udp"],
  ports: [27015],
  firstOctets: [0xff],
  source: "Valve Developer Community, Server queries",
  probe: ({ buf, off, end }) => {
    if (end - off < 9 || u32(buf, off) !== 0xffff_ffff) return PROBE_NO;
    const kind = u8(buf, off + 4);
    // A2S_INFO with its words; A2S_PLAYER and A2S_RULES and the challenge for them, which have nothing but a number.
    if (kind === 0x54) return startsWithAscii(buf, off + 5, end, "Source Engine Query\0") ? PROBE_YES : PROBE_NO;
    return (kind === 0x55 || kind === 0x56 || kind === 0x41) && end - off === 9 ? PROBE_YES : PROBE_NO;
  },
});
