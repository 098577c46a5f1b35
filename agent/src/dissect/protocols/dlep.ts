import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["DLEP\0\x01", "DLEP\0\x02"] as const;

export const dlep = defineSignature({
  name: "dlep",
  label: "DLEP",
  category: "Network",
  transport: ["udp"],
  ports: [854],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "RFC 8175 §11.1: signal header",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
