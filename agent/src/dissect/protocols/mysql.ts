import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const PROTOCOL_10 = 0x0a;
const HEADER_OCTETS = 5;
const MAX_VERSION = 64;

export const mysql = defineSignature({
  name: "mysql",
  label: "MySQL",
  category: "Database",
  transport: ["tcp"],
  ports: [3306, 33060],
  firstOctets: Array.from({ length: 0x60 }, (_, i) => 0x28 + i),
  source: "MySQL client/server protocol, HandshakeV10",
  probe: ({ buf, off, end, toServer }) => {
    // The server speaks first: length, number 0, protocol 10, its version as text, zero.
    if (toServer) return PROBE_NO;
    if (end - off < HEADER_OCTETS + 1) return PROBE_MORE;
    // A greeting is shorter than 256 octets.
    if ((u32(buf, off) & 0x00ff_ffff) !== 0 || u8(buf, off + 4) !== PROTOCOL_10) return PROBE_NO;
    const digit = u8(buf, off + HEADER_OCTETS);
    if (digit < 0x30 || digit > 0x39) return PROBE_NO;
    for (let at = off + HEADER_OCTETS; at < end && at < off + HEADER_OCTETS + MAX_VERSION; at++) {
      const octet = u8(buf, at);
      if (octet === 0) return PROBE_YES;
      if (octet < 0x20 || octet > 0x7e) return PROBE_NO;
    }
    return end - off < MAX_VERSION ? PROBE_MORE : PROBE_NO;
  },
});
