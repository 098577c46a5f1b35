import { u8, u16, u24 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const LAST_FUNCTION = 11;

export const slp = defineSignature({
  name: "slp",
  label: "Service_Location_Protocol",
  category: "RPC",
  transport: ["udp", "tcp"],
  ports: [427],
  firstOctets: [],
  source: "RFC 2608 §8, RFC 2165 §4",
  probe: ({ buf, off, end }) => {
    if (end - off < 14) return PROBE_NO;
    const version = u8(buf, off);
    const code = u8(buf, off + 1);
    if (code === 0 || code > LAST_FUNCTION) return PROBE_NO;
    const length = version === 2 ? u24(buf, off + 2) : version === 1 ? u16(buf, off + 2) : 0;
    return length === end - off ? PROBE_YES : PROBE_NO;
  },
});
