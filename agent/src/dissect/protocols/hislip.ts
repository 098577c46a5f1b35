import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 16;
const PROLOGUE = 0x4853;
/** Longest name of a sub-address that an Initialize carries. */
const MAX_PAYLOAD = 256;

export const hislip = defineSignature({
  name: "hislip",
  label: "HiSLIP",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [4880],
  firstOctets: [0x48],
  source: "IVI-6.1 §2.5, §6.1: message header, Initialize and its answers",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS)
      return u8(buf, off) === 0x48 && (end - off < 2 || u16(buf, off) === PROLOGUE) ? PROBE_MORE : PROBE_NO;
    const type = u8(buf, off + 2);
    // Initialize, its answer, and the same of the asynchronous channel (17, 18).
    const isFirst = type <= 1 || type === 17 || type === 18;
    const length = u32(buf, off + 12);
    return u16(buf, off) === PROLOGUE && isFirst && u32(buf, off + 8) === 0 && length <= MAX_PAYLOAD
      ? PROBE_YES
      : PROBE_NO;
  },
});
