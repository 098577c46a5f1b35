import { u8, u32, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const telegram = defineSignature({
  name: "telegram",
  label: "Telegram",
  category: "Chat",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0xef, 0xee, 0xdd],
  source: "MTProto transports: abridged, intermediate and padded intermediate, unobfuscated",
  probe: ({ buf, off, end, toServer }) => {
    const first = u8(buf, off);
    if (!toServer) return PROBE_NO;
    if (first !== 0xef)
      return first === 0xee || first === 0xdd
        ? end - off < 8
          ? end - off < 2 || u8(buf, off + 1) === first
            ? PROBE_MORE
            : PROBE_NO
          : u32(buf, off) === (first === 0xee ? 0xeeee_eeee : 0xdddd_dddd) && u32le(buf, off + 4) < 4096
            ? PROBE_YES
            : PROBE_NO
        : PROBE_NO;
    if (end - off < 10) return PROBE_MORE;
    // Words that follow; an unencrypted first message has a key identifier of zero.
    const words = u8(buf, off + 1);
    return words >= 4 &&
      words < 0x7f &&
      (u32(buf, off + 2) === 0 ? u32(buf, off + 6) === 0 : words * 4 + 2 === end - off)
      ? PROBE_YES
      : PROBE_NO;
  },
});
