import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const openwire = defineSignature({
  name: "openwire",
  label: "OpenWire",
  category: "RPC",
  transport: ["tcp"],
  ports: [61616],
  firstOctets: [0],
  source: "OpenWire: WireFormatInfo",
  probe: ({ buf, off, end }) => {
    if (end - off < 13) return end - off >= 5 && u8(buf, off + 4) !== 1 ? PROBE_NO : PROBE_MORE;
    return u8(buf, off + 4) === 1 && startsWithAscii(buf, off + 5, end, "ActiveMQ") ? PROBE_YES : PROBE_NO;
  },
});
