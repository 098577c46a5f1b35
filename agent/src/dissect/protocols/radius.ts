import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 20;

export const radius = defineSignature({
  name: "radius",
  label: "Radius",
  category: "Network",
  transport: ["udp"],
  ports: [1812, 1813, 1645, 1646, 3799],
  firstOctets: [],
  source: "RFC 2865 §3, §5; RFC 2866, RFC 5176",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || u16(buf, off + 2) !== end - off) return PROBE_NO;
    const code = u8(buf, off);
    if (code === 0 || (code > 13 && (code < 40 || code > 45))) return PROBE_NO;
    // Attributes, each with its length, fill the rest.
    let at = off + HEADER_OCTETS;
    while (at + 2 <= end && u8(buf, at + 1) >= 2) at += u8(buf, at + 1);
    return at === end ? PROBE_YES : PROBE_NO;
  },
});
