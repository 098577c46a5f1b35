import { u8, u24, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const KINDS: ReadonlyMap<number, number> = new Map([
  [0x0c, 0x76],
  [0x02, 0x18],
  [0x0b, 0x80],
  [0x03, 0x40],
  [0x06, 0x4e],
]);

export const xboxLive = defineSignature({
  name: "xbox-live",
  label: "Xbox",
  category: "Game",
  transport: ["udp"],
  ports: [3074],
  firstOctets: [0],
  source: "Xbox Live over UDP, as observed by nDPI",
  probe: ({ buf, off, end }) => {
    // Four zeros, then a kind whose second octet is 0x58, then three zeros.
    if (end - off <= 12 || u32(buf, off) !== 0 || u8(buf, off + 5) !== 0x58 || u24(buf, off + 7) !== 0) return PROBE_NO;
    return KINDS.get(u8(buf, off + 4)) === u8(buf, off + 6) ? PROBE_YES : PROBE_NO;
  },
});
