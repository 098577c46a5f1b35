import { u8, u24, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const amongUs = defineSignature({
  name: "among-us",
  label: "AmongUs",
  category: "Game",
  transport: ["udp"],
  ports: [22023],
  firstOctets: [0x08],
  source: "Hazel: hello, then the game's version",
  probe: ({ buf, off, end }) =>
    end - off > 9 && u8(buf, off) === 8 && u24(buf, off + 1) === 0x00_0100 && u32(buf, off + 4) === 0x80d9_0203
      ? PROBE_YES
      : PROBE_NO,
});
