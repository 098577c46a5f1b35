import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const mumble = defineSignature({
  name: "mumble",
  label: "Mumble",
  category: "VoIP",
  transport: ["udp"],
  ports: [64738],
  firstOctets: [],
  source: "Mumble protocol: UDP ping",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length === 12 && u32(buf, off) === 0) return PROBE_YES;
    // The answer begins with the server's version, 1.2 or later.
    return length === 24 && u16(buf, off) === 1 ? PROBE_YES : PROBE_NO;
  },
});
