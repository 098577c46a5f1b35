import { u8, u16, u16le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Plain frames; frames under a session's key, which carry the plain ones. */
const PLAIN = 0x5a5a;
const SEALED = 0x8370;
const HEADER_OCTETS = 8;
const MAX_OCTETS = 2048;

export const midea = defineSignature({
  name: "midea",
  label: "Midea",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [6444, 6445, 20086],
  firstOctets: [PLAIN >>> 8, SEALED >>> 8],
  source: "Midea air conditioners, LAN protocol versions 2 and 3 (msmart)",
  probe: ({ buf, off, end }) => {
    const first = u8(buf, off);
    if (first !== PLAIN >>> 8 && first !== SEALED >>> 8) return PROBE_NO;
    if (end - off < HEADER_OCTETS) return end - off < 2 || isStart(u16(buf, off)) ? PROBE_MORE : PROBE_NO;
    const start = u16(buf, off);
    if (start === PLAIN) {
      const length = u16le(buf, off + 4);
      return u8(buf, off + 2) === 1 && u8(buf, off + 3) <= 0x11 && length >= 56 && length <= MAX_OCTETS
        ? PROBE_YES
        : PROBE_NO;
    }
    // Size without the header, 32, then kind and padding.
    return start === SEALED &&
      u16(buf, off + 2) <= MAX_OCTETS &&
      u8(buf, off + 4) === 0x20 &&
      (u8(buf, off + 5) & 15) <= 6
      ? PROBE_YES
      : PROBE_NO;
  },
});

const isStart = (start: number): boolean => start === PLAIN || start === SEALED;
