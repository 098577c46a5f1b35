import { u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const cipIo = defineSignature({
  name: "cip-io",
  label: "CIP",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [2222],
  firstOctets: [],
  source: "ODVA EtherNet/IP: common packet format, sequenced address and connected data",
  probe: ({ buf, off, end }) => {
    if (end - off < 18) return PROBE_NO;
    return u16le(buf, off) === 2 &&
      u16le(buf, off + 2) === 0x8002 &&
      u16le(buf, off + 4) === 8 &&
      u16le(buf, off + 14) === 0x00b1
      ? PROBE_YES
      : PROBE_NO;
  },
});
