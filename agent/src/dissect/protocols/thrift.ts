import { u8, u24, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const thrift = defineSignature({
  name: "thrift",
  label: "Apache_Thrift",
  category: "RPC",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0x80],
  source: "Apache Thrift strict binary protocol: message begin",
  probe: ({ buf, off, end }) => {
    if (end - off < 9)
      return u8(buf, off) === 0x80 && (end - off < 2 || u8(buf, off + 1) === 1) ? PROBE_MORE : PROBE_NO;
    const name = u32(buf, off + 4);
    if (u24(buf, off) !== 0x80_0100 || u8(buf, off + 3) < 1 || u8(buf, off + 3) > 4 || name === 0 || name > 128)
      return PROBE_NO;
    const first = u8(buf, off + 8);
    return first > 0x40 && first < 0x7f ? PROBE_YES : PROBE_NO;
  },
});
