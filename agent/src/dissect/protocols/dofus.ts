import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const dofus = defineSignature({
  name: "dofus",
  label: "Dofus",
  category: "Game",
  transport: ["tcp"],
  ports: [5555],
  firstOctets: [0x00],
  source: "Dofus 2: first message of the server",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length !== 11 && length !== 13 && length !== 49) return PROBE_NO;
    return u32(buf, off) === 0x0005_0800 &&
      u16(buf, off + 4) === 5 &&
      u16(buf, off + 8) === 5 &&
      u8(buf, off + 10) === 0x18
      ? PROBE_YES
      : PROBE_NO;
  },
});
