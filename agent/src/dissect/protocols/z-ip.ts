import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Command class Z/IP, and its commands: packet, keep alive. */
const CLASS = 0x23;
const PACKET = 0x02;
const KEEP_ALIVE = 0x03;

export const zIp = defineSignature({
  name: "z-ip",
  label: "Z-Wave",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [4123],
  firstOctets: [],
  source: "Z-Wave SDS13784, Z/IP command class: Z/IP packet, Z/IP keep alive",
  probe: ({ buf, off, end }) => {
    if (end - off < 3 || u8(buf, off) !== CLASS) return PROBE_NO;
    if (u8(buf, off + 1) === KEEP_ALIVE)
      return end - off === 3 && (u8(buf, off + 2) & 0x3f) === 0 ? PROBE_YES : PROBE_NO;
    // Two octets of flags whose lowest bits are reserved, sequence, both end points.
    if (u8(buf, off + 1) !== PACKET || end - off < 7) return PROBE_NO;
    return (u8(buf, off + 2) & 0x03) === 0 && (u8(buf, off + 3) & 0x0f) === 0 ? PROBE_YES : PROBE_NO;
  },
});
