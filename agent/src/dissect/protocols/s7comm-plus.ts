import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const s7commPlus = defineSignature({
  name: "s7comm-plus",
  label: "S7CommPlus",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [],
  firstOctets: [3],
  source: "RFC 1006 §6, ISO 8073 §13; S7 communication plus: selector by name, protocol 0x72",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (u8(buf, off) !== 3 || serverPort !== 102) return PROBE_NO;
    if (end - off < 12) return PROBE_MORE;
    const code = u8(buf, off + 5);
    if (code === 0xf0) return u8(buf, off + 7) === 0x72 ? PROBE_YES : PROBE_NO;
    return code === 0xe0 && containsAscii(buf, off + 11, Math.min(end, off + 64), "SIMATIC-ROOT")
      ? PROBE_YES
      : PROBE_NO;
  },
});
