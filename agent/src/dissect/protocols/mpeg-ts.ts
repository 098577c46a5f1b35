import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const SYNC = 0x47;
const PACKET_OCTETS = 188;

export const mpegTs = defineSignature({
  name: "mpeg-ts",
  label: "MPEG_TS",
  category: "Media",
  transport: ["udp"],
  ports: [],
  firstOctets: [SYNC],
  source: "ISO/IEC 13818-1 §2.4.3.2 (transport packets)",
  probe: ({ buf, off, end }) => {
    // Two packets at least: one octet alone is no proof.
    if (end - off < 2 * PACKET_OCTETS || (end - off) % PACKET_OCTETS !== 0) return PROBE_NO;
    for (let at = off; at < end; at += PACKET_OCTETS) if (u8(buf, at) !== SYNC) return PROBE_NO;
    return PROBE_YES;
  },
});
