import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const natPmp = defineSignature({
  name: "nat-pmp",
  label: "NAT-PMP",
  category: "Network",
  transport: ["udp"],
  ports: [5350, 5351],
  firstOctets: [],
  source: "RFC 6886 §3; RFC 6887 §7 (PCP, version 2)",
  probe: ({ buf, off, end, toServer }) => {
    const length = end - off;
    if (length < 2) return PROBE_NO;
    const version = u8(buf, off);
    const opcode = u8(buf, off + 1);
    if (version === 2) return length >= 24 && (length & 3) === 0 && (opcode & 0x7f) <= 3 ? PROBE_YES : PROBE_NO;
    if (version !== 0) return PROBE_NO;
    if (opcode < 0x80) return (opcode === 0 && length === 2) || (opcode <= 2 && length === 12) ? PROBE_YES : PROBE_NO;
    return (opcode === 0x80 && length === 12) || (opcode <= 0x82 && length === 16) || (!toServer && length === 8)
      ? PROBE_YES
      : PROBE_NO;
  },
});
