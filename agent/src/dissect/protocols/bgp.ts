import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MARKER_OCTETS = 16;
const HEADER_OCTETS = 19;
const MAX_MESSAGE = 4096;

export const bgp = defineSignature({
  name: "bgp",
  label: "BGP",
  category: "Network",
  transport: ["tcp"],
  ports: [179],
  firstOctets: [0xff],
  source: "RFC 4271 §4.1",
  probe: ({ buf, off, end }) => {
    const marker = Math.min(MARKER_OCTETS, end - off);
    for (let i = 0; i < marker; i++) if (u8(buf, off + i) !== 0xff) return PROBE_NO;
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    const length = u16(buf, off + MARKER_OCTETS);
    const type = u8(buf, off + 18);
    return length >= HEADER_OCTETS && length <= MAX_MESSAGE && type >= 1 && type <= 5 ? PROBE_YES : PROBE_NO;
  },
});
