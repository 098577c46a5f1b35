import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const CALLED_TSAP = 0xc2;

export const mms = defineSignature({
  name: "mms",
  label: "ISO9506-1-MMS",
  category: "IoT-Scada",
  transport: ["tcp"],
  // Of connections joined midway port 102 suggests S7, which is more often met.
  ports: [],
  firstOctets: [3],
  source: "RFC 1006 §6, ISO 8073 §13, ISO 9506: connections to other selectors than those of S7",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (u8(buf, off) !== 3 || serverPort !== 102) return PROBE_NO;
    if (end - off < 12) return PROBE_MORE;
    const code = u8(buf, off + 5);
    // Data: session connect or the short session header of a given token.
    if (code === 0xf0) return u8(buf, off + 7) === 0x0d || u8(buf, off + 7) === 0x01 ? PROBE_YES : PROBE_NO;
    if (code !== 0xe0 || u8(buf, off + 1) !== 0) return PROBE_NO;
    for (let at = off + 11; at + 3 < end && at < off + 32; at += 2 + u8(buf, at + 1)) {
      if (u8(buf, at) === CALLED_TSAP) return u8(buf, at + 1) <= 4 && u8(buf, at + 2) === 0 ? PROBE_YES : PROBE_NO;
    }
    return PROBE_NO;
  },
});
