import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const wildRift = defineSignature({
  name: "wild-rift",
  label: "LoLWildRift",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x01],
  source: "League of Legends: Wild Rift, as observed by nDPI",
  probe: ({ buf, off, end }) =>
    end - off === 22 && u32(buf, off) === 0x0102_c841 && u32(buf, end - 4) === 0x4130_4231 ? PROBE_YES : PROBE_NO,
});
