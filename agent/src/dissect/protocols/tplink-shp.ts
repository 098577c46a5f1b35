import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** The stream cipher's first key (171), and `{"` under it. */
const OBJECT = 0xd0f2;

export const tplinkShp = defineSignature({
  name: "tplink-shp",
  label: "TPLINK_SHP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [9999],
  firstOctets: [0xd0, 0x00],
  source: "TP-Link Smart Home Protocol (softScheck, 2016)",
  probe: ({ buf, off, end }) => {
    if (end - off < 12) return u8(buf, off) === 0xd0 || u8(buf, off) === 0 ? PROBE_MORE : PROBE_NO;
    if (u16(buf, off) === OBJECT) return isText(buf, off, end) ? PROBE_YES : PROBE_NO;
    // Over TCP after four octets of length.
    return u32(buf, off) < 0x1_0000 && u16(buf, off + 4) === OBJECT && isText(buf, off + 4, end) ? PROBE_YES : PROBE_NO;
  },
});

/** Each octet is the key of the next: all that can be read is printable. */
function isText(buf: Uint8Array, off: number, end: number): boolean {
  for (let at = off + 1; at < end && at < off + 24; at++) {
    const plain = u8(buf, at) ^ u8(buf, at - 1);
    if (plain < 0x20 || plain > 0x7e) return false;
  }
  return true;
}
