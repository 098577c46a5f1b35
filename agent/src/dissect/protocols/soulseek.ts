import { u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const soulseek = defineSignature({
  name: "soulseek",
  label: "Soulseek",
  category: "Download",
  transport: ["tcp"],
  ports: [2242, 2240],
  firstOctets: [],
  source: "Soulseek: log-in to the server",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer) return PROBE_NO;
    if (end - off < 12) return PROBE_MORE;
    const length = u32le(buf, off);
    const name = u32le(buf, off + 8);
    return length >= 8 && length < 512 && u32le(buf, off + 4) === 1 && name > 0 && name < 64 ? PROBE_YES : PROBE_NO;
  },
});
