import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const xiaomiPush = defineSignature({
  name: "xiaomi-push",
  label: "Xiaomi",
  category: "Web",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0xc2],
  source: "Xiaomi push: magic, length, first message",
  probe: ({ buf, off, end }) => {
    if (end - off < 12)
      return u8(buf, off) === 0xc2 && (end - off < 2 || u8(buf, off + 1) === 0xfe) ? PROBE_MORE : PROBE_NO;
    return u32(buf, off) === 0xc2fe_0005 && u32(buf, off + 4) + 12 >= end - off && u16(buf, off + 8) === 2
      ? PROBE_YES
      : PROBE_NO;
  },
});
