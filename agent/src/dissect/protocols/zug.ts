import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const zug = defineSignature({
  name: "zug",
  label: "ZUG",
  category: "Crypto_Currency",
  transport: ["udp"],
  ports: [],
  firstOctets: [0],
  source: "ZUG consensus: mark",
  probe: ({ buf, off, end }) =>
    end - off >= 5 && u32(buf, off) === 0x007a_5547 && u8(buf, off + 4) === 0x10 ? PROBE_YES : PROBE_NO,
});
