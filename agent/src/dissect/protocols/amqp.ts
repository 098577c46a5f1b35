import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

const PORT = 5672;
const HEADER_OCTETS = 7;
const FRAME_END = 0xce;

export const amqp = defineSignature({
  name: "amqp",
  label: "AMQP",
  category: "RPC",
  transport: ["tcp"],
  ports: [PORT],
  firstOctets: [0x41, 1],
  source: "AMQP 0-9-1 §4.2.2, §4.2.3; AMQP 1.0 §2.2",
  probe: (slice) => {
    const { buf, off, end } = slice;
    if (u8(buf, off) === 0x41) return probeBeginning(slice, "AMQP");
    // Joined late: a whole method frame with its end mark.
    if (u8(buf, off) !== 1) return PROBE_NO;
    if (end - off < HEADER_OCTETS + 5) return PROBE_MORE;
    const last = off + HEADER_OCTETS + u32(buf, off + 3);
    if (last >= end || u8(buf, last) !== FRAME_END) return PROBE_NO;
    const group = u16(buf, off + HEADER_OCTETS);
    return group >= 10 && group <= 90 && group % 10 === 0 ? PROBE_YES : PROBE_NO;
  },
});
