import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const afsRx = defineSignature({
  name: "afs-rx",
  label: "RX",
  category: "RPC",
  transport: ["udp"],
  ports: [7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7020, 7021],
  firstOctets: [],
  source: "Rx of AFS: packet header",
  probe: ({ buf, off, end }) => {
    if (end - off < 28) return PROBE_NO;
    const type = u8(buf, off + 20);
    // Thirteen types of packets; two flags are in nobody's use; four kinds of security; a call's numbers are small at first.
    return type >= 1 &&
      type <= 13 &&
      (u8(buf, off + 21) & 0xc0) === 0 &&
      u8(buf, off + 23) <= 4 &&
      u32(buf, off + 12) < 0x0100_0000
      ? PROBE_YES
      : PROBE_NO;
  },
});
