import { u16le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const weave = defineSignature({
  name: "weave",
  label: "NestLogSink",
  category: "Cloud",
  transport: ["tcp"],
  ports: [11095],
  firstOctets: [],
  source: "OpenWeave message layer: length, header of version 1",
  probe: ({ buf, off, end }) => {
    if (end - off < 4) return PROBE_MORE;
    const length = u16le(buf, off);
    const header = u16le(buf, off + 2);
    return length >= 12 && header >>> 12 === 1 && (header & 0x0f00) <= 0x0300 ? PROBE_YES : PROBE_NO;
  },
});
