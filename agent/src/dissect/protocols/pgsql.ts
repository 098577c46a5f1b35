import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

const PROTOCOL_3 = 0x0003_0000;
/** Requests that come before the greeting: cancel, TLS, GSSAPI. */
const FIRST_REQUEST = 80_877_102;
const LAST_REQUEST = 80_877_104;
const MAX_LENGTH = 10_000;

export const pgsql = defineSignature({
  name: "pgsql",
  label: "PostgreSQL",
  category: "Database",
  transport: ["tcp"],
  ports: [5432],
  firstOctets: [0x00],
  source: "PostgreSQL documentation, Frontend/Backend Protocol, Message Formats",
  probe: ({ buf, off, end, toServer }) => {
    if (!toServer) return PROBE_NO;
    if (end - off < 8) return PROBE_MORE;
    const length = u32(buf, off);
    const code = u32(buf, off + 4);
    if (code >= FIRST_REQUEST && code <= LAST_REQUEST) return length === 8 || length === 16 ? PROBE_YES : PROBE_NO;
    if (length < 14 || length > MAX_LENGTH || code >>> 1 !== PROTOCOL_3 >>> 1) return PROBE_NO;
    return containsAscii(buf, off + 8, Math.min(end, off + length), "user\0") ? PROBE_YES : PROBE_MORE;
  },
});
