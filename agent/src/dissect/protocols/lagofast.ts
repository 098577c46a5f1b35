import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const lagofast = defineSignature({
  name: "lagofast",
  label: "LagoFast",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0],
  source: "LagoFast: identifier, length",
  probe: ({ buf, off, end }) =>
    end - off > 6 && u32(buf, off) === 0x006e_5d03 && u16(buf, off + 4) + 6 === end - off ? PROBE_YES : PROBE_NO,
});
