import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const someip = defineSignature({
  name: "someip",
  label: "SOMEIP",
  category: "RPC",
  transport: ["udp", "tcp"],
  ports: [30490, 30491, 30501],
  firstOctets: [],
  source: "AUTOSAR SOME/IP §4.1.4: header",
  probe: ({ buf, off, end }) => {
    if (end - off < 16) return PROBE_NO;
    const type = u8(buf, off + 14) & 0xdf;
    // Protocol version 1; requests, notifications, answers, errors, perhaps in segments.
    if (
      u8(buf, off + 12) !== 1 ||
      (type > 2 &&
        type !== 0x40 &&
        type !== 0x41 &&
        type !== 0x42 &&
        type !== 0x80 &&
        type !== 0x81 &&
        type !== 0xc0 &&
        type !== 0xc1)
    )
      return PROBE_NO;
    return u32(buf, off + 4) >= 8 && u32(buf, off + 4) <= end - off - 8 && u8(buf, off + 15) <= 0x5e
      ? PROBE_YES
      : PROBE_NO;
  },
});
