import { u16le } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const iqiyi = defineSignature({
  name: "iqiyi",
  label: "iQIYI",
  category: "Streaming",
  transport: ["udp"],
  ports: [],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "iQIYI and PPStream peers: length, and the program's name",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (length < 120 || length > 300) return PROBE_NO;
    if (u16le(buf, off + 2) !== length && u16le(buf, off) !== length && u16le(buf, off) !== length - 4) return PROBE_NO;
    return containsAscii(buf, off, end, "PPStream") ? PROBE_YES : PROBE_NO;
  },
});
