import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const VERSION = 3;
/** What stands where the specification wants zero: versions of players and servers that sign their handshake. */
const SIGNING: readonly number[] = [
  0x8000_0702, 0x8000_0302, 0x0900_7c02, 0x0a00_2d02, 0x0900_9702, 0x0405_0001, 0x0305_0101,
];

export const rtmp = defineSignature({
  name: "rtmp",
  label: "RTMP",
  category: "Media",
  transport: ["tcp"],
  ports: [1935],
  firstOctets: [VERSION],
  source: "Adobe RTMP 1.0 §5.2 (C0, C1)",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== VERSION) return PROBE_NO;
    if (end - off < 9) return PROBE_MORE;
    const zero = u32(buf, off + 5);
    // 1,536 octets of time, zero and random are coming: what is longer than both first messages is something else.
    return (zero === 0 || SIGNING.includes(zero)) && u8(buf, off + 1) !== 0x03 ? PROBE_YES : PROBE_NO;
  },
});
