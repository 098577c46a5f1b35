import { u32, u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

const MAGIC = "\x01\x21\x01\x01\x01\x01\x01\x01";
const HEADER_OCTETS = 33;
const MAX_BODY = 100_000_000;

export const monero = defineSignature({
  name: "monero",
  label: "Monero",
  category: "Crypto_Currency",
  transport: ["tcp"],
  ports: [18080],
  firstOctets: [0x01],
  source: "Monero LEVIN_PROTOCOL.md, header",
  probe: (slice) => {
    const { buf, off, end } = slice;
    const code = probeBeginning(slice, MAGIC);
    if (code !== PROBE_YES) return code;
    if (end - off < HEADER_OCTETS) return PROBE_MORE;
    return u32le(buf, off + 8) <= MAX_BODY && u32(buf, off + 12) === 0 ? PROBE_YES : PROBE_NO;
  },
});
