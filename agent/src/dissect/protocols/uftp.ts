import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const uftp = defineSignature({
  name: "uftp",
  label: "UFTP",
  category: "Download",
  transport: ["udp"],
  ports: [1044],
  firstOctets: [0x40, 0x50],
  source: "UFTP 4 and 5: header, message",
  probe: ({ buf, off, end }) =>
    end - off > 23 &&
    (u8(buf, off) === 0x40 || u8(buf, off) === 0x50) &&
    u8(buf, off + 1) >= 1 &&
    u8(buf, off + 1) < 22 &&
    u8(buf, off + 15) === 0 &&
    u8(buf, off + 16) === u8(buf, off + 1)
      ? PROBE_YES
      : PROBE_NO,
});
