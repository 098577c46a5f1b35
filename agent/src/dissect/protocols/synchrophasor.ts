import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const synchrophasor = defineSignature({
  name: "synchrophasor",
  label: "IEEE-C37118",
  category: "IoT-Scada",
  transport: ["tcp", "udp"],
  ports: [4712, 4713],
  firstOctets: [0xaa],
  source: "IEEE C37.118.2 §6.2: common frame header",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0xaa) return PROBE_NO;
    if (end - off < 16) return PROBE_MORE;
    const kind = u8(buf, off + 1);
    const length = u16(buf, off + 2);
    // Six kinds of frame, versions 1 and 2 (and 3); the frame fills what was sent.
    return kind < 0x60 && (kind & 15) >= 1 && (kind & 15) <= 3 && length >= 16 && length === end - off
      ? PROBE_YES
      : PROBE_NO;
  },
});
