import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const hclNotes = defineSignature({
  name: "hcl-notes",
  label: "HCL_Notes",
  category: "Collaborative",
  transport: ["tcp"],
  ports: [1352],
  firstOctets: [0],
  source: "Notes RPC: first message of a session",
  probe: ({ buf, off, end }) => {
    if (end - off < 9) return u8(buf, off) <= 0xff && end - off >= 4 && u16(buf, off) !== 0 ? PROBE_NO : PROBE_MORE;
    return u32(buf, off) === 0x0000_0200 && u32(buf, off + 4) === 0x0040_020f ? PROBE_YES : PROBE_NO;
  },
});
