import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const smpp = defineSignature({
  name: "smpp",
  label: "SMPP",
  category: "Download",
  transport: ["tcp"],
  ports: [2775],
  firstOctets: [0],
  source: "SMPP 3.4 §3.2, §5.1.2.1: bind",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return end - off >= 4 && (u32(buf, off) < 16 || u32(buf, off) > 256) ? PROBE_NO : PROBE_MORE;
    const length = u32(buf, off);
    const command = u32(buf, off + 4);
    const isAnswer = command >= 0x8000_0000;
    const bind = isAnswer ? command - 0x8000_0000 : command;
    if (length < 16 || length > 256 || (bind !== 1 && bind !== 2 && bind !== 9)) return PROBE_NO;
    return (isAnswer || u32(buf, off + 8) === 0) && length <= end - off ? PROBE_YES : PROBE_NO;
  },
});
