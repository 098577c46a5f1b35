import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const cassandra = defineSignature({
  name: "cassandra",
  label: "Cassandra",
  category: "Database",
  transport: ["tcp"],
  ports: [9042, 9142],
  firstOctets: [0x03, 0x04, 0x05],
  source: "Cassandra native protocol 3 to 5 §2: STARTUP and OPTIONS",
  probe: ({ buf, off, end, toServer }) => {
    const version = u8(buf, off);
    if (!toServer || version < 3 || version > 5) return PROBE_NO;
    if (end - off < 9) return PROBE_MORE;
    const opcode = u8(buf, off + 4);
    const length = u32(buf, off + 5);
    if ((u8(buf, off + 1) & 0xe0) !== 0) return PROBE_NO;
    // OPTIONS has no body; STARTUP is a map whose first key is the language's version.
    if (opcode === 0x05) return length === 0 && end - off === 9 ? PROBE_YES : PROBE_NO;
    if (opcode !== 0x01 || length < 20 || length > 1024) return PROBE_NO;
    return end - off < 9 + length
      ? PROBE_MORE
      : containsAscii(buf, off + 9, off + 9 + length, "CQL_VERSION")
        ? PROBE_YES
        : PROBE_NO;
  },
});
