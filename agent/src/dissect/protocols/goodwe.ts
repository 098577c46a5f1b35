import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const START = 0xaa55;
const FRAME_OCTETS = 9;

export const goodwe = defineSignature({
  name: "goodwe",
  label: "GoodWe",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [8899],
  firstOctets: [START >>> 8],
  source: "GoodWe inverters, AA55 protocol (goodwe library)",
  probe: ({ buf, off, end }) => {
    // Start, both ends, control, function, length; then the data and the sum of all before it.
    if (end - off < FRAME_OCTETS || u16(buf, off) !== START || u8(buf, off + 6) !== end - off - FRAME_OCTETS)
      return PROBE_NO;
    let sum = 0;
    for (let at = off; at < end - 2; at++) sum += u8(buf, at);
    return (sum & 0xffff) === u16(buf, end - 2) ? PROBE_YES : PROBE_NO;
  },
});
