import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const elasticsearch = defineSignature({
  name: "elasticsearch",
  label: "ElasticSearch",
  category: "System",
  transport: ["tcp"],
  ports: [9300],
  firstOctets: [0x45],
  source: "Elasticsearch transport: header",
  probe: ({ buf, off, end }) => {
    if (end - off < 6)
      return u8(buf, off) === 0x45 && (end - off < 2 || u8(buf, off + 1) === 0x53) ? PROBE_MORE : PROBE_NO;
    // "ES", the length of what follows, the request's number.
    return u16(buf, off) === 0x4553 && u32(buf, off + 2) >= 13 && u16(buf, off + 2) === 0 ? PROBE_YES : PROBE_NO;
  },
});
