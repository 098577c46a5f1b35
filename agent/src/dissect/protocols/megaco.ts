import { defineSignature, firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = [
  "!/1 [",
  "!/2 [",
  "!/3 [",
  "MEGACO/1 [",
  "MEGACO/2 [",
  "MEGACO/3 [",
  "MEGACO/1 <",
  "!/1 <",
] as const;

export const megaco = defineSignature({
  name: "megaco",
  label: "Megaco",
  category: "VoIP",
  transport: ["udp", "tcp"],
  ports: [2944, 2945],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "RFC 3525 annex B: text encoding, long and short",
  probe: (slice) => probeBeginnings(slice, BEGINNINGS),
});
