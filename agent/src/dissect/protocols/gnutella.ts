import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["GNUTELLA CONNECT/", "GNUTELLA/0.6 "] as const;

export const gnutella = defineSignature({
  name: "gnutella",
  label: "Gnutella",
  category: "Download",
  transport: ["tcp"],
  ports: [6346],
  firstOctets: firstOctetsOf("GNUTELLA"),
  source: "The Gnutella Protocol Specification 0.6 §2.1",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
