import { defineSignature, probeBeginning } from "../signature.ts";

const BEGINNING = "\x13/multistream/1.0.0\n";

export const libp2p = defineSignature({
  name: "libp2p",
  label: "libp2p",
  category: "Download",
  transport: ["tcp"],
  ports: [4001],
  firstOctets: [0x13],
  source: "libp2p connection establishment, multistream-select 1.0",
  probe: (slice) => probeBeginning(slice, BEGINNING),
});
