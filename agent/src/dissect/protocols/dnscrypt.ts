import { startsWithAscii, u16 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAGIC = "r6fnvWj8";

export const dnscrypt = defineSignature({
  name: "dnscrypt",
  label: "DNScrypt",
  category: "Network",
  transport: ["udp", "tcp"],
  ports: [],
  firstOctets: [0x72],
  source: "DNSCrypt protocol 2: the resolver's magic",
  probe: ({ buf, off, end }) => {
    // Over TCP two octets of length come first.
    if (startsWithAscii(buf, off, end, MAGIC)) return PROBE_YES;
    return end - off > 10 && u16(buf, off) >= 48 && startsWithAscii(buf, off + 2, end, MAGIC) ? PROBE_YES : PROBE_NO;
  },
});
