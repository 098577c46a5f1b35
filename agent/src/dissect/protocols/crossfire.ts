import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const crossfire = defineSignature({
  name: "crossfire",
  label: "Crossfire",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0xc7],
  source: "Crossfire, as observed by nDPI",
  probe: ({ buf, off, end }) =>
    end - off === 25 && u32(buf, off) === 0xc7d9_1999 && u16(buf, off + 4) === 0x0200 && u16(buf, off + 22) === 0x7d00
      ? PROBE_YES
      : PROBE_NO,
});
