import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const rip = defineSignature({
  name: "rip",
  label: "RIP",
  category: "Network",
  transport: ["udp"],
  ports: [520, 521],
  firstOctets: [],
  source: "RFC 2453 §4, RFC 2080 §2.1",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 24 || (length - 4) % 20 !== 0) return PROBE_NO;
    const command = u8(buf, off);
    return (command === 1 || command === 2) && u8(buf, off + 1) >= 1 && u8(buf, off + 1) <= 2 && u16(buf, off + 2) === 0
      ? PROBE_YES
      : PROBE_NO;
  },
});
