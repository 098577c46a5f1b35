import { startsWithAscii } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const softether = defineSignature({
  name: "softether",
  label: "Softether",
  category: "VPN",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x49],
  source: "SoftEther VPN, NAT traversal: answer with the address",
  probe: ({ buf, off, end }) =>
    startsWithAscii(buf, off, end, "IP=") && end - off < 40 && containsAscii(buf, off, end, ",PORT=")
      ? PROBE_YES
      : PROBE_NO,
});
