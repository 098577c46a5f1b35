import { u8, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["HELF", "ACKF", "RHEF", "ERRF"] as const;
const MAX_HELLO = 8192;

export const opcUa = defineSignature({
  name: "opc-ua",
  label: "OPC-UA",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [4840],
  firstOctets: firstOctetsOf("H", "A", "R", "E"),
  source: "OPC 10000-6 §7.1.2 (message header, Hello, Acknowledge)",
  probe: (slice) => {
    const { buf, off, end } = slice;
    const code = probeBeginnings(slice, BEGINNINGS);
    if (code !== PROBE_YES) return code;
    if (end - off < 12) return PROBE_MORE;
    const size = u32le(buf, off + 4);
    return size >= 16 && size <= MAX_HELLO && u8(buf, off + 11) === 0 ? PROBE_YES : PROBE_NO;
  },
});
