import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const alicloud = defineSignature({
  name: "alicloud",
  label: "AliCloud",
  category: "Cloud",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0xce],
  source: "AliCloud agent: magic, length of what follows",
  probe: ({ buf, off, end }) => {
    if (end - off < 8) return end - off < 4 && u8(buf, off) === 0xce ? PROBE_MORE : PROBE_NO;
    const length = u32(buf, off + 4);
    return u32(buf, off) === 0xcefa_beba && length > 0 && length < 0x0010_0000 ? PROBE_YES : PROBE_NO;
  },
});
