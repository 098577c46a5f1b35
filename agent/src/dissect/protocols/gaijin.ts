import { startsWithAscii, u24, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const gaijin = defineSignature({
  name: "gaijin",
  label: "GaijinEntertainment",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x8f, 0x65, 0x61],
  source: "Gaijin games, as observed by nDPI",
  probe: ({ buf, off, end }) =>
    (end - off === 52 && u24(buf, off) === 0x8f_ff00 && u32(buf, off + 4) === 0x82ff_0001) ||
    (end - off > 100 &&
      (startsWithAscii(buf, off, end, "embeddedupdater.") ||
        startsWithAscii(buf, off, end, "app.start") ||
        startsWithAscii(buf, off, end, "app.stage")))
      ? PROBE_YES
      : PROBE_NO,
});
