import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const sdRtn = defineSignature({
  name: "sd-rtn",
  label: "SD-RTN",
  category: "Media",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "Agora SD-RTN: hello with a name",
  probe: ({ buf, off, end }) =>
    end - off >= 20 &&
    u8(buf, off + 6) === 0x21 &&
    u32(buf, off + 12) === 0x0453_4e49 &&
    u16(buf, off + 16) + 19 <= end - off &&
    u8(buf, off + 18) === 0
      ? PROBE_YES
      : PROBE_NO,
});
