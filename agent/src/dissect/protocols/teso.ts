import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const teso = defineSignature({
  name: "teso",
  label: "TES_Online",
  category: "Game",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0],
  source: "The Elder Scrolls Online: length, name of the realm",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 600) return PROBE_NO;
    return u32(buf, off) === length - 4 && containsAscii(buf, off, end, "eso.live") ? PROBE_YES : PROBE_NO;
  },
});
