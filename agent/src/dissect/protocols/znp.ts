import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const START = 0xfe;
/** Longest data of a frame, octets. */
const MAX_DATA = 250;
/** Requests that a host begins with: reset (asynchronous), ping, version, read of a setting; and the radio's word that it was reset. */
const BEGINNINGS: readonly number[] = [0x4100, 0x2101, 0x2102, 0x2108, 0x211c, 0x4180];

export const znp = defineSignature({
  name: "znp",
  label: "ZNP",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [],
  firstOctets: [START],
  source: "Texas Instruments SWRA198, Z-Stack monitor and test API §2: general frame, SYS interface",
  probe: ({ buf, off, end }) => {
    if (end - off < 4) return PROBE_MORE;
    const length = u8(buf, off + 1);
    const command = (u8(buf, off + 2) << 8) | u8(buf, off + 3);
    if (u8(buf, off) !== START || length > MAX_DATA || !BEGINNINGS.includes(command)) return PROBE_NO;
    const last = off + 4 + length;
    if (last >= end) return PROBE_MORE;
    let sum = 0;
    for (let at = off + 1; at < last; at++) sum ^= u8(buf, at);
    return sum === u8(buf, last) ? PROBE_YES : PROBE_NO;
  },
});
