import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 34;

export const ptp = defineSignature({
  name: "ptp",
  label: "PTPv2",
  category: "System",
  transport: ["udp"],
  ports: [319, 320],
  firstOctets: [],
  source: "IEEE 1588-2008 §13.3",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || (u8(buf, off + 1) & 15) !== 2) return PROBE_NO;
    const length = u16(buf, off + 2);
    return length >= HEADER_OCTETS && length <= end - off ? PROBE_YES : PROBE_NO;
  },
});
