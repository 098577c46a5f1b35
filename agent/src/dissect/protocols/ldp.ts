import { u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const ldp = defineSignature({
  name: "ldp",
  label: "LDP",
  category: "Network",
  transport: ["tcp", "udp"],
  ports: [646],
  firstOctets: [],
  source: "RFC 5036 §3.1, §3.5",
  probe: ({ buf, off, end }) => {
    if (end - off < 14) return PROBE_MORE;
    const message = u16(buf, off + 10) & 0x7fff;
    return u16(buf, off) === 1 && u16(buf, off + 2) >= 14 && (message === 1 || (message >= 0x0100 && message <= 0x0404))
      ? PROBE_YES
      : PROBE_NO;
  },
});
