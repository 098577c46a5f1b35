import { u8, u16, u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const melsec = defineSignature({
  name: "melsec",
  label: "MELSEC",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [5000, 5001, 5002, 5006, 5007],
  firstOctets: [],
  source: "Mitsubishi MC protocol 3E and 4E, binary",
  probe: ({ buf, off, end }) => {
    if (end - off < 11) return PROBE_NO;
    const head = u16(buf, off);
    // Sub-header (with a serial number in 4E), network 0 or more, PC 0xff, module 0x03ff, station 0, length of what follows.
    const at = head === 0x5400 || head === 0xd400 ? off + 6 : head === 0x5000 || head === 0xd000 ? off + 2 : end;
    if (at + 7 > end || u8(buf, at + 1) !== 0xff || u16(buf, at + 2) !== 0xff03) return PROBE_NO;
    return u16le(buf, at + 5) === end - at - 7 ? PROBE_YES : PROBE_NO;
  },
});
