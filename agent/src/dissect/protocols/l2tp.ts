import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Control message: type, length and sequence numbers present, version 2. */
const CONTROL = 0xc802;
const HEADER_OCTETS = 12;

export const l2tp = defineSignature({
  name: "l2tp",
  label: "L2TP",
  category: "VPN",
  transport: ["udp"],
  ports: [1701],
  firstOctets: [CONTROL >>> 8],
  source: "RFC 2661 §3.1, §4.4.1",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS || u16(buf, off) !== CONTROL || u16(buf, off + 2) !== end - off) return PROBE_NO;
    // An acknowledgement without content, or a message whose first attribute is its type: mandatory, eight octets, vendor 0.
    if (end - off === HEADER_OCTETS) return PROBE_YES;
    if (end - off < HEADER_OCTETS + 8) return PROBE_NO;
    const attribute = off + HEADER_OCTETS;
    return u8(buf, attribute) === 0x80 && u8(buf, attribute + 1) === 8 && u16(buf, attribute + 2) === 0
      ? PROBE_YES
      : PROBE_NO;
  },
});
