import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** EXCSAT, ACCSEC, SECCHK, ACCRDB, and what answers them. */
const CODES: ReadonlySet<number> = new Set([0x1041, 0x106d, 0x106e, 0x2001, 0x1443, 0x14ac, 0x1219, 0x2201]);

export const drda = defineSignature({
  name: "drda",
  label: "DRDA",
  category: "Database",
  transport: ["tcp"],
  ports: [446, 50000, 1527],
  firstOctets: [0],
  source: "DRDA 5 volume 3, DSS: EXCSAT begins a connection",
  probe: ({ buf, off, end }) => {
    if (end - off >= 3 && u8(buf, off + 2) !== 0xd0) return PROBE_NO;
    if (end - off < 10) return PROBE_MORE;
    const length = u16(buf, off);
    return length >= 10 && u16(buf, off + 6) === length - 6 && CODES.has(u16(buf, off + 8)) ? PROBE_YES : PROBE_NO;
  },
});
