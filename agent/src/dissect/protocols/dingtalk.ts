import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const dingtalk = defineSignature({
  name: "dingtalk",
  label: "DingTalk",
  category: "Chat",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x10],
  source: "DingTalk, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return PROBE_NO;
    return u8(buf, off) === 0x10 &&
      u32(buf, off + 2) === 0x8780_0100 &&
      u32(buf, off + 6) === 0x0100_0200 &&
      u32(buf, off + 10) === 0x0264_6b03
      ? PROBE_YES
      : PROBE_NO;
  },
});
