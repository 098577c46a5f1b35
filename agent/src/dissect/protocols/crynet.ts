import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const crynet = defineSignature({
  name: "crynet",
  label: "CryNetwork",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 224 }, (_, octet) => octet + 16),
  source: "CryEngine network handshake, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    // Length of what follows ten octets, a version, then small numbers among zeros.
    if (end - off < 28 || u8(buf, off) + 10 !== end - off || u16(buf, off + 1) !== 0) return PROBE_NO;
    const isHello = u32(buf, off + 5) === 0 && u32(buf, off + 9) === 0 && u32(buf, off + 16) === 0x0100_0000;
    return isHello && u32(buf, off + 20) === 0x0700_0000 && u16(buf, off + 24) === 0x0307 ? PROBE_YES : PROBE_NO;
  },
});
