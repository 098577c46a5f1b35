import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Pd, Pp, Pr, Pe; Mn, Mr, Mp, Mq, Mc, Me. */
const KINDS: ReadonlySet<number> = new Set([
  0x5064, 0x5070, 0x5072, 0x5065, 0x4d6e, 0x4d72, 0x4d70, 0x4d71, 0x4d63, 0x4d65,
]);

export const trdp = defineSignature({
  name: "trdp",
  label: "TRDP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [17224, 17225],
  firstOctets: [],
  source: "IEC 61375-2-3 annex A: process and message data",
  probe: ({ buf, off, end }) => {
    if (end - off < 40) return PROBE_NO;
    const kind = u16(buf, off + 6);
    return u8(buf, off + 4) === 1 && KINDS.has(kind) && u32(buf, off + 20) <= 65_388 ? PROBE_YES : PROBE_NO;
  },
});
