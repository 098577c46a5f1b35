import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const IPV6_OCTETS = 40;

export const teredo = defineSignature({
  name: "teredo",
  label: "Teredo",
  category: "Network",
  transport: ["udp"],
  ports: [3544],
  firstOctets: [],
  source: "RFC 4380 §5.1.1",
  probe: ({ buf, off, end }) => {
    let at = off;
    // Authentication, then origin, each at most once, then the packet.
    if (end - at >= 13 && u16(buf, at) === 1) at += 13 + u8(buf, at + 2) + u8(buf, at + 3);
    if (end - at >= 8 && u16(buf, at) === 0) at += 8;
    if (end - at < IPV6_OCTETS || u8(buf, at) >>> 4 !== 6) return PROBE_NO;
    return u16(buf, at + 4) <= end - at - IPV6_OCTETS ? PROBE_YES : PROBE_NO;
  },
});
