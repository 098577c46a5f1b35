import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const LAST_TYPE = 207;

export const rtcp = defineSignature({
  name: "rtcp",
  label: "RTCP",
  category: "VoIP",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 32 }, (_, reports) => 0x80 | reports),
  source: "RFC 3550 §6.1, §6.4, appendix A.2",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 8 || length % 4 !== 0) return PROBE_NO;
    const first = u8(buf, off + 1);
    if (first !== SENDER_REPORT && first !== RECEIVER_REPORT) return PROBE_NO;
    if (u32(buf, off + 4) === 0) return PROBE_NO;
    // The packets of a compound follow each other to its very end.
    let at = off;
    while (at + 4 <= end) {
      const type = u8(buf, at + 1);
      if (u8(buf, at) >>> 6 !== 2 || type < SENDER_REPORT || type > LAST_TYPE) return PROBE_NO;
      at += 4 + 4 * u16(buf, at + 2);
    }
    return at === end ? PROBE_YES : PROBE_NO;
  },
});
