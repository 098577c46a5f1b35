import { u8, u16 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const ookla = defineSignature({
  name: "ookla",
  label: "Ookla",
  category: "Network",
  transport: ["tcp", "udp"],
  ports: [8080],
  firstOctets: [0x48],
  source: "Ookla speed test: greeting",
  probe: ({ buf, off, end, toServer }) => {
    // "HI" and a line feed, or a space and the test's identifier.
    if (!toServer || end - off < 3 || u16(buf, off) !== 0x4849)
      return toServer && end - off < 3 && u8(buf, off) === 0x48 ? PROBE_MORE : PROBE_NO;
    const third = u8(buf, off + 2);
    return (third === 0x0a && end - off === 3) || (third === 0x20 && u8(buf, end - 1) === 0x0a && end - off < 80)
      ? PROBE_YES
      : PROBE_NO;
  },
});
