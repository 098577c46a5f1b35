import { u16, u32, u32le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const egd = defineSignature({
  name: "egd",
  label: "EthernetGlobalData",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [18246],
  firstOctets: [0x0d],
  source: "GE Fanuc Ethernet Global Data: data production packet",
  probe: ({ buf, off, end }) => {
    if (end - off < 32 || u16(buf, off) !== 0x0d01) return PROBE_NO;
    // Status, then a reserved word.
    return u32le(buf, off + 24) < 31 && u32(buf, off + 28) === 0
      ? PROBE_YES
      : u32(buf, off + 24) < 31 && u32(buf, off + 28) === 0
        ? PROBE_YES
        : PROBE_NO;
  },
});
