import { u8, u24 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAX_MESSAGE = 65_536;

export const diameter = defineSignature({
  name: "diameter",
  label: "Diameter",
  category: "Network",
  transport: ["tcp"],
  ports: [3868],
  firstOctets: [1],
  source: "RFC 6733 §3",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (u8(buf, off) !== 1) return PROBE_NO;
    if (end - off < 20) return serverPort === 3868 || end - off < 4 ? PROBE_MORE : PROBE_NO;
    const length = u24(buf, off + 1);
    const command = u24(buf, off + 5);
    // Lengths are multiples of four, the last four flags are zero; base commands are 257 to 282, others are registered below 8388735.
    if (length < 20 || (length & 3) !== 0 || (u8(buf, off + 4) & 15) !== 0 || length > MAX_MESSAGE) return PROBE_NO;
    return command >= 257 && command < 8_388_736 && (command <= 400 || command >= 8_388_608) ? PROBE_YES : PROBE_NO;
  },
});
