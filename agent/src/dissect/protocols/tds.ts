import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PRE_LOGIN = 0x12;
const LOGIN = 0x10;

export const tds = defineSignature({
  name: "tds",
  label: "MsSQL-TDS",
  category: "Database",
  transport: ["tcp"],
  ports: [1433, 1434],
  firstOctets: [0x12, 0x10],
  source: "MS-TDS §2.2.3.1, §2.2.6.4: pre-login; log-in",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    const type = u8(buf, off);
    if (!toServer || (type !== PRE_LOGIN && (type !== LOGIN || serverPort !== 1433))) return PROBE_NO;
    if (end - off < 14) return PROBE_MORE;
    const length = u16(buf, off + 2);
    if (u8(buf, off + 1) > 1 || length < 14 || u8(buf, off + 7) !== 0 || u16(buf, off + 4) !== 0) return PROBE_NO;
    // The first option of a pre-login is the version, 6 octets, behind the list.
    return type === LOGIN || (u8(buf, off + 8) === 0 && u16(buf, off + 11) === 6) ? PROBE_YES : PROBE_NO;
  },
});
