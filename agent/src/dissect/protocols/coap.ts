import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const LAST_METHOD = 7;

export const coap = defineSignature({
  name: "coap",
  label: "COAP",
  category: "RPC",
  transport: ["udp"],
  ports: [5683],
  firstOctets: [],
  source: "RFC 7252 §3, §12.1",
  probe: ({ buf, off, end }) => {
    if (end - off < 4) return PROBE_NO;
    const first = u8(buf, off);
    const tokenOctets = first & 15;
    if (first >>> 6 !== 1 || tokenOctets > 8 || end - off < 4 + tokenOctets) return PROBE_NO;
    const group = u8(buf, off + 1) >>> 5;
    const detail = u8(buf, off + 1) & 31;
    // An empty message is a ping or its answer; else a method, or an answer of class 2, 4 or 5.
    if (group === 0) return detail <= LAST_METHOD && (detail > 0 || end - off === 4) ? PROBE_YES : PROBE_NO;
    return group === 2 || group === 4 || group === 5 ? PROBE_YES : PROBE_NO;
  },
});
