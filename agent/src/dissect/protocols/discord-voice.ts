import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const LENGTH = 70;
const KEEP_ALIVE = 0x1337_cafe;

export const discordVoice = defineSignature({
  name: "discord-voice",
  label: "Discord",
  category: "Collaborative",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x00, 0x13],
  source: "Discord developer documentation, Voice connections, IP discovery; keep-alive with its mark and a counter",
  probe: ({ buf, off, end }) => {
    if (end - off === 8) return u32(buf, off) === KEEP_ALIVE && u16(buf, end - 2) === 0 ? PROBE_YES : PROBE_NO;
    if (end - off !== LENGTH + 4 || u16(buf, off + 2) !== LENGTH) return PROBE_NO;
    // Request 1 asks with an empty address; answer 2 tells it.
    const kind = u16(buf, off);
    if (kind === 1) return u32(buf, off + 8) === 0 && u16(buf, end - 2) === 0 ? PROBE_YES : PROBE_NO;
    return kind === 2 && u8(buf, off + 8) >= 0x30 && u8(buf, off + 8) <= 0x39 ? PROBE_YES : PROBE_NO;
  },
});
