import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

/** Printers, scanners, and two newer kinds. */
const BEGINNINGS = ["BJNP", "BNJB", "BJNB", "MFNP"] as const;
const HEADER_OCTETS = 16;
const MAX_PAYLOAD = 0x1_0000;

export const bjnp = defineSignature({
  name: "bjnp",
  label: "BJNP",
  category: "System",
  transport: ["udp", "tcp"],
  ports: [8610, 8611, 8612, 8613],
  firstOctets: firstOctetsOf("B", "M"),
  source: "Canon BJNP (cups-bjnp; SANE, pixma_bjnp)",
  probe: (slice) => {
    const { buf, off, end } = slice;
    const code = probeBeginnings(slice, BEGINNINGS);
    if (code !== PROBE_YES) return code;
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    // Question or answer of printer or scanner; length of what follows.
    const kind = u8(buf, off + 4) & 0x7f;
    return kind >= 1 && kind <= 3 && u32(buf, off + 12) <= MAX_PAYLOAD ? PROBE_YES : PROBE_NO;
  },
});
