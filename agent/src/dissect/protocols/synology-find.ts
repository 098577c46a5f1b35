import { defineSignature, probeBeginning } from "../signature.ts";

const MAGIC = "\x12\x34\x56\x78SYNO";

export const synologyFind = defineSignature({
  name: "synology-find",
  label: "Synology",
  category: "System",
  transport: ["udp"],
  ports: [9997, 9998, 9999],
  firstOctets: [0x12],
  source: "Synology Assistant discovery (public dissectors of findhostd)",
  probe: (slice) => probeBeginning(slice, MAGIC),
});
