import { u8, u16, u16le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const BIG = 0x42;
const LITTLE = 0x6c;
const MAJOR = 11;
/** Longest name of an authorization protocol ("MIT-MAGIC-COOKIE-1"). */
const MAX_NAME = 32;

export const x11 = defineSignature({
  name: "x11",
  label: "X11",
  category: "RemoteAccess",
  transport: ["tcp"],
  ports: [6000, 6001],
  firstOctets: [BIG, LITTLE],
  source: "X Window System Protocol 11, connection setup",
  probe: ({ buf, off, end }) => {
    const first = u8(buf, off);
    if (first !== BIG && first !== LITTLE) return PROBE_NO;
    if (end - off < 12) return end - off < 2 || u8(buf, off + 1) === 0 ? PROBE_MORE : PROBE_NO;
    // Octet order, unused, version 11.0, length of the authorization's name and data, unused.
    const read = first === BIG ? u16 : u16le;
    const isSetup = u8(buf, off + 1) === 0 && read(buf, off + 2) === MAJOR && read(buf, off + 4) === 0;
    return isSetup && read(buf, off + 6) <= MAX_NAME && u16(buf, off + 10) === 0 ? PROBE_YES : PROBE_NO;
  },
});
